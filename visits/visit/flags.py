"""What in a visit a station opens one by one: computed from its answers, never typed.

Law: 未成年人保护法 art. 21 (under 8 unattended, under 16 living alone), art. 23 (weekly contact by the parents).
"""

import datetime

from registry.child.models import ChildFile
from visits.visit import codes, outcomes
from visits.visit.codes import FlagReason as Reason
from visits.visit.models import Visit

REASONS = tuple(Reason.values)
LATE_AFTER_DAYS = 3
CONTACT_DAYS = 7


def flags_of(visit: Visit, child: ChildFile, *, recorded_on: datetime.date, noticed: bool = False) -> list[str]:
    """Codes of every reason that holds, in the order of the list. ``noticed``: a change of the file came of it."""
    age = child.age(visit.visited_on)
    unattended = visit.carer == codes.Carer.NOBODY
    silent = visit.parent_contact_on and (visit.visited_on - visit.parent_contact_on).days > CONTACT_DAYS
    holds: dict[str, bool] = {
        Reason.STATION_ASKED: visit.next_step in outcomes.BY_STATION,
        Reason.HAZARD: bool(visit.hazards),
        Reason.NOBODY_CARES: unattended,
        Reason.POOR_CARE: codes.Level.POOR in (visit.care, visit.living),
        Reason.OUT_OF_SCHOOL: visit.attendance == codes.Attendance.OUT,
        Reason.LOW_MOOD: visit.mood == codes.Mood.LOW,
        Reason.NOT_SEEN: visit.outcome != codes.Outcome.SEEN,
        Reason.FAMILY_CHANGED: bool(visit.family_change) or noticed,
        Reason.UNDER_8_UNATTENDED: unattended and age < 8,
        Reason.UNDER_16_ALONE: bool(visit.lives_alone) and age < 16,
        Reason.NO_WEEKLY_CONTACT: bool(silent),
        Reason.LATE: (recorded_on - visit.visited_on).days > LATE_AFTER_DAYS,
        Reason.FOCUS: visit.focus,
    }
    return [reason for reason in REASONS if holds[reason]]
