"""Keeping the dated status of children in step with their files."""

import datetime

from django.utils import timezone

from registry.child.models import ChildFile
from registry.status.measures import measured
from registry.status.models import ChildStatus
from registry.status.timeline import VALUES, Span, span_of, timeline_of


def refresh_status(file: ChildFile, *, today: datetime.date | None = None) -> bool:
    """Write what ``file`` counts as by now, and return whether that is something else than before. Call it inside the
    transaction that altered the file, its times in the registry or its categories, which holds the file.

    What is so from ``today`` on is written into the rows that are there; where an earlier day is told otherwise than
    it was known, the rows that said so stay as what was known until today, and others take their place.
    """
    today = today or timezone.localdate()
    child = measured(ChildFile.objects.all()).get(pk=file.pk)
    rows = list(ChildStatus.objects.filter(child=child).known())
    left = timeline_of(child, rows, today)
    changed, new, overtaken = [], [], False
    for row in rows:
        span = _continued(span_of(row), left, today)
        if span is None:
            _overtake(row, today)
            overtaken = True
            continue
        left.remove(span)
        if (row.until, row.leaves) != (span.until, span.leaves):
            row.until, row.leaves = span.until, span.leaves
            changed.append(row)
    for span in left:
        new.append(_row_of(child, span, known_from=today))
    ChildStatus.objects.bulk_update(changed, ["until", "leaves"])
    ChildStatus.objects.bulk_create(new)
    return bool(changed or new or overtaken)


def _continued(held: Span, spans: list[Span], today: datetime.date) -> Span | None:
    """The one of ``spans`` that says of the days before ``today`` what ``held`` says."""
    past = held.before(today)
    if past is None:
        return next((span for span in spans if span == held), None)
    return next((span for span in spans if span.before(today) == past), None)


def _overtake(row: ChildStatus, today: datetime.date) -> None:
    """It was known until today; what was written today, or is of days to come, nobody has counted."""
    if row.known_from >= today or row.since >= today:
        row.delete()
        return
    row.known_until = today
    row.save(update_fields=["known_until"])


def _row_of(child: ChildFile, span: Span, *, known_from: datetime.date) -> ChildStatus:
    row = ChildStatus(
        child=child, since=span.since, until=span.until, enters=span.enters, leaves=span.leaves, known_from=known_from
    )
    for name, value in zip(VALUES, span.values, strict=True):
        setattr(row, name, value)
    return row


def first_statuses(files: list[ChildFile], *, today: datetime.date | None = None) -> list[ChildStatus]:
    """Rows, not saved, of ``files`` that have none yet, as if all had been known in time: for what is brought in as a
    whole. Reads their ``memberships`` and ``past_periods`` as they were fetched."""
    today = today or timezone.localdate()
    return [_row_of(file, span, known_from=span.since) for file in files for span in timeline_of(file, [], today)]
