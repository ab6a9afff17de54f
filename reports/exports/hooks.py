"""What exports add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act
from reports.exports import work  # noqa: F401  (the jobs)
from reports.exports.kinds import EXPORT_KINDS

KINDS = {"kind": {key: kind.label for key, kind in EXPORT_KINDS.items()} | {"csv": _("汇总表（CSV）")}}
AUDIT_ACTS.add(
    Act("export", _("导出"), codes=KINDS),
    Act("download", _("下载"), codes=KINDS),
    order=180,
    subject=_("名单、表格和导出"),
)
