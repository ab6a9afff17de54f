"""What holidays add to other concepts."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import AUDIT_ACTS, Act

AUDIT_ACTS.add(
    Act("add_holiday", _("记下放假安排")),
    Act("remove_holiday", _("去掉放假安排")),
    order=290,
    subject=_("宣传和放假安排"),
)
