"""What lists add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, Act
from orgs.search.sources import SOURCES, Source
from registry.lists.hits import find_children

NAVIGATION.add(
    Entry("child-list", _("儿童档案"), "people", ("view_child", "list_masked"), phone=True, group="files"),
    order=200,
)
AUDIT_ACTS.add(
    Act("list_children", _("打开名单")),
    order=50,
)
SOURCES.add(
    Source(key="children", label=_("儿童"), icon="people", find=find_children, more="child-list"),
    order=10,
)
