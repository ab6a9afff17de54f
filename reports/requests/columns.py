"""What exists already: the catalogue of indicators, how it is searched, and its figures for units."""

from collections.abc import Iterable
from dataclasses import dataclass

from childwelfare.text.pinyin import letters_to_pick_by, typed_letters
from orgs.units.models import OrgUnit
from reports.indicators.columns import header_groups
from reports.indicators.indicator import Indicator, Numbers
from reports.indicators.table import INDICATORS, numbers_of
from reports.requests.codes import COMMON, SAID_ALSO
from reports.rollup.models import Figure
from reports.submissions.official import reported_by

REPORTED, LIVE = "reported", "live"


@dataclass(frozen=True)
class Held:
    """What is known of one unit: ``source`` says whether it was reported or is counted as of now, blank where the month
    was not counted."""

    numbers: Numbers
    source: str = ""


def find_columns(typed: str) -> list[tuple]:
    """(group, [indicator]) whose name, group, definition or key has what was typed, or whose pinyin begins so; all of
    them for nothing typed. Said otherwise, or with a word that every column says (人数, 儿童), it is found too."""
    typed = typed.strip().lower()
    if not typed:
        return header_groups()
    said = [typed, COMMON.sub("", typed), *(name for word, name in SAID_ALSO.items() if word in typed)]
    return header_groups(each for each in INDICATORS if any(_has(each, word) for word in said if word))


def _has(indicator: Indicator, typed: str) -> bool:
    name = full_label(indicator)
    if typed in f"{name} {indicator.definition} {indicator.key}".lower():
        return True
    letters = typed_letters(typed)
    parts = (name, str(indicator.label))
    return bool(letters) and any(
        each.startswith(letters) for part in parts for each in letters_to_pick_by(part).split()
    )


def full_label(indicator: Indicator) -> str:
    """With the head that it stands under: 年龄·0–5."""
    return f"{indicator.group}·{indicator.label}" if indicator.group else str(indicator.label)


def held_by(units: Iterable[OrgUnit], key: str) -> dict[int, Held]:
    """{unit: its figures of the month ``key``}: those it reported, where they are valid; else as last counted. Two
    queries."""
    units = list(units)
    found = {pk: Held(numbers, REPORTED) for pk, numbers in reported_by(units, key).items()}
    rest = [unit.pk for unit in units if unit.pk not in found]
    rows = Figure.objects.counted().filter(unit__in=rest, period=key).values_list("unit_id", "numbers")
    return found | {pk: Held(numbers_of(stored), LIVE) for pk, stored in rows}
