"""That files which may be of one child were shown, or told of, is recorded: who types name after name to learn who is
on file is seen."""

from typing import Any

from orgs.audit.readings import note_reading
from registry.twins.services import Twins

TWINS_READ = ("view_twins", "told_of_twins")  # what a page or action that shows them declares


def note_twins(request: Any, twins: Twins, *, where: str) -> None:
    """Each file that ``request`` names, and that there are some in counties out of reach. ``where``: the page."""
    for twin in twins.named:
        note_reading(request, twin.file, act="view_twins", where=where)
    if twins.elsewhere:
        counties = [county.pk for county in twins.elsewhere]
        note_reading(request, act="told_of_twins", counties=counties, where=where)
