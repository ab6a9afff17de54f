"""What closing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

AUDIT_ACTS.add(
    Act("close_file", _("结案")),
    Act("reopen_file", _("重新在册")),
    order=150,
)
