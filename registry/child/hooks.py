"""What child adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, DETAIL_WORDS, Act, words_of
from orgs.inbox.kinds import INBOX_KINDS
from orgs.review.kinds import REVIEW_KINDS
from orgs.workbench.kinds import LEFT_KINDS, MAY_OPEN, NEWS_KINDS, TODO_KINDS
from orgs.workbench.unfinished import UNFINISHED_KINDS
from registry.child.built_on import NOT_BUILT_ON
from registry.child.codes import Relation
from registry.child.fields import fields, is_category, label_of
from registry.child.inbox import APPROVED as FILE_APPROVED
from registry.child.inbox import RETURNED as FILE_RETURNED
from registry.child.panels import FILE_EVENTS, FileEvent
from registry.child.review import FILES
from registry.child.workbench import (
    DECISIONS,
    DRAFTS,
    DRAFTS_BELOW,
    MENDING,
    RETURNED,
    RETURNED_BELOW,
    RETURNED_TO_VILLAGE,
    TAKEN_BACK_BELOW,
    TAKEN_BACK_IN_VILLAGE,
    is_kept_in_reach,
)
from registry.merging.rows import NOT_MERGED

NAVIGATION.add(
    Entry(
        "child-new",
        _("新发现"),
        "plus-lg",
        ("create_child",),
        phone=True,
        roles=("village_director", "township_clerk"),
    ),
    order=210,
)
NOT_MERGED["registry.ChildFileEvent"] = "what happened to a file stays its own; the survivor's page shows both"
NOT_MERGED["registry.NameSpelling"] = "index of the names of that file"
NOT_MERGED["registry.ChildFile"] = "the file that was merged says into which one"
FILE_EVENTS.add(
    FileEvent("make", _("新建档案")),
    FileEvent("complete", _("补充档案")),
    FileEvent("submit", _("送到工作站"), "brand"),
    FileEvent("approve", _("建档通过"), "ok"),
    FileEvent("return", _("退回补充"), "warm"),
    FileEvent("recall", _("撤回修改"), "warm"),
    FileEvent("undo", _("撤销上一步")),
)


def _name_of_field(name: str, value: str) -> str:
    """How the audit trail calls a field of a file: address, guardian_phone."""
    return (
        str(label_of(value))
        if name in ("fields", "field", "filters", "taken", "differences") and (value in fields() or is_category(value))
        else ""
    )


DETAIL_WORDS.add(_name_of_field, order=10)
WHOSE = {"child": _("儿童本人"), "guardian": _("照看人"), "entrusted": _("受委托照护人"), "print": _("打印件")}
AUDIT_ACTS.add(
    Act("view_file", _("查看档案"), reads_file=True),
    Act(
        "reveal",
        _("显示证件号或电话"),
        reads_file=True,
        codes={"field": {"all": _("全部号码")}, "of": WHOSE | words_of(Relation)},
    ),
    order=40,
    subject=_("儿童档案"),
)
AUDIT_ACTS.add(
    Act("make_file", _("建档")),
    Act("complete_file", _("补充档案")),
    Act("submit_file", _("提交档案")),
    Act("approve_file", _("通过档案")),
    Act("return_file", _("退回档案")),
    Act("recall_file", _("撤回档案")),
    order=60,
    subject=_("儿童档案"),
)
REVIEW_KINDS.add(FILES, order=20)
TODO_KINDS.add(RETURNED, order=30)
TODO_KINDS.add(MENDING, order=33)
MAY_OPEN.add(is_kept_in_reach, order=10)
UNFINISHED_KINDS.add(RETURNED_TO_VILLAGE, order=20)
UNFINISHED_KINDS.add(TAKEN_BACK_IN_VILLAGE, order=50)
UNFINISHED_KINDS.add(DRAFTS, order=90)
LEFT_KINDS.add(DRAFTS_BELOW, order=10)
LEFT_KINDS.add(RETURNED_BELOW, order=20)
LEFT_KINDS.add(TAKEN_BACK_BELOW, order=50)
NEWS_KINDS.add(DECISIONS, order=20)
INBOX_KINDS.add(FILE_RETURNED, FILE_APPROVED, order=20)
NOT_BUILT_ON["registry.ChildFileEvent"] = "only the last one is taken back, so none comes after it"
NOT_BUILT_ON["registry.NameSpelling"] = "index of the file's names"
NOT_BUILT_ON["registry.ChildFile"] = "the file that was merged says into which one: see Merge"
