"""What access adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

AUDIT_ACTS.add(
    Act("refused", _("访问被拒")),
    order=20,
)
