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


NAVIGATION: KeyedRegistry[Entry] = KeyedRegistry("navigation", key="url_name")


def entries_for(request) -> list[dict]:
    """What the frame shows: one query for all counts, none where nothing is counted."""
    post = request.post
    mine = [entry for entry in NAVIGATION.values() if any(post.holds(permission) for permission in entry.permissions)]
    mine = [entry for entry in mine if not entry.roles or post.role in entry.roles]
    counts = _counts(post, [entry for entry in mine if entry.count])
    here = max((url for entry in mine if request.path.startswith(url := reverse(entry.url_name))), key=len, default="")
    return [
        {
            "url": (url := reverse(entry.url_name)),
            "label": entry.label,
            "icon": entry.icon,
            "count": counts.get(entry.url_name, 0),
            "tone": entry.tone,
            "phone": entry.phone,
            "search": entry.search,
            "current": url == here,
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
    asked = [
        (entry.url_name, Coalesce(Subquery(_count(count(post))), 0))
        for entry in entries
        for count in (entry.count if isinstance(entry.count, tuple) else (entry.count,))
        if count
    ]
    units = type(post.unit).objects.filter(pk=post.unit_id)
    row = units.values_list(*(expression for _, expression in asked))[0]
    totals: dict[str, int] = {}
    for (name, _), number in zip(asked, row, strict=True):
        totals[name] = totals.get(name, 0) + number
    return totals


def _count(queryset):
    grouped = queryset.order_by().annotate(_all=Value(1)).values("_all")
    return grouped.annotate(_n=Count("pk")).values("_n")
