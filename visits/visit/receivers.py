"""Signal receivers: what visits leave in other records follows them."""

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.changes.models import Change, ChangeState
from registry.changes.services import give_back_change
from registry.child.models import ChildFile


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
