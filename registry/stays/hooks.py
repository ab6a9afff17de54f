"""What stays add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, PAGES, Act, words_of
from orgs.workbench.kinds import MAY_OPEN
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.models import FileState
from registry.child.panels import FILE_ACTIONS, FILE_EVENTS, PANELS, FileAction, FileEvent
from registry.disclosure.document import DISCLOSED
from registry.merging.rows import MERGED, Merged
from registry.stays.disclosure import stays_disclosed
from registry.stays.models import Stay, StayEnd, is_hosted_in_reach
from registry.stays.panel import lives_at_home, stay_panel, undo_panel
from registry.transfers.moving import NOT_MOVED

MERGED.add(Merged(Stay, "united", follows=False), order=22)
NOT_MOVED["registry.Stay"] = "where the child stayed; the running one ends with the move"
DISCLOSED.add(stays_disclosed, order=10)
PANELS.add(undo_panel, stay_panel, order=4)
MAY_OPEN.add(is_hosted_in_reach, order=20)
FILE_ACTIONS.add(
    FileAction(
        address="child-stay", permission="stay_child", state=FileState.APPROVED, icon="geo-alt", label=_("临时居住"),
        fits=lives_at_home,
    ),
    order=20,
)  # fmt: skip
FILE_EVENTS.add(
    FileEvent("stay", _("临时居住")),
    FileEvent("stay_end", _("临时居住结束")),
    FileEvent("stay_end_undone", _("撤销结束临时居住")),
)
PAGES |= {"stay": _("临时居住")}
AUDIT_ACTS.add(
    Act("begin_stay", _("登记临时居住")),
    Act("end_stay", _("结束临时居住"), codes={"side": words_of(StayEnd)}),
    Act("undo_end_stay", _("撤销结束临时居住")),
    Act("view_stay", _("查看临时居住")),
    order=170,
    subject=_("转出转入和临时居住"),
)
BUILT_ON.add(BuiltOn(Stay, _("临时居住")), order=32)
