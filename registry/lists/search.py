"""Finding files: by name from its start, by letters, by number or its end; always within what the post sees."""

import re
import unicodedata

from django.db.models import Q
from django.db.models.functions import Right
from django.db.models.lookups import Exact

from childwelfare.security.sealing import Unsealable, blind_index
from childwelfare.security.tails import TAIL, tail_indexes
from childwelfare.text.cleaning import LANDLINE, MOBILE, clean_digits, clean_name, clean_phone, clean_text
from childwelfare.text.pinyin import typed_letters
from registry.lists.filters import FILTERS

ENDS = range(TAIL, 9)  # how many last digits may be asked for
ENDING = 2_000  # at most so many files of one end are shown
OPENED = 300  # at most so many candidates of a longer end are opened to compare it
CODE = 6  # digits from which on a file number is found by its beginning
NUMBER = re.compile(r"U?\d")  # U stands in the file numbers of villages without an official code


def search(files, text: str):
    """Narrow ``files`` to what ``text`` names: a name or the part after its dot, the child's or its guardian's; pinyin,
    initials; a file number or its beginning; a whole ID number or phone number in any typing; the last four to eight
    of any of these numbers. Prefixes and equalities only: they are served by indexes, which begin with the county
    (``in_county_of``)."""
    name, digits = clean_name(text), clean_digits(text)
    if not name:  # nothing was typed, or nothing that a name or a number has
        return files.none() if text.strip() else files
    if len(digits) == 18 and digits[:17].isdigit():
        return files.filter(id_index=blind_index(digits, "id_number"))
    phone = clean_phone(text)
    if MOBILE.fullmatch(phone) or LANDLINE.fullmatch(phone):
        index = blind_index(phone, "phone")
        return files.filter(Q(phone_index=index) | Q(guardian_phone_index=index))
    if digits.isascii() and NUMBER.match(digits):
        return files.filter(_by_number(files, clean_text(text), digits))
    if letters := typed_letters(text):
        return files.filter(_by_letters(files, letters))
    return files.filter(_by_name(files, name))


def in_county_of(files, post):
    """The same files, for a post at a county or below: said besides the own unit, so that indexes which begin with
    the county serve a township and a village too."""
    return files if post.unit.level == 1 else files.filter(county=post.unit.county_id)


def narrow(files, **asked: str):
    """Narrow by declared filters, as ``narrow(files, category="orphan")``; unknown values narrow nothing."""
    for name, value in asked.items():
        if value and value in dict(FILTERS[name].choices(None, {})):
            files = FILTERS[name].narrow(files, value)
    return files


def _by_name(files, name: str) -> Q:
    """One character is a surname, or all of a given name; most carers share the child's surname, so from two on the
    carer's name counts too."""
    if len(name) == 1:
        return Q(name__startswith=name) | Q(given_name=name)
    found = Q(name__startswith=name) | Q(given_name__startswith=name) | Q(guardian_name__startswith=name)
    return found if "·" in name else found | _by_spelling(files, name, carers=True)


def _by_letters(files, letters: str) -> Q:
    carers = len(letters) > 4
    found = Q(pinyin__startswith=letters) | Q(initials__startswith=letters)
    found |= _by_spelling(files, letters, carers=carers)
    return found | Q(guardian_pinyin__startswith=letters) if carers else found


def _by_spelling(files, typed: str, *, carers: bool) -> Q:
    """Other readings and spellings have rows of their own: looked for first, or the files would be read one by one."""
    spelled = Q(spellings__spelling__startswith=typed)
    arm = spelled if carers else spelled & Q(spellings__of_carer=False)
    return Q(pk__in=_keys(files, [arm]))


def _by_number(files, text: str, digits: str) -> Q:
    """The beginning or the end of a file number, the end of an ID number or of a phone number."""
    found = Q(pk__in=[])
    if digits[0] == "U" or (digits[:CODE].isdigit() and len(digits) >= CODE):
        typed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
        found |= Q(file_number__startswith=typed if "-" in typed else _with_dashes(digits))
    if len(digits) in ENDS and digits[:-1].isdigit():
        found |= _by_end(files, digits)
    return found


def _with_dashes(digits: str) -> str:
    """A file number's beginning as it is kept, 410182106203-2026-0017, where its dashes were not typed."""
    if digits[0] == "U":
        return digits
    return "-".join(part for part in (digits[:12], digits[12:16], digits[16:]) if part)


def _by_end(files, digits: str) -> Q:
    """Each kind of number by its own index, one after the other: joined by OR they would be looked for row by row."""
    number_end = Q(Exact(Right("file_number", TAIL), digits[-TAIL:]))
    if len(digits) > TAIL:
        number_end &= Q(file_number__endswith=f"{digits[:-TAIL]}-{digits[-TAIL:]}")
    ends = [Q(id_tail__in=tail_indexes(digits, "id_number")) & ~Q(id_tail="")]
    if digits.isdigit():
        phones = tail_indexes(digits, "phone")
        ends.append(Q(phone_tail__in=phones) & ~Q(phone_tail=""))
        ends.append(Q(guardian_phone_tail__in=phones) & ~Q(guardian_phone_tail=""))
    if len(digits) == TAIL:
        return Q(pk__in=_keys(files, [number_end, *ends]))
    return Q(pk__in=_keys(files, [number_end])) | Q(pk__in=_ending_in(files.filter(pk__in=_keys(files, ends)), digits))


def _keys(files, arms: list[Q]) -> list:
    first, *others = (files.filter(arm).order_by().values_list("pk", flat=True) for arm in arms)
    return list(first.union(*others, all=True)[:ENDING]) if others else list(first[:ENDING])


def _ending_in(candidates, digits: str) -> list:
    """Those of ``candidates``, whose last four are right, of which a number ends in all ``digits``."""
    found = []
    # without the joins that a list has asked for: they would need columns that are left out here
    rows = candidates.order_by().select_related(None).only("id", "id_number", "phone").prefetch_related("guardians")
    for file in rows[:OPENED]:
        carers = [guardian for guardian in file.guardians.all() if guardian.until is None]
        if any(
            _ends(record, column, digits)
            for record, column in [(file, "id_number"), (file, "phone"), *((carer, "phone") for carer in carers)]
        ):
            found.append(file.pk)
    return found


def _ends(record, column: str, digits: str) -> bool:
    try:
        return getattr(record, column).endswith(digits)
    except Unsealable:
        return False
