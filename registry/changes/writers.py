"""Who wrote what a file says: not its draft alone, but the changes that went into it and the files merged into it."""

from typing import Any

from childwelfare.workflow.writers import WRITES, writers_of
from registry.changes.models import Change, ChangeEvent, Verdict
from registry.child.models import ChildFile, ChildFileEvent


def writers_of_content(file: ChildFile) -> set[Any]:
    """Keys of the persons who wrote any part of ``file``, of a change of it that was approved, be it in part, or of a
    file that was merged into it. Three queries, however long its history: for one file, not for the rows of a list."""
    merged = file.with_merged()[1:]
    changes = Change.objects.filter(child__in=[file, *merged], fields__verdict=Verdict.APPROVED).order_by()
    of_changes = ChangeEvent.objects.filter(record__in=changes.values("pk"), action__in=WRITES).order_by()
    of_merged = ChildFileEvent.objects.filter(record__in=merged, action__in=WRITES).order_by()
    makers = changes.values_list("made_by", flat=True)
    wrote = makers.union(of_changes.values_list("person", flat=True), of_merged.values_list("person", flat=True))
    return writers_of(file) | {each.made_by_id for each in merged} | set(wrote)
