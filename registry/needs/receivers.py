"""Signal receivers: needs follow their child and its file, and are let go where a post ends, inside the transaction of
each act."""

import datetime
from typing import Any

from django.dispatch import receiver

from orgs.posts.models import Appointment
from orgs.posts.signals import post_ended
from registry import signals
from registry.child.models import ChildFile, FileState
from registry.needs.services.following import end_with_file, follow_child, go_on_with_file, release


@receiver(signals.child_left, dispatch_uid="needs_end")
def end_needs(sender: Any, child: ChildFile, by: Appointment | None = None, **_signal: Any) -> None:
    end_with_file(child, by=by)


@receiver(signals.closing_undone, dispatch_uid="needs_open_again")
def open_needs_again(sender: Any, child: ChildFile, by: Appointment, since: datetime.datetime, **_signal: Any) -> None:
    go_on_with_file(child, by=by, since=since)


@receiver(signals.child_moved, dispatch_uid="needs_follow")
def follow_to_new_place(sender: Any, child: ChildFile, **_signal: Any) -> None:
    follow_child(child)


@receiver(signals.OF_TWO_FILES, dispatch_uid="needs_follow_files")
def follow_files(
    sender: Any, survivor: ChildFile, other: ChildFile, by: Appointment | None = None, **_signal: Any
) -> None:
    """What the closed file of the two had open is the survivor's by now; undone, each has its own again."""
    for file in (survivor, other):
        follow_child(file, by=by)


@receiver(signals.children_unmerged, dispatch_uid="needs_end_apart")
def end_apart(sender: Any, survivor: ChildFile, other: ChildFile, by: Appointment, **_signal: Any) -> None:
    """What came for one of them meanwhile ends with a file that is not in the registry."""
    for file in (survivor, other):
        if file.state != FileState.APPROVED:
            end_with_file(file, by=by)


@receiver(post_ended, dispatch_uid="needs_released")
def release_needs(sender: Any, post: Appointment, by: Appointment | None, **_signal: Any) -> None:
    release(post, by=by)
