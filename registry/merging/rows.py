"""Which rows of a file go to the survivor when two files are merged, and which stay. Rooms above add their own.

A test walks all models: a new one that points to a child's file must be named here or in its own room.
"""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Merged:
    """Rows of ``model`` that belong to a file by ``child``.

    ``how``: "moved" to the survivor; "united" by ``services.merge``, which knows what they mean; "anew": derived
    rows, laid out anew by their own room after children_merged and children_unmerged. ``follows``: a placed row is
    where its file is; one that has a place of its own keeps it.
    """

    model: type[models.Model]
    how: str = "moved"
    follows: bool = True


MERGED: list[Merged] = []
# what stays with the file it belongs to, and why
STAYS: dict[str, str] = {
    "registry.ChildFileEvent": "what happened to a file stays its own; the survivor's page shows both",
    "registry.Change": "decided on its own file; a merge waits until none is open",
    "registry.Finding": "what the rules found about that file, and what was decided; the survivor is looked at anew",
    "registry.FileIssue": "what the quality rules find in that file: looked at anew after a merge and its undoing",
    "registry.Disclosure": "what was handed out of that file, and to whom",
    "registry.PastSpell": "when and where the file counted",
    "registry.Transfer": "how the file came here; a merge waits until none is open",
    "registry.Merge": "the merge itself",
    "registry.ChildFile": "the file that was merged says into which one",
}


def register(*rows: Merged) -> None:
    """Called by each room when it is ready."""
    known = {each.model for each in MERGED}
    MERGED.extend(each for each in rows if each.model not in known)
