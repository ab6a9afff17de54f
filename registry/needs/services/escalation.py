"""What the calendar does with needs: it reminds of last days, and passes on to the tier above what stays overdue."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from orgs.holidays.working_days import LONGEST, WorkingDays
from orgs.inbox.services import notify_about
from orgs.units.models import Level
from registry.child.services.locking import lock_file_of
from registry.needs.deadlines import overdue_long_enough
from registry.needs.models import Need, NeedState
from registry.needs.tiers import unit_above
from registry.needs.workflow import NEED, Holding

AT_ONCE = 500


def escalate(on: datetime.date | None = None) -> int:
    """On a working day, what is overdue for ESCALATED_AFTER working days goes to the tier above with a fresh last day;
    at the city it stays, and shows as overdue there. Returns how many went. Run twice, the second finds nothing: what
    went up is not overdue any more."""
    today = on or timezone.localdate()
    days = WorkingDays(today - LONGEST, today)
    if not days.is_working(today):
        return 0
    until = overdue_long_enough(today, days)
    late = Need.objects.open().filter(due_on__lte=until).exclude(holder__level=Level.CITY)
    keys = late.order_by("due_on", "pk").values_list("pk", flat=True)
    return sum(_escalate(key, until, today) for key in list(keys))


def _escalate(key: uuid.UUID, until: datetime.date, today: datetime.date) -> bool:
    """Who settled it or moved its day meanwhile was first: then nothing is done."""
    with transaction.atomic():
        lock_file_of(Need.objects.get(pk=key))
        need = Need.objects.select_related(*Need.PLACES).get(pk=key)
        above = unit_above(need)
        if need.state != NeedState.OPEN or need.due_on > until or above is None:
            return False
        NEED.follow("escalate", need, by=None, payload=Holding(above, on=today))
    return True


def remind(on: datetime.date | None = None) -> None:
    """On a working day the holder is told of what is due today, and of what is overdue and not yet passed on: once
    each, however often it runs; a run that was lost is made up by the next one."""
    today = on or timezone.localdate()
    days = WorkingDays(today - LONGEST, today)
    if not days.is_working(today):
        return
    since = overdue_long_enough(today, days)  # what was due on it goes up today, and is told with that
    due = Need.objects.open().filter(due_on__gt=since, due_on__lte=today)
    told: dict[datetime.date, list[tuple[int, Need]]] = {}
    for need in due.order_by("due_on").iterator(chunk_size=AT_ONCE):
        told.setdefault(need.due_on, []).append((need.holder_id, need))
    for day, needs in told.items():
        # of its last day, and once more when that has passed
        kind = "need_due" if day == today else "need_overdue"
        for start in range(0, len(needs), AT_ONCE):
            notify_about(kind, needs[start : start + AT_ONCE], permission="handle_need", key=str(day), by=None)
