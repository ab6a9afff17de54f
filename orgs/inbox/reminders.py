"""Reminders of last days: a room declares what is due, when and to whom; one daily job sends them.

Three days before the last day, on it, and where it passes without the work done: the day after to the unit and the one
above it, three days after to who leads the county. A step that falls on a day off comes on the last working day before
the last day, on the first one after it that no other step has.
"""

import dataclasses
import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils import timezone

from childwelfare.hooks import KeyedRegistry
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.services import Holders, notify
from orgs.units.models import OrgUnit

log = logging.getLogger(__name__)
DAY = datetime.timedelta(days=1)
# so long before and after the last day something may be sent: three days, and the longest holiday between them
EARLIEST, LATEST = 20 * DAY, 20 * DAY


@dataclass(frozen=True)
class Step:
    """``days`` from the last day; whom it reaches besides or instead of the unit."""

    days: int
    unit: bool = True
    above: bool = False
    head: bool = False


STEPS = (Step(-3), Step(0), Step(1, above=True), Step(3, unit=False, head=True))


@dataclass(frozen=True)
class Told:
    """Whoever answers at ``unit`` (its key) is told of ``about``, so that one message stands for all that is late."""

    about: Model
    unit: int


@dataclass(frozen=True, kw_only=True)
class Due:
    """``about`` is to be done by ``unit`` on ``due_on`` at the latest. ``above``, ``head``: who is told besides when it
    is late, and of what; without them of ``about``, at the unit's ``parent`` and its county."""

    about: Model
    due_on: datetime.date
    unit: OrgUnit
    above: Told | None = None
    head: Told | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class DeadlineKind:
    """``key``: the kind of message (INBOX_KINDS) that reminds. ``open(first, last)``: what nobody did yet and whose
    last day lies between, both included. ``to``, ``above``, ``head``: the permission by which somebody is reminded at
    the unit, at the one above, and at the county, there who leads it. ``together``: the kind of what ``Due.above`` and
    ``Due.head`` are told."""

    key: str
    open: Callable[[datetime.date, datetime.date], Iterable[Due]]
    to: str
    above: str
    head: str
    together: str = ""


DEADLINES: KeyedRegistry[DeadlineKind] = KeyedRegistry("kinds of last days", key="key")


def remind_all(on: datetime.date | None = None) -> None:
    """Send what is to be said today, every kind by itself: one that fails keeps none of the others back."""
    today = on or timezone.localdate()
    days = WorkingDays(today - LATEST - DAY, today + EARLIEST)
    if not days.is_working(today):
        return
    said: set[tuple] = set()
    for kind in DEADLINES.values():
        try:
            # what fell due last first: those above are told of it, and once a day of all
            late = sorted(kind.open(today - LATEST, today + EARLIEST), key=lambda due: due.due_on, reverse=True)
            for due in late:
                remind(kind, due, on=today, days=days, said=said)
        except DatabaseError:
            log.exception("reminders of %s were not sent", kind.key)


def remind(
    kind: DeadlineKind, due: Due, *, on: datetime.date, days: WorkingDays, said: set[tuple] | None = None
) -> None:
    """The last step that has come for ``due``, each once: a run that was missed is made up by the next one, and what
    was overtaken meanwhile is not said any more. A last day that is moved begins anew. ``said``: what those above were
    told of in this run, by unit; one message stands for all that is late."""
    come = [step for step, day in steps_of(due.due_on, days) if on >= day]
    if not come:
        return
    step = come[-1]
    key, said = f"{due.due_on}:{step.days}", set() if said is None else said
    with transaction.atomic():
        if step.unit:
            notify(kind.key, due.about, to=Holders(due.unit.pk, kind.to), key=key)
        if step.above:
            _tell_of_late(kind, due, due.above, Holders(due.unit.parent_id, kind.above), key, said)
        if step.head:
            _tell_of_late(kind, due, due.head, Holders(due.unit.county_id, kind.head, lead=True), key, said)


def _tell_of_late(kind: DeadlineKind, due: Due, told: Told | None, to: Holders, key: str, said: set[tuple]) -> None:
    if told:
        matter = kind.together, told.about.pk, told.unit
        if matter not in said:
            said.add(matter)
            notify(kind.together, told.about, to=dataclasses.replace(to, unit=told.unit), key=key)
    elif to.unit:
        notify(kind.key, due.about, to=to, key=key)


def steps_of(due_on: datetime.date, days: WorkingDays) -> list[tuple[Step, datetime.date]]:
    """Each step with the working day on which it is taken. Those after the last day have a day each, for they reach
    others: after a Friday the second of them does not come on the Monday of the first."""
    found: list[tuple[Step, datetime.date]] = []
    for step in STEPS:
        day = day_of(step, due_on, days)
        if step.days > 0 and found and day <= found[-1][1]:
            day = day_of(Step(1), found[-1][1], days)
        found.append((step, day))
    return found


def day_of(step: Step, due_on: datetime.date, days: WorkingDays) -> datetime.date:
    """The working day on which ``step`` is taken."""
    day = due_on + step.days * DAY
    onward = DAY if step.days > 0 else -DAY
    while not days.is_working(day):
        day += onward
    return day
