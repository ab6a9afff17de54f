"""The main navigation: concepts add their entries, a post sees those it may open, counts come in one query."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words


@dataclass(frozen=True)
class Entry:
    """``count(post)`` gives the queryset of what waits there, or several of them; ``phone`` puts the entry into the
    bar at a phone's foot; ``search`` makes it the page that Ctrl K opens;
    the day of the roles ``home_for`` begins there; what waits behind an entry with ``urgent`` (words) rings the bell
    and stands above every page until nothing waits."""

    url_name: str
    label: Words
    icon: str
    permissions: tuple[str, ...]
    count: Callable | tuple[Callable, ...] | None = None
    phone: bool = False
    tone: str = ""
    roles: tuple[str, ...] = ()
    search: bool = False
    home_for: tuple[str, ...] = ()
    urgent: Words = ""

    def is_for(self, post) -> bool:
        """Whether the post sees it: by one of the permissions, and by its role where roles are named."""
        allowed = any(post.holds(permission) for permission in self.permissions)
        return allowed and (not self.roles or post.role in self.roles)


NAVIGATION: KeyedRegistry[Entry] = KeyedRegistry("navigation", key="url_name")


def entries_for(request) -> list[dict]:
    """What the frame shows: one query for all counts, none where nothing is counted."""
    post = request.post
    mine = [entry for entry in NAVIGATION.values() if entry.is_for(post)]
    counts = _counts(post, [entry for entry in mine if entry.count])
    urls = {entry.url_name: reverse(entry.url_name) for entry in mine}
    # the longest: /children/new/ lies under /children/ too
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    return [
        {
            "url": urls[entry.url_name],
            "label": entry.label,
            "icon": entry.icon,
            "count": counts.get(entry.url_name, 0),
            "tone": entry.tone,
            "phone": entry.phone,
            "search": entry.search,
            "current": urls[entry.url_name] == here,
            "home": post.role in entry.home_for,
            "urgent": entry.urgent,
        }
        for entry in mine
    ]


def phone_entries(nav: list[dict]) -> list[dict]:
    return [entry for entry in nav if entry["phone"]][:5]


def beyond_the_bar(nav: list[dict]) -> list[dict]:
    """What a phone shows in the menu behind the person's sign instead."""
    shown = [entry["url"] for entry in phone_entries(nav)]
    return [entry for entry in nav if entry["url"] not in shown]


def _counts(post, entries: list[Entry]) -> dict[str, int]:
    if not entries:
        return {}
    names, expressions = [], []
    for entry in entries:
        counts = entry.count if isinstance(entry.count, tuple) else (entry.count,)
        for count in counts:
            if count is not None:
                names.append(entry.url_name)
                expressions.append(Coalesce(Subquery(_count(count(post))), 0))
    # any table gives the one row that carries them all; the post's own unit is surely there
    row = type(post.unit).objects.filter(pk=post.unit_id).values_list(*expressions)[0]
    totals: dict[str, int] = {}
    for name, number in zip(names, row, strict=True):
        totals[name] = totals.get(name, 0) + number
    return totals


def _count(queryset):
    grouped = queryset.order_by().annotate(_all=Value(1)).values("_all")
    return grouped.annotate(_n=Count("pk")).values("_n")
