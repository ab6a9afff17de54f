"""What transfers add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.inbox.kinds import INBOX_KINDS
from orgs.workbench.kinds import NEWS_KINDS, TODO_KINDS
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.models import FileState
from registry.child.panels import FILE_ACTIONS, FILE_EVENTS, PANELS, FileAction, FileEvent
from registry.merging.rows import NOT_MERGED
from registry.transfers.inbox import OFFERED, REFUSED
from registry.transfers.models import Transfer
from registry.transfers.panel import transfer_panel
from registry.transfers.workbench import ANSWERS, TO_TAKE_IN, to_take_in

NAVIGATION.add(
    Entry(
        "transfer-list", _("转出转入"), "arrow-left-right", ("accept_transfer", "transfer_child"),
        count=to_take_in, tone="danger", group="files"),
    order=221,
)  # fmt: skip
NOT_MERGED["registry.Transfer"] = "how the file came here; a merge waits until none is open"
PANELS.add(transfer_panel, order=2)
FILE_ACTIONS.add(
    FileAction(
        address="child-transfer", permission="transfer_child", state=FileState.APPROVED, icon="arrow-left-right",
        label=_("转出"), fits=lambda file: not file.is_being_handed_on,
    ),
    order=10,
)  # fmt: skip
FILE_EVENTS.add(FileEvent("move", _("转到另一村（居）")))
AUDIT_ACTS.add(
    Act("ask_transfer", _("提出转出")),
    Act("accept_transfer", _("接收转入")),
    Act("refuse_transfer", _("退回转入")),
    Act("withdraw_transfer", _("撤回转出")),
    Act("move_child", _("转到另一村（居）")),
    Act("view_transfer", _("查看转入通知")),
    order=140,
    subject=_("转出转入和临时居住"),
)
TODO_KINDS.add(TO_TAKE_IN, order=40)
NEWS_KINDS.add(ANSWERS, order=40)
INBOX_KINDS.add(OFFERED, REFUSED, order=60)
BUILT_ON.add(BuiltOn(Transfer, _("转出转入")), order=31)
