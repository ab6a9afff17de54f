"""Signal receivers: plans end with their file, and go on with it, inside the transaction of each act."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.child.models import ChildFile, FileState
from registry.plans.services.writing import end_plans_with_file, go_on_with_file


@receiver(signals.child_left, dispatch_uid="plans_end")
def end_plans(sender: Any, child: ChildFile, by: Appointment, **_signal: Any) -> None:
    end_plans_with_file(child, by=by)


@receiver(signals.closing_undone, dispatch_uid="plans_go_on")
def go_on(sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any) -> None:
    go_on_with_file(child, by=by, since=since)


@receiver(signals.children_unmerged, dispatch_uid="plans_end_apart")
def end_apart(sender: Any, survivor: ChildFile, other: ChildFile, by: Appointment, **_signal: Any) -> None:
    """What came for one of them meanwhile ends with a file that is not in the registry."""
    for file in (survivor, other):
        if file.state != FileState.APPROVED:
            end_plans_with_file(file, by=by)
