"""Signal receivers: what a child counts as follows its file, inside the transaction of each act.

Before approval a file counts nowhere; categories that are opened or ended beside a change tell it themselves
(registry.categories.services).
"""

from typing import Any

from django.dispatch import receiver

from registry import signals
from registry.child.models import ChildFile
from registry.status.services import refresh_status


@receiver(signals.OF_ONE_FILE, dispatch_uid="status_follows")
def refresh_status_of_file(sender: Any, child: ChildFile, **_signal: Any) -> None:
    refresh_status(child)


@receiver(signals.OF_TWO_FILES, dispatch_uid="status_follows")
def refresh_status_of_both(sender: Any, survivor: ChildFile, other: ChildFile, **_signal: Any) -> None:
    for file in (survivor, other):
        refresh_status(file)
