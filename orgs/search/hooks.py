"""What the search finds of orgs itself."""

from django.utils.translation import gettext_lazy as _

from orgs.audit.words import PAGES
from orgs.search.pages import find_pages
from orgs.search.people import find_people, find_units
from orgs.search.sources import SOURCES, Source

SOURCES.add(Source(key="pages", label=_("页面"), icon="list-ul", find=find_pages), order=20)
SOURCES.add(Source(key="units", label=_("单位"), icon="diagram-3", find=find_units), order=30)
SOURCES.add(Source(key="people", label=_("人员"), icon="person-badge", find=find_people), order=40)
PAGES |= {"search": _("查找")}
