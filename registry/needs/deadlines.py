"""Last days of needs, in working days (``orgs.holidays``).

No document sets any: the numbers are an example of this installation (E), declared here alone.
"""

import datetime

from orgs.holidays.working_days import WorkingDays
from registry.needs.codes import Urgency

# within so many working days a holder is to have settled a need, or to have passed it on
DUE_WITHIN: dict[str, int] = {Urgency.URGENT: 3, Urgency.SOON: 10, Urgency.NORMAL: 20}
ESCALATED_AFTER = 3  # working days past its last day a need goes to the tier above by itself
# the holder itself puts a last day off once, to so many working days from today at most; the tier above as it sees fit
PUT_OFF_BY_ITSELF = 20
FURTHEST = datetime.timedelta(days=365)


def due_from(day: datetime.date, urgency: str) -> datetime.date:
    """The last day of what is taken on at ``day``. One query."""
    return WorkingDays(day, day).after(day, DUE_WITHIN[urgency])


def furthest_by_itself(day: datetime.date) -> datetime.date:
    """The last day to which a holder may put a need off by itself. One query."""
    return WorkingDays(day, day).after(day, PUT_OFF_BY_ITSELF)


def escalates_on(due_on: datetime.date, days: WorkingDays) -> datetime.date:
    """The working day whose morning passes on what was due on ``due_on``."""
    return days.after(due_on, ESCALATED_AFTER)


def overdue_long_enough(today: datetime.date, days: WorkingDays) -> datetime.date:
    """What was due on this day or before is passed on ``today``, a working day: ESCALATED_AFTER of them lie between."""
    day = today
    for _each in range(ESCALATED_AFTER - 1):
        day = days.last_until(day - datetime.timedelta(days=1), not_before=today - datetime.timedelta(days=60))
    return day - datetime.timedelta(days=1)
