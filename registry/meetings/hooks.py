"""What meetings add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.addressed import WAYS_TO_A_CHILD
from orgs.audit.words import AUDIT_ACTS, Act

NAVIGATION.add(Entry("meeting-list", _("会商"), "people", ("view_meeting",), group="care"), order=224)
WAYS_TO_A_CHILD["registry.MeetingItem"] = "need.child_id"
AUDIT_ACTS.add(
    Act("list_meetings", _("打开会商名单")),
    Act("view_meeting", _("查看会商")),
    Act("print_meeting", _("打印会商记录")),
    Act("hold_meeting", _("记录会商")),
    order=264,
    subject=_("需求和会商"),
)
