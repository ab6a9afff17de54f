"""Until when each tier reports: so many days after the period's end, moved on to a working day.

No document sets these days: the province's statistics are due by the 15th (民政统计), and each tier needs the one
below. The city may write down others.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import TIERS
from orgs.holidays.following import CalendarChange
from orgs.holidays.working_days import WorkingDays

# {tier: day after the period's end by which it reports}; ``locks``: the day after which nothing is changed any more
DEFAULT_DAYS = {"village": 2, "township": 3, "county": 5, "city": 8, "locks": 12}
TIER_LABELS = {
    "village": _("村（居）"),
    "township": _("乡镇（街道）"),
    "county": _("县（市、区）"),
    "city": _("市"),
    "locks": _("锁定"),
}
LATEST_DAY = 28  # before the next month ends
LATEST_MOVED = datetime.timedelta(days=90)  # to which the days of one period may be moved on: a year mistyped is none
ONE_DAY = datetime.timedelta(days=1)
ENDS_AT = datetime.time(18)  # the end of the working day
RETURNED_DAYS = 2  # working days within which what was returned is sent again


@dataclass(frozen=True)
class Deadlines:
    """The last day of each tier, and of changes to the period (``locks``)."""

    village: datetime.date
    township: datetime.date
    county: datetime.date
    city: datetime.date
    locks: datetime.date

    def of_level(self, level: int) -> datetime.date:
        day: datetime.date = getattr(self, TIERS[level - 1])
        return day

    def in_order(self) -> list[str]:
        """As the audit trail keeps them: the village's first, ``locks`` last."""
        return [getattr(self, name).isoformat() for name in DEFAULT_DAYS]


def due_again(due_on: datetime.date) -> datetime.date:
    """Until when what is returned today is sent again: in RETURNED_DAYS working days, and not before ``due_on``."""
    today = timezone.localdate()
    return max(due_on, WorkingDays(today, today).after(today, RETURNED_DAYS))


def are_apart(days: Mapping[str, int], lower: str, upper: str) -> bool:
    """Whether the tier ``upper`` has more days by the rule ``days`` than ``lower``, so that it keeps a working day
    after it."""
    return days[upper] > days[lower]


def after_below(
    below: datetime.date, *, apart: bool, calendar: WorkingDays, not_before: datetime.date | None = None
) -> datetime.date:
    """The earliest last day of a tier that waits for one whose last day is ``below``: the next working day where they
    are kept ``apart``, none before ``not_before``; else the same day."""
    return calendar.first_from(max(below + ONE_DAY, not_before or below)) if apart else below


def deadlines_after(
    last: datetime.date, days: Mapping[str, int] = DEFAULT_DAYS, change: CalendarChange | None = None
) -> Deadlines:
    """Those of a period that ends with ``last``, as they would be after ``change``. A day off moves to the next working
    day; a tier that has more days than the one below has a working day more after a holiday too."""
    calendar = WorkingDays(last, last + datetime.timedelta(days=LATEST_DAY), change)
    found: dict[str, datetime.date] = {}
    below = ""
    for name in DEFAULT_DAYS:
        apart = not below or are_apart(days, below, name)
        earliest = after_below(found.get(below, last), apart=apart, calendar=calendar)
        found[name] = max(calendar.first_from(last + datetime.timedelta(days=days[name])), earliest)
        below = name
    return Deadlines(**found)
