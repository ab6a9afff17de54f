"""Finding a village anywhere in the tree: names repeat, so its township or county may be typed before it."""

from django.db.models import Q

from childwelfare.text.cleaning import clean_name
from childwelfare.text.pinyin import typed_letters
from orgs.units.models import OrgUnit

SHOWN = 30


def find_villages(text: str, *, near=None) -> list[OrgUnit]:
    """Current villages whose name or pinyin begins with the last word of ``text``; earlier words begin the name of a
    township or county above. Without a text, the villages of the township of ``near``, a placed record."""
    villages = OrgUnit.objects.filter(level=4, stand_in=False).current().with_path().in_order()
    words = text.split()
    if not words:
        return list(villages.filter(township=near.township_id).exclude(pk=near.village_id)[:SHOWN]) if near else []
    *above, last = words
    for word in above:
        villages = villages.filter(begins_with(word, "township") | begins_with(word, "county"))
    return list(villages.filter(begins_with(last) | begins_with(last, "township"))[:SHOWN])


def begins_with(word: str, tier: str = "") -> Q:
    """Units (or whose unit of ``tier``) that ``word`` begins the name of, or its letters, in any width and case."""
    word = clean_name(word)
    if not word:
        return Q(pk__in=[])
    prefix, letters = f"{tier}__" if tier else "", typed_letters(word)
    named = Q(**{f"{prefix}name__startswith": word})
    return named | Q(**{f"{prefix}pinyin__startswith": letters}) if letters else named
