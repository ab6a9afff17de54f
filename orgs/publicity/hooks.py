"""What publicity adds to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act

NAVIGATION.add(Entry("publicity-list", _("宣传活动"), "camera", ("view_publicity",), group="team"), order=310)
AUDIT_ACTS.add(
    Act("log_publicity", _("记录宣传活动")),
    order=270,
    subject=_("宣传和放假安排"),
)
