"""What phones add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, PAGES, Act
from orgs.posts.ending import CONCERNS, FETCHED
from visits.phones.last_contact import last_contact

CONCERNS.add(last_contact)
FETCHED.add("phones")
WAYS_TO_A_CHILD["visits.SyncItem"] = "child_id"
PAGES |= {"phones": _("手机上的记录")}
AUDIT_ACTS.add(
    Act("pull_files", _("手机取走本村名单"), codes={"list": {"api-sync-list": _("手机名单")}}),
    Act("view_conflict", _("手机上的更正遇到冲突，取得现在的内容")),
    Act("hand_over", _("手机上的记录交给现在负责的工作站")),
    order=100,
    subject=_("手机"),
)
AUDIT_ACTS.add(
    Act("order_wipe", _("要求清除手机上的资料")),
    Act("phone_wiped", _("手机已清除资料")),
    Act("view_handed_over", _("查看移交的手机记录")),
    Act("view_handed_photo", _("查看移交的手机照片")),
    Act("settle_handed_over", _("办结移交的手机记录")),
    Act("bring_in_file", _("收下主任手机存的文件")),
    order=120,
    subject=_("手机"),
)
