"""What audit adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act

NAVIGATION.add(
    Entry(
        "audit-list", _("操作留痕"), "shield-check", ("view_audit",), phone=True, group="policy",
        home_for=("auditor",),
    ),
    order=700,
)  # fmt: skip

AUDIT_ACTS.add(Act("read_list", _("查看名单或列表")), order=22, subject=_("名单、表格和导出"))
AUDIT_ACTS.add(
    Act("export_audit", _("导出操作留痕")),
    Act("anchor_audit", _("写下留痕的每日凭据")),
    Act("key_audit", _("给留痕的校验链加上密钥")),
    order=25,
    subject=_("操作留痕"),
)
