"""The status of one child, day by day, as its file says it now. Pure but for reading the file."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from orgs.access.scope import TIERS
from registry.child.models import ChildFile
from registry.periods.models import RegistrationPeriod, periods_of
from registry.status.models import CATEGORY_BITS, COLUMNS, DIFFICULTY_BITS, MEASURED, ChildStatus

PLACE = tuple(f"{tier}_id" for tier in TIERS)
DATED_BY_WRITING = (*COLUMNS, *MEASURED)
VALUES = (*PLACE, *DATED_BY_WRITING, "categories")


@dataclass(frozen=True)
class Span:
    """The child counted as ``values`` from ``since`` until ``until``; ``enters`` and ``leaves`` as of ChildStatus."""

    since: datetime.date
    until: datetime.date | None
    enters: bool
    leaves: bool
    values: tuple[Any, ...]

    def before(self, day: datetime.date) -> "Span | None":
        """What of it lies before ``day``, told apart from what comes then; None where nothing does."""
        if self.since >= day:
            return None
        if self.until is None or self.until >= day:
            return Span(self.since, None, self.enters, False, self.values)
        return self


def span_of(row: ChildStatus) -> Span:
    return Span(row.since, row.until, row.enters, row.leaves, tuple(getattr(row, name) for name in VALUES))


def timeline_of(file: ChildFile, known: Sequence[ChildStatus], today: datetime.date) -> list[Span]:
    """All spans of ``file``, as ``measures.measured`` fetched it, oldest first; none before it was approved.

    Where it counted and which categories it held, its periods and memberships say, each with its days. The other
    columns have no days of their own: until yesterday they were what the rows ``known`` so far say, from ``today`` on
    they are what the file says. What is put right counts from the day on which it was put right.
    """
    memberships = list(file.memberships.all())
    spans: list[Span] = []
    for period in periods_of(file):
        spans += _of_period(period, _columns_by_day(file, known, today), memberships)
    return spans


def _of_period(period: RegistrationPeriod, columns: list[tuple[datetime.date, tuple]], memberships: list) -> list[Span]:
    place = tuple(getattr(period.place, name) for name in PLACE)
    turns = {period.since, *(day for day, _values in columns)}
    for membership in memberships:
        turns |= {membership.since, membership.until}
    days = sorted(day for day in turns - {None} if _is_within(day, period))
    spans: list[Span] = []
    for day in days:
        values = (*place, *_columns_on(day, columns), _categories_on(day, memberships))
        if not spans or spans[-1].values != values:
            spans.append(Span(day, None, not spans, False, values))
    ends = [*(span.since for span in spans[1:]), period.until]
    return [
        Span(span.since, end, span.enters, end is not None and end == period.until and span is spans[-1], span.values)
        for span, end in zip(spans, ends, strict=True)
    ]


def _is_within(day: datetime.date, period: RegistrationPeriod) -> bool:
    """A period may end on the day on which it began: it counts nowhere, but the child came and left."""
    return day == period.since or (day > period.since and (period.until is None or day < period.until))


def _columns_by_day(
    file: ChildFile, known: Iterable[ChildStatus], today: datetime.date
) -> list[tuple[datetime.date, tuple]]:
    """(day, columns) from that day on, oldest first."""
    past = [(row.since, tuple(getattr(row, name) for name in DATED_BY_WRITING)) for row in known if row.since < today]
    # a file that comes in as a whole, not fetched by ``measured``, has nothing to be measured by yet
    measures = tuple(getattr(file, name, None) for name in MEASURED)
    now = (*(getattr(file, name) for name in COLUMNS), *measures)
    return [*sorted(past, key=lambda pair: pair[0]), (today, now)] if past else [(datetime.date.min, now)]


def _columns_on(day: datetime.date, columns: list[tuple[datetime.date, tuple]]) -> tuple:
    """What held on ``day``; before the first known day, what was known first."""
    return next((values for since, values in reversed(columns) if since <= day), columns[0][1])


def _categories_on(day: datetime.date, memberships: Iterable[Any]) -> int:
    held = 0
    for membership in memberships:
        if membership.since <= day and (membership.until is None or membership.until > day):
            held |= CATEGORY_BITS[membership.category] | DIFFICULTY_BITS.get(membership.difficulty, 0)
    return held
