"""What of plans keeps two files from being merged."""

from django.utils.translation import gettext as _

from registry.child.models import ChildFile
from registry.plans.models import Plan


def two_open_plans(survivor: ChildFile, other: ChildFile) -> str:
    """A child has one plan that runs and one that waits: with both files' there would be two."""
    states = Plan.objects.open().filter(child__in=(survivor, other)).values_list("child", "state")
    runs = [child for child, state in states if state == "approved"]
    waits = [child for child, state in states if state != "approved"]
    if len(runs) > 1 or len(waits) > 1:
        return _("两份档案都有在办的帮扶方案，请先结束或撤回其中一份，再合并。")
    return ""
