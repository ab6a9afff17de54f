"""Finding a village anywhere in the tree: names repeat, so its township or county may be typed before it."""

from django.db.models import Q

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
        villages = villages.filter(_begins("township", word) | _begins("county", word))
    return list(villages.filter(_begins("", last) | _begins("township", last))[:SHOWN])


def _begins(tier: str, word: str) -> Q:
    prefix = f"{tier}__" if tier else ""
    return Q(**{f"{prefix}name__startswith": word}) | Q(**{f"{prefix}pinyin__startswith": word.lower()})
