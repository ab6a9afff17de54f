"""Signal receivers: what waits of a file follows it."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from registry import signals
from registry.changes.services import wait_again_with_file
from registry.child.models import ChildFile


@receiver(signals.closing_undone, dispatch_uid="changes_wait_again")
def open_changes_again(
    sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any
) -> None:
    """What the closing withdrew is with the station or its proposer again."""
    wait_again_with_file(child, by=by, since=since)
