"""Signal receivers: what is due follows the child's file, inside the transaction of each act.

Dues carry the place of who owed them, so they stay when a child is handed on (docs/decisions/0013).
"""

import datetime

from django.dispatch import receiver
from django.utils import timezone

from registry import signals
from registry.child.models import ChildFile
from visits.schedule.models import VisitDue, last_month_end
from visits.schedule.services.dues import apply_interval_after_change, reschedule


@receiver(signals.child_registered, dispatch_uid="first_due")
@receiver(signals.child_unregistered, dispatch_uid="no_due")
@receiver(signals.child_left, dispatch_uid="no_due_after_leaving")
@receiver(signals.child_returned, dispatch_uid="due_again")
@receiver(signals.child_moved, dispatch_uid="who_visits_there")
@receiver(signals.child_stays, dispatch_uid="who_visits")
def plan_visits_of(sender, child: ChildFile, **_signal) -> None:
    """Dues begin with approval and end with the file: nobody is late for a child who is gone. With a move
    or a stay the open due of who had the child ends, the next one's begins."""
    reschedule(child)


@receiver(signals.child_changed, dispatch_uid="due_anew")
def apply_changed_fields(sender, child: ChildFile, names: set[str], on: datetime.date, **_signal) -> None:
    """A change may make visits due more or less often."""
    apply_interval_after_change(child, names)


@receiver(signals.children_merged, dispatch_uid="visits_of_both")
def plan_visits_of_survivor(sender, survivor: ChildFile, other: ChildFile, **_signal) -> None:
    """Visits of both count for the one child from its approval on; the other owes nothing any more."""
    reschedule(survivor)


@receiver(signals.children_unmerged, dispatch_uid="visits_of_each")
def plan_visits_of_each(sender, survivor: ChildFile, other: ChildFile, **_signal) -> None:
    """Dues are back as they were; where visits came in since, they are planned again. Months that ended meanwhile knew
    of other ones (OvertakenDue)."""
    last, dues = last_month_end(), VisitDue.objects.filter(child__in=[survivor, other])
    told_again = [due.pk for due in dues if due.counted_by(last)]
    VisitDue.objects.filter(pk__in=told_again).update(known_from=timezone.localdate())
    reschedule(survivor)
    reschedule(other)
