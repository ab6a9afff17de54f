"""What exports add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

AUDIT_ACTS.add(
    Act("export", _("导出")),
    Act("download", _("下载")),
    order=180,
)
