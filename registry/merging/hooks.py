"""What merging adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from registry.child.built_on import BUILT_ON, BuiltOn
from registry.child.models import FileState
from registry.child.panels import FILE_ACTIONS, FILE_EVENTS, PANELS, FileAction, FileEvent
from registry.merging.models import Merge
from registry.merging.panel import merges_panel
from registry.merging.rows import NOT_MERGED

NOT_MERGED["registry.Merge"] = "the merge itself"
WAYS_TO_A_CHILD["registry.Merge"] = "survivor_id"
PANELS.add(merges_panel, order=8)
FILE_ACTIONS.add(
    FileAction(
        address="child-merge", permission="merge_child", state=FileState.APPROVED, icon="people", label=_("合并")
    ),
    order=30,
)
FILE_EVENTS.add(FileEvent("merge", _("合并档案"), own_page_only=True), FileEvent("unmerge", _("撤销合并")))
PAGES |= {"merge": _("合并档案")}
AUDIT_ACTS.add(
    Act("merge_files", _("合并档案")),
    Act("undo_merge", _("撤销合并")),
    Act("view_merge", _("查看合并记录")),
    order=160,
    subject=_("重复的档案"),
)
BUILT_ON.add(
    BuiltOn(Merge, _("合并"), child="survivor"),
    BuiltOn(Merge, _("合并"), child="other"),
    order=35,
)
