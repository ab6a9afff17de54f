"""Where the counted issues of a file follow its writes: the room's own signals, sent inside the acts' transactions.

Before approval a file has no rows, so making and completing one needs nothing; categories that are opened or ended
beside a change tell it themselves (registry.categories.services), accepted visits as well (visits.visit.workflow).
"""

from registry import signals
from registry.child.models import ChildFile
from registry.quality.services import recount_file

ONE = (
    signals.child_registered, signals.child_changed, signals.child_unregistered, signals.child_left,
    signals.child_returned, signals.child_moved,
)  # fmt: skip
TWO = (signals.children_merged, signals.children_unmerged)


def connect() -> None:
    """Called when the room is ready."""
    for signal in ONE:
        signal.connect(_one, dispatch_uid="issues_follow")
    for signal in TWO:
        signal.connect(_two, dispatch_uid="issues_follow")


def _one(sender, child: ChildFile, **_signal) -> None:
    recount_file(child)


def _two(sender, survivor: ChildFile, other: ChildFile, **_signal) -> None:
    recount_file(survivor, other)
