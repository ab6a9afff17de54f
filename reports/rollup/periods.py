"""A reporting period, as far as it has run: a month, a quarter or a year."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.stale_figures.keys import MONTHS, Kind, days_of, key_of

QUARTERS = (
    gettext_lazy("%(year)s年第一季度"),
    gettext_lazy("%(year)s年第二季度"),
    gettext_lazy("%(year)s年第三季度"),
    gettext_lazy("%(year)s年第四季度"),
)
# how many a trend shows, of which the marks are opened
SHOWN = {Kind.MONTH: 12, Kind.QUARTER: 8, Kind.YEAR: 3}


@dataclass(frozen=True)
class Period:
    """``first`` and ``last`` day; ``as_of``: the last day that counts, today while the period runs.

    ``overdue_before``: what was due before this day and not done is overdue. Today itself still runs. ``known``: the
    day as of whose knowledge it is counted, its last one; None while it runs: what is known now.
    """

    key: str
    kind: Kind
    first: datetime.date
    last: datetime.date
    as_of: datetime.date
    overdue_before: datetime.date
    known: datetime.date | None = None

    @classmethod
    def of(cls, key: str = "", today: datetime.date | None = None, *, known: datetime.date | None = None) -> "Period":
        """The period ``"2026-10"``, ``"2026Q4"`` or ``"2026"``, else the month of ``today``; as it is ``known`` on that
        day, where one is given. Raises ValueError for what is no period, or lies ahead."""
        today = today or timezone.localdate()
        key = key or key_of(Kind.MONTH, today)
        try:
            kind, first, last = days_of(key)
        except ValueError:
            raise ValueError(_("统计期请写成 2026-10（月）、2026Q4（季度）或 2026（年）这样。")) from None
        if first > today:
            raise ValueError(_("%(period)s 还没有到。") % {"period": key})
        if known is None and last < today:
            known = last
        return cls(key, kind, first, last, min(last, today), min(last + datetime.timedelta(days=1), today), known)

    @classmethod
    def running_now(cls, today: datetime.date | None = None) -> "list[Period]":
        """The month, the quarter and the year of ``today``."""
        today = today or timezone.localdate()
        return [cls.of(key_of(kind, today), today) for kind in Kind]

    @property
    def running(self) -> bool:
        return self.overdue_before <= self.last

    @property
    def before(self) -> datetime.date:
        """The day before the period."""
        return self.first - datetime.timedelta(days=1)

    @property
    def label(self) -> str:
        if self.kind == Kind.MONTH:
            return date_format(self.first, "YEAR_MONTH_FORMAT")
        words = QUARTERS[self.first.month // 3] if self.kind == Kind.QUARTER else _("%(year)s年")
        return words % {"year": self.first.year}

    @property
    def short_label(self) -> str:
        """For an axis, where the neighbours tell the rest."""
        if self.kind == Kind.MONTH:
            return _("%(m)s月") % {"m": self.first.month}
        if self.kind == Kind.YEAR:
            return self.label
        return _("%(year)s年%(q)s季度") % {"year": f"{self.first:%y}", "q": self.first.month // 3 + 1}

    def back(self, number: int) -> str:
        """The key of the period of the same kind ``number`` earlier."""
        month = self.first.year * 12 + self.first.month - 1 - number * MONTHS[self.kind]
        return key_of(self.kind, datetime.date(month // 12, month % 12 + 1, 1))

    def lately(self) -> list[str]:
        """Keys of this one and those before it that a trend shows, the newest first."""
        return [self.back(number) for number in range(SHOWN[self.kind])]

    def as_kind(self, kind: Kind) -> str:
        """The key of the period of ``kind`` in which this one ends, or today while it runs."""
        return key_of(kind, self.as_of)

    @property
    def months(self) -> list[str]:
        """Keys of the months within it that have begun, the first one first."""
        last = self.as_of.year * 12 + self.as_of.month
        numbers = range(self.first.year * 12 + self.first.month - 1, last)
        return [key_of(Kind.MONTH, datetime.date(number // 12, number % 12 + 1, 1)) for number in numbers]
