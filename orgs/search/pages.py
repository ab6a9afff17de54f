"""Pages as hits: those of the navigation that are open to the post, by their name, its letters or their initials."""

from functools import cache

from django.urls import reverse

from childwelfare.pages.navigation import NAVIGATION
from childwelfare.text.pinyin import name_initials, name_pinyin
from orgs.posts.models import Appointment
from orgs.search.sources import EACH, Hit


def find_pages(post: Appointment, text: str) -> list[Hit]:
    wanted = "".join(text.lower().split())
    hits = []
    for entry in NAVIGATION.values():
        if entry.is_for(post) and (wanted in str(entry.label).lower() or _letters_match(str(entry.label), wanted)):
            hits.append(Hit(title=entry.label, url=reverse(entry.url_name)))
    return hits[:EACH]


def _letters_match(label: str, wanted: str) -> bool:
    return wanted.isascii() and any(letters.startswith(wanted) for letters in _letters(label))


@cache
def _letters(label: str) -> tuple[str, str]:
    return name_pinyin(label), name_initials(label)
