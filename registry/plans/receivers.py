"""Signal receivers: plans end with their file, and go on with it, inside the transaction of each act."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.child.models import ChildFile
from registry.plans.services.writing import end_plans_with_file, go_on_with_file


@receiver(signals.child_left, dispatch_uid="plans_end")
def end_plans(sender: Any, child: ChildFile, by: Appointment, **_signal: Any) -> None:
    end_plans_with_file(child, by=by)


@receiver(signals.closing_undone, dispatch_uid="plans_go_on")
def go_on(sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any) -> None:
    go_on_with_file(child, by=by, since=since)
