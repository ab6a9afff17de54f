"""Last days of needs follow the calendar of days off: where a holiday is written down or taken back, what was counted
in working days is counted again. A last day that somebody wrote stays where it is."""

import datetime
import uuid
from collections import defaultdict
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.holidays.counted import calendars_of, counted_again
from orgs.holidays.following import CalendarChange, Moved
from orgs.holidays.working_days import LONGEST
from orgs.inbox.services import notify_about
from orgs.posts.models import Appointment
from registry.child.services.locking import lock_file_of
from registry.needs.deadlines import DUE_WITHIN
from registry.needs.models import Need, NeedEvent, NeedState
from registry.needs.workflow import NEED, NewDue

# after which of them the last day is counted by urgency, unless its writer said another one
COUNTED_FROM = ("record", "bring_in", "pull_up", "pass_up", "escalate", "release", "reopen")


class Moving(NamedTuple):
    need: Need
    day: datetime.date


def foresee(change: CalendarChange, post: Appointment) -> list[Moved]:
    """What ``follow`` would move, by the days from and to."""
    units: dict[tuple[datetime.date, datetime.date], set[int]] = defaultdict(set)
    for need, day in _moving(change):
        units[need.due_on, day].add(need.holder_id)
    what = _("在办需求的期限")
    return [Moved(what, before, after, len(held)) for (before, after), held in sorted(units.items())]


def follow(change: CalendarChange, by: Appointment, key: str) -> None:
    """Move them, each with an event of its own; each unit that holds some is told once."""
    told: dict[int, Need] = {}
    for found, day in _moving(change):
        if need := _move(found.pk, found.due_on, day, by):
            told.setdefault(need.holder_id, need)
    notify_about("need_moved", list(told.items()), permission="handle_need", key=key, by=by)


def _moving(change: CalendarChange) -> list[Moving]:
    """What is open and comes to another day, in the order of the files. Three queries."""
    today = timezone.localdate()
    needs = list(Need.objects.open().filter(due_on__gte=max(today, change.since)).order_by("child_id", "pk"))
    events: dict[uuid.UUID, list[NeedEvent]] = defaultdict(list)
    for event in NeedEvent.objects.filter(record__in=needs).order_by("at", "id"):
        events[event.record_id].append(event)
    calendars = calendars_of(change, today - LONGEST)
    found = []
    for need in needs:
        since = _counted_from(events[need.pk])
        if since is None or since < today - LONGEST:
            continue
        day = counted_again(calendars, since, DUE_WITHIN[need.urgency], need.due_on)
        if day != need.due_on:
            found.append(Moving(need, day))
    return found


def _counted_from(events: list[NeedEvent]) -> datetime.date | None:
    """The day from which its last day was counted. Where a post ended and the unit stayed, so did the last day."""
    since, holder = None, None
    for event in events:
        is_counted = event.action in COUNTED_FROM and not (event.action == "release" and event.holder_id == holder)
        since, holder = timezone.localdate(event.at) if is_counted else since, event.holder_id
    return since


def _move(key: uuid.UUID, due_on: datetime.date, day: datetime.date, by: Appointment) -> Need | None:
    """Who settled it or moved its day meanwhile was first: then nothing is done."""
    with transaction.atomic():
        lock_file_of(Need.objects.get(pk=key))
        need = Need.objects.select_related(*Need.PLACES).get(pk=key)
        if need.state != NeedState.OPEN or need.due_on != due_on:
            return None
        NEED.follow("follow_calendar", need, by=by, payload=NewDue(day))
    return need
