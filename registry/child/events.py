"""The events of a file as timelines tell them, with those of files that were merged into it."""

from childwelfare.pages.components import TimelineEntry
from registry.child.models import ChildFile, ChildFileEvent
from registry.child.panels import FILE_EVENTS, FileEvent


def told_events(file: ChildFile) -> list[ChildFileEvent]:
    """Newest first; of a merged file without what its own page alone tells."""
    files = [file.pk, *file.merged_files.values_list("pk", flat=True)]
    found = ChildFileEvent.objects.filter(record__in=files).select_related("person", "post__unit").order_by("-at")
    return [event for event in found if event.record_id == file.pk or not _declaration_of(event).own_page_only]


def events_of(file: ChildFile) -> list[TimelineEntry]:
    return [entry_of(event) for event in told_events(file)]


def entry_of(event: ChildFileEvent) -> TimelineEntry:
    declared = _declaration_of(event)
    note = event.person.name + (f"：{event.reason_in_words}" if event.reason_in_words else "")
    return TimelineEntry(at=event.at, title=declared.label, note=note, tone=declared.tone)


def _declaration_of(event: ChildFileEvent) -> FileEvent:
    """Its name stands for itself where no concept declares it: events stay when a concept goes."""
    return FILE_EVENTS.get(event.action) or FileEvent(event.action, event.action)
