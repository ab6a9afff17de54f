"""The days that a line of time shows, and where on it a day stands."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from registry.child.models import ChildFile

HALF_YEAR, YEAR, ALL = "half", "year", "all"
SPANS: dict[str, Words] = {HALF_YEAR: _("半年"), YEAR: _("一年"), ALL: _("全部")}
AHEAD = datetime.timedelta(days=45)  # of what is to come
MONTHS_BACK = {HALF_YEAR: 4, YEAR: 10}
MOST_MONTHS = 13  # marked by their names; of a longer span the years are


@dataclass(frozen=True)
class Span:
    """From ``since`` to ``until``, both shown."""

    since: datetime.date
    until: datetime.date

    def share(self, day: datetime.date) -> float:
        """Where ``day`` stands: 0 at the beginning of ``since``, 1 at the end of ``until``; outside it, the edge."""
        whole = (self.until - self.since).days + 1
        return min(max((day - self.since).days / whole, 0.0), 1.0)

    def has(self, day: datetime.date) -> bool:
        return self.since <= day <= self.until

    def marks(self) -> list[datetime.date]:
        """First days of its months, or of its years where they would be too many."""
        months = []
        day = self.since.replace(day=1)
        while day <= self.until:
            if day >= self.since:
                months.append(day)
            day = (day + datetime.timedelta(days=32)).replace(day=1)
        return months if len(months) <= MOST_MONTHS else [month for month in months if month.month == 1]


def span_of(asked: str, file: ChildFile, today: datetime.date) -> tuple[str, Span]:
    """(its key, the days): half a year, a year, or all since the file was begun; half a year for anything else."""
    key = asked if asked in SPANS else HALF_YEAR
    if key == ALL:
        return key, Span((file.begun_on or today).replace(day=1), today + AHEAD)
    first = today.replace(day=1)
    for _month in range(MONTHS_BACK[key]):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return key, Span(first, today + AHEAD)
