"""Whether assessments, needs and plans count as what they say, the plain way: every child that has any."""

import uuid

from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.help_status.models import HelpStatus
from registry.help_status.values import standing_of, standings_of
from registry.needs.models import Need
from registry.plans.models import Plan


def first_help_differing() -> ChildFile | None:
    """The first file whose standing rows are not what its records say today; None where all are. Reads every child
    that has an assessment, a need or a plan."""
    for pk in _children():
        file = ChildFile.objects.get(pk=pk)
        rows = HelpStatus.objects.filter(child=file, until=None)
        here = file.place_values()
        misplaced = any(row.place_values() != here for row in rows)
        if misplaced or set(map(standing_of, rows)) != set(standings_of(file)):
            return file
    return None


def _children() -> list[uuid.UUID]:
    found: set[uuid.UUID] = set()
    for model in (Assessment, Need, Plan, HelpStatus):
        found |= set(model._default_manager.values_list("child", flat=True).distinct())
    return sorted(found)
