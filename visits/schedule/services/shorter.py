"""An interval that became shorter while a visit was owed: nobody is late for days that were over when it did.

The rule (docs/decisions/0016): the visit is owed by the day it was, or by the new interval counted from the day of the
change, whichever comes first. What was promised or asked for besides is looked at after that.
"""

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Case, DateField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.db.models.lookups import LessThan

from visits.schedule.models import VisitDue


class Interval(NamedTuple):
    """Every ``days`` days, and where it became shorter on the way ``not_before`` a day."""

    days: int
    not_before: datetime.date | None = None

    def last_day(self, since: datetime.date) -> datetime.date:
        day = since + datetime.timedelta(days=self.days)
        return max(day, self.not_before) if self.not_before else day


class KeptIntervals:
    """How the dues that there are were counted. What began on a day of which there is none is held against the one
    before it: that was owed then."""

    def __init__(self, dues: Iterable[VisitDue] = ()) -> None:
        self._kept = sorted((due.since, Interval(due.days, due.not_before)) for due in dues)
        self._days = [since for since, _interval in self._kept]

    def begun_on(self, since: datetime.date) -> Interval | None:
        before = self._before(since)
        return before[1] if before and before[0] == since else None

    def new_past(self, since: datetime.date, days: int) -> Interval:
        """Of a due that was over before anybody knew of it: a visit arrived late, or was sent back."""
        before = self._before(since)
        return _tidy(since, Interval(days, before[1].not_before if before else None))

    def open_now(self, since: datetime.date, days: int, on: datetime.date) -> Interval:
        """Of the open due, with ``days`` since ``on``, where it had another interval before."""
        before = self._before(since)
        kept = before[1] if before else Interval(days)
        not_before = kept.not_before if kept.days == days else not_before_of(since, kept, days, on)
        return _tidy(since, Interval(days, not_before))

    def _before(self, since: datetime.date) -> tuple[datetime.date, Interval] | None:
        place = bisect_right(self._days, since)
        return self._kept[place - 1] if place else None


def _tidy(since: datetime.date, interval: Interval) -> Interval:
    """Without a day that the interval itself does not reach back behind."""
    plain = Interval(interval.days)
    return interval if interval.last_day(since) > plain.last_day(since) else plain


def not_before_of(since: datetime.date, was: Interval, days: int, on: datetime.date) -> datetime.date | None:
    """Where the interval ``was`` gives way to one of ``days`` on the day ``on``; None where that comes no earlier."""
    before, interval = was.last_day(since), datetime.timedelta(days=days)
    return min(before, on + interval) if since + interval < before else None


# --- the same of many open dues at once


def day_after(days: int) -> Cast:
    return Cast(F("since") + datetime.timedelta(days=days), DateField())


def not_before_by(was: int, days: int, on: datetime.date) -> Case:
    """``not_before_of``, where the interval was ``was`` days."""
    before = Greatest(day_after(was), Coalesce("not_before", day_after(was)), output_field=DateField())
    change = Value(on + datetime.timedelta(days=days), output_field=DateField())
    return Case(
        When(LessThan(day_after(days), before), then=Least(before, change, output_field=DateField())),
        default=None,
        output_field=DateField(),
    )


def last_day_by(was: int, days: int, on: datetime.date) -> Coalesce:
    """By the new interval alone, promises and extra visits apart."""
    return Coalesce(not_before_by(was, days, on), day_after(days), output_field=DateField())
