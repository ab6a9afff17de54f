"""A reporting month, as far as it has run."""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Month:
    """``first`` and ``last`` day; ``as_of``: the last day that counts, today while the month runs.

    ``overdue_before``: what was due before this day and not done is overdue. Today itself still runs. ``known``: the
    day as of whose knowledge it is counted, its last one; None while it runs: what is known now.
    """

    key: str
    first: datetime.date
    last: datetime.date
    as_of: datetime.date
    overdue_before: datetime.date
    known: datetime.date | None = None

    @classmethod
    def of(cls, key: str = "", today: datetime.date | None = None, *, known: datetime.date | None = None) -> "Month":
        """The month ``"2026-10"``, else the one of ``today``; as it is ``known`` on that day, where one is given.
        Raises ValueError for what is no month, or lies ahead."""
        today = today or timezone.localdate()
        key = key or f"{today:%Y-%m}"
        if not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", key):
            raise ValueError(_("月份请写成 2026-10 这样。"))
        year, month = map(int, key.split("-"))
        first = datetime.date(year, month, 1)
        if first > today:
            raise ValueError(_("%(month)s 还没有到。") % {"month": key})
        last = first.replace(day=calendar.monthrange(year, month)[1])
        if known is None and last < today:
            known = last
        return cls(key, first, last, min(last, today), min(last + datetime.timedelta(days=1), today), known)

    @property
    def running(self) -> bool:
        return self.overdue_before <= self.last

    @property
    def before(self) -> datetime.date:
        """The day before the month."""
        return self.first - datetime.timedelta(days=1)

    @property
    def label(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    def back(self, months: int) -> str:
        """The key of the month ``months`` earlier."""
        number = self.first.year * 12 + self.first.month - 1 - months
        return f"{number // 12}-{number % 12 + 1:02}"
