"""Signal receivers: what visits leave in other records follows them."""

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.changes.models import Change, ChangeState
from registry.changes.services import give_back_change, withdraw_with_visit
from registry.child.models import ChildFile
from visits.visit.models import VisitState


@receiver(signals.children_unmerged, dispatch_uid="what_visits_of_each_noticed")
def give_back_what_was_noticed(
    sender, survivor: ChildFile, other: ChildFile, by: Appointment, kept: list[str], **_signal
) -> None:
    """A visit that went back to ``other`` takes along what was noticed at it and is not decided, be it a part; what was
    approved since stands in ``survivor``'s file, and is named to who undid the merge."""
    for change in Change.objects.filter(child=survivor, noticed_in__child=other).distinct():
        if change.state in (ChangeState.SUBMITTED, ChangeState.RETURNED):
            if give_back_change(change, ChildFile.objects.get(pk=other.pk), by=by):
                kept.append(str(change._meta.verbose_name))
        elif change.fields.filter(verdict="approved").exists():
            kept.append(str(change._meta.verbose_name))


@receiver(signals.change_open_again, dispatch_uid="what_a_visit_that_was_taken_back_noticed")
def withdraw_what_was_noticed(sender, change: Change, child: ChildFile, by: Appointment, **_signal) -> None:
    """A change that was decided when its visit was taken back stayed; open again it goes the way of the others, and
    comes back with the visit: nothing that counts says what it says."""
    visits = change.noticed_in.filter(state=VisitState.RETURNED, taken_back=True)
    if visits.exists():
        withdraw_with_visit(change, child, by=by)
