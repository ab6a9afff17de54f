"""Signal receivers: what counts of help follows the records, inside the transaction of each act.

Every move of an assessment, a need or a plan leaves an event, which is followed here: so no service has to think of
figures. The few that write columns after their event say so (``help_written``).
"""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from registry import signals
from registry.assessments.models import Assessment, AssessmentEvent
from registry.child.models import ChildFile
from registry.help_status.services import refresh_child_status, refresh_help_status
from registry.needs.models import NeedEvent
from registry.plans.models import PlanEvent

# where a child is kept, and whether it is in the registry at all
PLACE_OR_STATE = (signals.child_moved, signals.child_left, signals.child_returned, signals.child_unregistered)


@receiver(post_save, sender=AssessmentEvent, dispatch_uid="help_follows_assessments")
@receiver(post_save, sender=NeedEvent, dispatch_uid="help_follows_needs")
@receiver(post_save, sender=PlanEvent, dispatch_uid="help_follows_plans")
def follow_move(sender: Any, instance: Any, **_signal: Any) -> None:
    refresh_help_status(instance.record.child_id)


@receiver(signals.help_written, dispatch_uid="help_follows_what_was_written")
def follow_record(sender: Any, child: ChildFile, **_signal: Any) -> None:
    refresh_help_status(child.pk)


@receiver(signals.assessment_planned, dispatch_uid="help_follows_dues")
def follow_due(sender: Any, child: ChildFile, **_signal: Any) -> None:
    """Of who was never assessed no day is counted by."""
    if Assessment.objects.filter(child=child).setting_level().exists():
        refresh_child_status(child.pk)


@receiver(PLACE_OR_STATE, dispatch_uid="help_follows_file")
def follow_place(sender: Any, child: ChildFile, **_signal: Any) -> None:
    refresh_help_status(child.pk)


@receiver(signals.OF_TWO_FILES, dispatch_uid="help_follows_files")
def follow_both(sender: Any, survivor: ChildFile, other: ChildFile, **_signal: Any) -> None:
    for file in (survivor, other):
        refresh_help_status(file.pk)
