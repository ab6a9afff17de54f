"""What changes add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.inbox.kinds import INBOX_KINDS
from orgs.review.kinds import REVIEW_KINDS
from orgs.workbench.kinds import LEFT_KINDS, NEWS_KINDS, TODO_KINDS
from orgs.workbench.unfinished import UNFINISHED_KINDS
from registry.changes import receivers  # noqa: F401  (connected when imported)
from registry.changes.inbox import APPROVED as CHANGE_APPROVED
from registry.changes.inbox import RETURNED as CHANGE_RETURNED
from registry.changes.models import Change
from registry.changes.review import CHANGES
from registry.changes.workbench import DECISIONS, RETURNED, RETURNED_BELOW, RETURNED_TO_VILLAGE
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.merging.rows import NOT_MERGED
from registry.transfers.moving import MOVED

NAVIGATION.add(Entry("change-list", _("档案变更"), "pencil-square", ("view_child",), group="files"), order=220)
NOT_MERGED["registry.Change"] = (
    "decided on its own file; a merge waits until none is open. Noticed at a visit, it goes back with it"
)
MOVED.add(Change, order=25)
AUDIT_ACTS.add(
    Act("propose_change", _("提出变更")),
    Act("resubmit_change", _("补充后重报变更")),
    Act("approve_change", _("通过变更")),
    Act("return_change", _("退回变更")),
    Act("withdraw_change", _("撤回变更")),
    Act("view_change", _("查看变更")),
    order=70,
    subject=_("档案变更"),
)
REVIEW_KINDS.add(CHANGES, order=21)
TODO_KINDS.add(RETURNED, order=31)
UNFINISHED_KINDS.add(RETURNED_TO_VILLAGE, order=30)
LEFT_KINDS.add(RETURNED_BELOW, order=30)
NEWS_KINDS.add(DECISIONS, order=21)
INBOX_KINDS.add(CHANGE_RETURNED, CHANGE_APPROVED, order=30)
BUILT_ON.add(BuiltOn(Change, _("档案变更")), order=5)
