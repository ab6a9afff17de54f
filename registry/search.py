"""Finding files: by name from its start, by letters, by number; always within what the post sees."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db.models import Q

from childwelfare.cleaning import clean_digits, clean_name
from childwelfare.sealing import blind_index
from orgs.models import OrgUnit
from registry.codes import Category, Risk
from registry.models import FileState
from registry.quality.rules import KEYS


def search(files, text: str):
    """Narrow ``files`` to what ``text`` names: a name or the part after its dot, pinyin, initials, a file number, a
    whole ID number or phone number in any typing. Prefixes only: they are served by indexes."""
    name, digits = clean_name(text), clean_digits(text)
    if not name:
        return files
    if len(digits) == 18 and digits[:17].isdigit():
        return files.filter(id_index=blind_index(digits, "id_number"))
    if digits.isdigit() and len(digits) == 11 and digits.startswith("1"):
        return files.filter(phone_index=blind_index(digits, "phone"))
    if digits[:6].isdigit():
        return files.filter(file_number__startswith=text.strip())
    if name.isascii():
        letters = "".join(name.lower().split())
        return files.filter(Q(pinyin__startswith=letters) | Q(initials__startswith=letters))
    return files.filter(Q(name__startswith=name) | Q(given_name__startswith=name))


def unit_named(uid: str) -> OrgUnit | None:
    """The unit of that uid; None for a text that is no uid or names none."""
    with suppress(ValueError, ValidationError):
        return OrgUnit.objects.with_path().filter(uid=uid).first()
    return None


def narrow(files, *, category: str = "", risk: str = "", state: str = "", issue: str = "", unit: str = ""):
    """The filters of the list; unknown values narrow nothing. ``issue``: a key of registry.quality; ``unit``: the uid
    of a unit, itself and all below."""
    if issue in KEYS:
        files = files.filter(issues__rule=issue)
    if unit and (within := unit_named(unit)):
        files = files.within(within)
    if category in Category.values:
        files = files.filter(memberships__category=category, memberships__until=None)
    if risk in Risk.values:
        files = files.filter(risk=risk)
    if state in FileState.values:
        files = files.filter(state=state)
    return files
