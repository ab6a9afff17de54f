"""What printing adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

AUDIT_ACTS.add(
    Act("print_file", _("打印档案")),
    order=200,
)
