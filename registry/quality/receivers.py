"""Signal receivers: the counted issues of a file follow its writes, inside the transaction of each act.

Before approval a file has no rows, so making and completing one needs nothing; categories that are opened or ended
beside a change tell it themselves (registry.categories.services), accepted visits as well (visits.visit.workflow).
"""

from typing import Any

from django.dispatch import receiver

from registry import signals
from registry.child.models import ChildFile
from registry.quality.services import recount_file


@receiver(signals.OF_ONE_FILE, dispatch_uid="issues_follow")
def recount_issues_of_file(sender: Any, child: ChildFile, **_signal: Any) -> None:
    recount_file(child)


@receiver(signals.OF_TWO_FILES, dispatch_uid="issues_follow")
def recount_issues_of_both(sender: Any, survivor: ChildFile, other: ChildFile, **_signal: Any) -> None:
    recount_file(survivor, other)
