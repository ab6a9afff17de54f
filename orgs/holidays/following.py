"""What follows where the days off change: open last days that are kept by the apps above move with them."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from orgs.posts.models import Appointment


@dataclass(frozen=True)
class CalendarChange:
    """Days off from ``since`` to ``until`` that are written down; taken back where ``removed`` is the holiday's key.
    ``name``, ``document``: of the holiday, which whoever asks why a day moved reads in the trail."""

    name: str
    document: str
    since: datetime.date
    until: datetime.date
    removed: int | None = None


@dataclass(frozen=True)
class Moved:
    """A last day that is open: ``what`` is due, of how many ``units``, and where it goes."""

    what: Words
    before: datetime.date
    after: datetime.date
    units: int


@dataclass(frozen=True, eq=False)
class Follower:
    """``foreseen(change, post)``: what would move, as it is told to ``post``; writes nothing. ``follow(change, by,
    key)``: moves it in the transaction that writes the calendar, records each move and tells each unit concerned once
    of the occasion ``key``."""

    foreseen: Callable[[CalendarChange, Appointment], list[Moved]]
    follow: Callable[[CalendarChange, Appointment, str], None]


FOLLOWERS: Registry[Follower] = Registry("what follows the calendar of days off")


FirstFrom = Callable[[datetime.date], datetime.date]


def first_working(
    nominal: datetime.date, told: datetime.date, first_from: FirstFrom, *, today: datetime.date
) -> datetime.date:
    """Where a last day goes that was to be ``nominal`` and that its units know as ``told``: to the first working day.
    One that is over stays; none is taken back so far that it would be over."""
    if told < today:
        return told
    day = first_from(nominal)
    return day if day >= told else min(told, max(day, first_from(today)))
