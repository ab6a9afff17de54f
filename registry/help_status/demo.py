"""What the made-up assessments and needs counted as, as if each had been written down on its day: their events say so.
Plans are made by their services, which write it themselves."""

import copy
import datetime
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.help_status.models import HelpStatus, Kind
from registry.help_status.services import row_of
from registry.help_status.values import IN_FORCE, Standing
from registry.needs.models import Need, NeedState
from registry.status.measures import measured
from registry.status.models import MEASURED, ChildStatus

WAITING = ("submitted", "returned")
Days = dict[datetime.date, Standing | None]  # from that day on; None: it counts no more


def make_help_statuses(demo: Demo) -> None:
    # what services wrote of single ones so far; that a plan is to be written stays
    HelpStatus.objects.filter(kind__in=(Kind.ASSESSMENT, Kind.NEED)).delete()
    assessments = Assessment.objects.first_ones().select_related("child").prefetch_related("events")
    needs = Need.objects.select_related("child").prefetch_related("events__holder")
    rows = [row for each in assessments for row in _rows(each.child, _days_of_assessment(each))]
    rows += [row for each in needs for row in _rows(each.child, _days_of_need(each))]
    insert(HelpStatus, rows)
    first = {row.child_id: row.since for row in sorted(rows, key=lambda row: row.since, reverse=True)}
    _measure(first)


def _days_of_assessment(assessment: Assessment) -> Days:
    found: Days = {}
    for event in _in_order(assessment):
        day = timezone.localdate(event.at)
        if event.now in WAITING or event.now in IN_FORCE:
            counts = event.now in IN_FORCE
            level = assessment.level if counts else ""
            sent_on = timezone.localdate(assessment.sent_at)
            found[day] = Standing(Kind.ASSESSMENT, assessment.pk, sent_on, day if counts else None, level=level)
        else:
            found[day] = None
    return found


def _days_of_need(need: Need) -> Days:
    found: Days = {}
    raised_on = None
    for event in _in_order(need):
        day = timezone.localdate(event.at)
        raised_on = day if event.action == "escalate" else raised_on
        is_open = event.now == NeedState.OPEN
        found[day] = None if event.now == NeedState.VOID else Standing(
            Kind.NEED, need.pk, timezone.localdate(need.made_at), None if is_open else day, event.due_on, raised_on,
            need.system, event.holder.level, "", event.outcome, event.satisfaction,
        )  # fmt: skip
    return found


def _in_order(record: Any) -> list[Any]:
    return sorted(record.events.all(), key=lambda event: event.at)


def _rows(file: ChildFile, days: Days) -> Iterator[HelpStatus]:
    turns = sorted(days)
    for day, until in zip(turns, [*turns[1:], None], strict=True):
        standing = days[day]
        if standing is not None:
            row = row_of(file, standing, since=day)
            row.until = until
            yield row


def _measure(first: dict[uuid.UUID, datetime.date]) -> None:
    """{child: since when it counts by what it is measured by today}: as if that had been so from then on."""
    measures = {file.pk: file for file in measured(ChildFile.objects.filter(pk__in=list(first)))}
    changed: list[ChildStatus] = []
    new: list[ChildStatus] = []
    for row in ChildStatus.objects.filter(child__in=list(first), known_until=None, until=None):
        values = {name: getattr(measures[row.child_id], name) for name in MEASURED}
        if all(getattr(row, name) == value for name, value in values.items()):
            continue  # such as one who waits to be confirmed for the first time
        day = max(first[row.child_id], row.known_from)
        later = row if row.since >= day else _split(row, day)
        for name, value in values.items():
            setattr(later, name, value)
        (changed if later is row else new).append(later)
        if later is not row:
            changed.append(row)
    _save(changed, new)


def _split(row: ChildStatus, day: datetime.date) -> ChildStatus:
    """The part of ``row`` from ``day`` on, not saved; it keeps what lies before."""
    later = copy.copy(row)
    later.pk, later.since, later.known_from, later.enters = uuid.uuid4(), day, day, False
    row.until = day
    return later


def _save(changed: Iterable[models.Model], new: list[ChildStatus]) -> None:
    ChildStatus.objects.bulk_update(list(changed), ["until", *MEASURED], batch_size=500)
    ChildStatus.objects.bulk_create(new, batch_size=500)


MAKERS.add(make_help_statuses, order=96)
