"""Working days: Monday to Friday without the public holidays. Saturdays that make up for a holiday are not kept."""

import datetime

from orgs.holidays.following import CalendarChange
from orgs.holidays.services import days_off

LONGEST = datetime.timedelta(days=60)  # that so few working days may stretch over, holidays in it


class WorkingDays:
    """Counts from ``since`` on, with the holidays read once. ``change``: as it would be after it."""

    def __init__(self, since: datetime.date, until: datetime.date, change: CalendarChange | None = None) -> None:
        self._off: set[datetime.date] = set()
        for off in days_off(since, until + LONGEST):
            if change is None or off.pk is None or off.pk != change.removed:
                self._add(off.since, off.until)
        if change and change.removed is None:
            self._add(change.since, change.until)

    def _add(self, first: datetime.date, last: datetime.date) -> None:
        self._off.update(first + datetime.timedelta(days=each) for each in range((last - first).days + 1))

    def is_working(self, day: datetime.date) -> bool:
        return day.weekday() < 5 and day not in self._off

    def first_from(self, day: datetime.date) -> datetime.date:
        """``day``, or the next working day."""
        while not self.is_working(day):
            day += datetime.timedelta(days=1)
        return day

    def last_until(self, day: datetime.date, *, not_before: datetime.date) -> datetime.date:
        """``day``, or the last working day before it; ``day`` itself where there is none from ``not_before`` on."""
        found = day
        while found > not_before and not self.is_working(found):
            found -= datetime.timedelta(days=1)
        return found if self.is_working(found) else day

    def after(self, day: datetime.date, number: int) -> datetime.date:
        """The last of ``number`` working days that follow ``day``."""
        while number:
            day += datetime.timedelta(days=1)
            number -= self.is_working(day)
        return day

    def between(self, day: datetime.date, other: datetime.date) -> int:
        """How many working days follow ``day`` up to ``other``; negative where ``other`` lies before it."""
        if other < day:
            return -self.between(other, day)
        days = (other - day).days
        return sum(self.is_working(day + datetime.timedelta(days=each)) for each in range(1, days + 1))
