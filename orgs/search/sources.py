"""Where the search looks: concepts add their sources, each says what it found in a few lines."""

from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words
from orgs.posts.models import Appointment

EACH = 6  # hits of one source that are shown


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that was found; without ``url`` it is told, but there is nothing to open."""

    title: Words
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """``find(post, text)``: the first hits, EACH at most, within what the post may see; ``more``: the name of the
    page that shows all of them, if there is one; it takes the same words by its own search."""

    key: str
    label: Words
    icon: str
    find: Callable[[Appointment, str], list[Hit]]
    more: str = ""


SOURCES: KeyedRegistry[Source] = KeyedRegistry("sources of the search", key="key")
