"""What lists add to other concepts."""

from django.utils.translation import gettext_lazy as _

from childwelfare.pages.navigation import NAVIGATION, Entry
from orgs.audit.words import AUDIT_ACTS, DETAIL_WORDS, Act
from orgs.search.sources import SOURCES, Source
from registry.lists.filters import FILTERS
from registry.lists.hits import find_children

NAVIGATION.add(
    Entry("child-list", _("儿童档案"), "people", ("view_child", "list_masked"), phone=True, group="files"),
    order=200,
)
AUDIT_ACTS.add(
    Act("list_children", _("打开名单")),
    order=50,
    subject=_("名单、表格和导出"),
)


def _name_of_filter(name: str, value: str) -> str:
    """How the audit trail calls what a list of files was narrowed by."""
    return str(FILTERS[value].label) if name == "filters" and value in FILTERS else ""


DETAIL_WORDS.add(_name_of_filter, order=20)
SOURCES.add(
    Source(key="children", label=_("儿童"), icon="people", find=find_children, more="child-list"),
    order=10,
)
