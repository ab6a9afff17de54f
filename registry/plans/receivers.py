"""Signal receivers: what ended with a file goes on with it."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.child.models import ChildFile
from registry.plans.services.writing import go_on_with_file


@receiver(signals.closing_undone, dispatch_uid="plans_go_on")
def go_on(sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any) -> None:
    go_on_with_file(child, by=by, since=since)
