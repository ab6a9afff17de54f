"""The main navigation: concepts add their entries under a purpose, a post sees those it may open, counts come in one
query."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childwelfare.hooks import KeyedRegistry
from childwelfare.tables.counting import numbers_of
from childwelfare.text.words import Words


@dataclass(frozen=True)
class Group:
    """Entries of one purpose: one line that opens."""

    key: str
    label: Words
    icon: str


# by what one comes for, in the order of the work
GROUPS = (
    Group("files", _("档案"), "people"),
    Group("visits", _("走访"), "calendar-check"),
    Group("care", _("帮扶"), "heart-pulse"),
    Group("ledgers", _("台账"), "file-earmark-spreadsheet"),
    Group("team", _("队伍与之家"), "buildings"),
    Group("policy", _("政策与考核"), "journal-text"),
)


@dataclass(frozen=True)
class Entry:
    """``count(post)`` gives the queryset of what waits there; where it is of several kinds, ``counts()`` gives the
    functions for each. ``phone`` puts the entry into the bar
    at a phone's foot; the day of the roles ``home_for`` begins there; what waits behind an entry with ``urgent``
    (words) rings the bell and stands above every page until nothing waits. ``group``: a key of GROUPS under which the
    entry stands; without one it always stands open. ``in_lists``: the workbench lists what waits there, and so needs
    no bell. ``bar``: a sign in the bar at the top of every page instead, with its number."""

    url_name: str
    label: Words
    icon: str
    permissions: Collection[str]
    count: Callable | None = None
    counts: Callable[[], list[Callable]] | None = None
    phone: bool = False
    tone: str = ""
    roles: tuple[str, ...] = ()
    home_for: tuple[str, ...] = ()
    urgent: Words = ""
    group: str = ""
    in_lists: bool = True
    bar: bool = False

    @property
    def counted(self) -> list[Callable]:
        """What gives the querysets of all that waits there."""
        return [*([self.count] if self.count else []), *(self.counts() if self.counts else [])]

    def is_for(self, post) -> bool:
        """Whether the post sees it: by one of the permissions, and by its role where roles are named."""
        allowed = any(post.holds(permission) for permission in self.permissions)
        return allowed and (not self.roles or post.role in self.roles)


NAVIGATION: KeyedRegistry[Entry] = KeyedRegistry("navigation", key="url_name")


def entries_for(request) -> list[dict]:
    """What the frame shows: one query for all counts, none where nothing is counted."""
    post = request.post
    mine = [entry for entry in NAVIGATION.values() if entry.is_for(post)]
    counts = waiting_behind(post, mine)
    urls = {entry.url_name: reverse(entry.url_name) for entry in mine}
    # the longest: /children/new/ lies under /children/ too
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    return [
        {
            "url": urls[entry.url_name],
            "label": entry.label,
            "icon": entry.icon,
            "count": counts.get(entry.url_name, 0),
            "may_wait": bool(entry.counted),
            "tone": entry.tone,
            "phone": entry.phone,
            "current": urls[entry.url_name] == here,
            "home": post.role in entry.home_for,
            "urgent": entry.urgent,
            "in_lists": entry.in_lists,
            "group": entry.group,
            "bar": entry.bar,
        }
        for entry in mine
    ]


@dataclass
class Section:
    """One line of the navigation: an entry by itself, or a group with its entries."""

    entries: list[dict]
    group: Group | None = None

    @property
    def count(self) -> int:
        return sum(entry["count"] for entry in self.entries)

    @property
    def tone(self) -> str:
        return next((entry["tone"] for entry in self.entries if entry["count"] and entry["tone"]), "")

    @property
    def current(self) -> bool:
        return any(entry["current"] for entry in self.entries)


def sections_of(nav: list[dict]) -> list[Section]:
    """``nav`` by purpose: first what stands open, then the groups; one that holds a single entry is that entry."""
    sections = [Section([entry]) for entry in nav if not entry["group"]]
    for group in GROUPS:
        entries = [entry for entry in nav if entry["group"] == group.key]
        if entries:
            sections.append(Section(entries, group if len(entries) > 1 else None))
    return sections


def phone_entries(nav: list[dict]) -> list[dict]:
    return [entry for entry in nav if entry["phone"]][:5]


def beyond_the_bar(nav: list[dict]) -> list[dict]:
    """What a phone shows in the menu behind the person's sign instead."""
    shown = [entry["url"] for entry in phone_entries(nav)]
    return [entry for entry in nav if entry["url"] not in shown]


def waiting_behind(post, entries: list[Entry]) -> dict[str, int]:
    """{page: what waits behind it}."""
    waiting = {}
    for entry in entries:
        for number, count in enumerate(entry.counted):
            waiting[(entry.url_name, number)] = partial(count, post)
    totals: Counter[str] = Counter()
    for (page, _number), waits in numbers_of(waiting, reach=post.reach, beside=post.unit).items():
        totals[page] += waits
    return totals
