"""Signal receivers: the counted issues of a file follow its writes, inside the transaction of each act.

Before approval a file has no rows, so making and completing one needs nothing; categories that are opened or ended
beside a change tell it themselves (registry.categories.services), accepted visits as well (visits.visit.workflow).
"""

from typing import Any

from django.dispatch import receiver

from registry import signals
from registry.child.models import ChildFile
from registry.quality.services import recount_file

ONE = (
    signals.child_registered, signals.child_changed, signals.child_unregistered, signals.child_left,
    signals.child_returned, signals.child_moved,
)  # fmt: skip
TWO = (signals.children_merged, signals.children_unmerged)


@receiver(ONE, dispatch_uid="issues_follow")
def recount_issues_of_file(sender: Any, child: ChildFile, **_signal: Any) -> None:
    recount_file(child)


@receiver(TWO, dispatch_uid="issues_follow")
def recount_issues_of_both(sender: Any, survivor: ChildFile, other: ChildFile, **_signal: Any) -> None:
    recount_file(survivor, other)
