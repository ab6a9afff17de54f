"""What lists add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act

NAVIGATION.add(
    Entry("child-list", _("儿童档案"), "people", ("view_child", "list_masked"), phone=True, search=True), order=200
)
AUDIT_ACTS.add(
    Act("list_children", _("打开名单")),
    order=50,
)
