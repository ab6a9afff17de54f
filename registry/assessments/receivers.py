"""Signal receivers: by when a child is assessed, and which level its file says, follow the file, inside the transaction
of each act."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.assessments.services.assess import wait_again_with_file, withdraw_with_file
from registry.assessments.services.dues import plan_next
from registry.assessments.services.risk import level_held
from registry.assessments.services.unmerge import levels_of_each
from registry.child.models import ChildFile


@receiver(signals.child_registered, dispatch_uid="assessment_due")
@receiver(signals.child_unregistered, dispatch_uid="no_assessment_due")
@receiver(signals.child_left, dispatch_uid="no_assessment_due_after_leaving")
@receiver(signals.child_returned, dispatch_uid="assessment_due_again")
@receiver(signals.child_moved, dispatch_uid="assessment_due_there")
def plan_assessment_of(sender: Any, child: ChildFile, **_signal: Any) -> None:
    plan_next(child)


@receiver(signals.child_left, dispatch_uid="assessments_end")
def end_assessments(sender: Any, child: ChildFile, by: Appointment, **_signal: Any) -> None:
    withdraw_with_file(child, by=by)


@receiver(signals.closing_undone, dispatch_uid="assessments_wait_again")
def open_assessments_again(
    sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any
) -> None:
    """What the closing ended waits for the station or its assessor again."""
    wait_again_with_file(child, by=by, since=since)


@receiver(signals.children_merged, dispatch_uid="assessments_of_both")
def follow_merge(sender: Any, survivor: ChildFile, other: ChildFile, **_signal: Any) -> None:
    """The assessments of both are the one child's: the newest says its level, whichever file the merge took it from."""
    held = level_held(survivor)
    if held and held.level != survivor.risk:
        survivor.risk = held.level
        survivor.save(update_fields=["risk"])
    plan_next(survivor)


@receiver(signals.children_unmerged, dispatch_uid="assessments_of_each")
def part_assessments(sender: Any, survivor: ChildFile, other: ChildFile, kept: list[str], **_signal: Any) -> None:
    """Each file says the level of its own assessments again, those that were confirmed or sent back since among them;
    how often it is visited and what it counts as follow the same signal."""
    levels_of_each(survivor, other, kept=kept)
    for file in (survivor, other):
        plan_next(file)
