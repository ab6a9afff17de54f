"""What in a visit a station opens one by one: computed from its answers, never typed.

Which answers raise a flag by themselves the questions say; here is what depends on the child's age or on two days.

Law: 未成年人保护法 art. 21 (under 8 unattended, under 16 living alone), art. 23 (weekly contact by the parents).
"""

import datetime

from registry.child.models import ChildFile
from visits.visit import codes
from visits.visit.codes import FlagReason as Reason
from visits.visit.models import Visit
from visits.visit.questions import LATE_AFTER_DAYS, VISIT_QUESTIONS

REASONS = tuple(Reason.values)
CONTACT_DAYS = 7


def flags_of(
    visit: Visit, child: ChildFile, *, recorded_on: datetime.date, noticed: bool = False, clock_off: bool = False
) -> list[str]:
    """Codes of every reason that holds, in the order of the list. ``noticed``: a change of the file came of it;
    ``clock_off``: written on a phone whose date was wrong, which stays true of the visit whatever is sent again."""
    age = child.age(visit.visited_on)
    unattended = visit.carer == codes.Carer.NOBODY
    silent = visit.parent_contact_on and (visit.visited_on - visit.parent_contact_on).days > CONTACT_DAYS
    holds: dict[str, bool] = {
        Reason.FAMILY_CHANGED: noticed,
        Reason.UNDER_8_UNATTENDED: unattended and age < 8,
        Reason.UNDER_16_ALONE: bool(visit.lives_alone) and age < 16,
        Reason.NO_WEEKLY_CONTACT: bool(silent),
        Reason.CLOCK_OFF: clock_off or Reason.CLOCK_OFF in visit.flags,
        Reason.LATE: (recorded_on - visit.visited_on).days > LATE_AFTER_DAYS,
    }
    raised = VISIT_QUESTIONS.flags(visit, on=recorded_on)
    return [reason for reason in REASONS if reason in raised or holds.get(reason)]
