"""What the line of time adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from registry.child.panels import FILE_ACTIONS, FileAction

FILE_ACTIONS.add(
    FileAction(address="child-line", permission="view_child", icon="clock-history", label=_("时间与帮扶")), order=5
)
