"""Writing figures: a county as a whole, or what some of its villages changed, and the city above."""

from collections.abc import Collection, Iterable
from operator import itemgetter

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from orgs.units.models import OrgUnit
from reports.indicators.table import INDICATORS
from reports.rollup.mixes import figures_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period

STORED_KEYS = tuple(each.stored_key for each in INDICATORS)
Stored = dict[int, dict[str, int]]  # {unit: {stored key: number}}
Texts = dict[int, str]  # {unit: that as JSON}
# PostgreSQL gives members back by the length of their keys and with blanks, SQLite as they came and without: so they
# compare as text
KEYS_IN_TEXT = sorted(STORED_KEYS, key=lambda key: (len(key), key))
IN_TEXT = itemgetter(*map(STORED_KEYS.index, KEYS_IN_TEXT))
BLANK = {"postgresql": " ", "sqlite": ""}
MANY = 500  # units; of more all rows of the period are read, for the list of them takes longer
# a row for each member of a JSON object {unit: numbers}
INTO = "INSERT INTO reports_figure (unit_id, month, numbers, as_of, counted_at) "
ROWS = {
    "postgresql": "SELECT key::bigint, %s, value, %s::date, %s::timestamptz FROM jsonb_each(%s::jsonb)",
    "sqlite": "SELECT CAST(key AS INTEGER), %s, value, %s, %s FROM json_each(%s) WHERE true",
}
OVER = (
    " ON CONFLICT (unit_id, month)"
    " DO UPDATE SET numbers = excluded.numbers, as_of = excluded.as_of, counted_at = excluded.counted_at"
)
WRITE = {vendor: INTO + rows + OVER for vendor, rows in ROWS.items()}


def totals_of(counties: Collection[int], leaves: dict[int, int]) -> dict[int, Texts]:
    """{county: of each of its units}: a unit without children has zeros, for it is expected in the table."""
    units = list(OrgUnit.objects.filter(county__in=counties).values_list("pk", "township_id", "county_id", "level"))
    lanes = {pk: 0 for pk, *_above in units}
    for pk, township, county, level in units:
        if level == 4 and pk in leaves:
            for unit in (pk, township, county):
                lanes[unit] += leaves[pk]
    # not by way of a dict and its JSON, which takes four times as long
    whole_row = _joined(f'"{key}":{BLANK[connection.vendor]}%d' for key in KEYS_IN_TEXT)
    totals: dict[int, Texts] = {county: {} for county in counties}
    for pk, _township, county, _level in units:
        totals[county][pk] = whole_row % IN_TEXT(figures_of(lanes[pk]))
    return totals


def places_of(county_id: int, villages: Iterable[int]) -> dict[int, int]:
    """{village: township} of those of ``villages`` that lie in the county."""
    return dict(OrgUnit.objects.filter(county=county_id, level=4, pk__in=villages).values_list("pk", "township_id"))


def stored_before(period: Period, units: Iterable[int]) -> Stored | None:
    """What is stored of ``units``; None unless every one of them has just the numbers that are counted today."""
    wanted, expected = set(units), set(STORED_KEYS)
    rows: Stored = {pk: numbers or {} for pk, numbers in _rows(period, wanted).values_list("unit_id", "numbers")}
    return rows if rows.keys() == wanted and all(row.keys() == expected for row in rows.values()) else None


def totals_after(county_id: int, before: Stored, places: dict[int, int], leaves: dict[int, int]) -> Texts:
    """Of the villages in ``places`` as they were counted now; of their townships and the county what was stored and
    the difference."""
    after = {pk: dict(row) for pk, row in before.items()}
    for village, township in places.items():
        after[village] = dict(zip(STORED_KEYS, figures_of(leaves.get(village, 0)), strict=True))
        for above in (township, county_id):
            for key, number in after[village].items():
                after[above][key] += number - before[village][key]
    return {pk: _text(row) for pk, row in after.items()}


def _text(numbers: dict[str, int]) -> str:
    blank = BLANK[connection.vendor]
    return _joined(f'"{key}":{blank}{numbers[key]:d}' for key in KEYS_IN_TEXT if key in numbers)


def _joined(members: Iterable[str]) -> str:
    return "{" + f",{BLANK[connection.vendor]}".join(members) + "}"


def write(period: Period, texts: Texts) -> None:
    """Most are as they were, and are not written again: when they were counted last says the county's mark. Compared as
    text, for to read all these numbers takes longer than to count them; what only looks otherwise is written."""
    rows = _rows(period, texts if len(texts) <= MANY else None).filter(as_of=period.as_of)
    before = rows.annotate(text=Cast("numbers", TextField())).values_list("unit_id", "text")
    same = {pk for pk, text in before if text == texts.get(pk, "")}
    changed = [f'"{pk}":{text}' for pk, text in texts.items() if pk not in same]
    if not changed:
        return
    as_of = connection.ops.adapt_datefield_value(period.as_of)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        # one statement of one text: Django's rows, each put together and quoted, take longer than all the counting
        cursor.execute(WRITE[connection.vendor], [period.key, as_of, now, "{" + ",".join(changed) + "}"])


def _rows(period: Period, units: Iterable[int] | None) -> QuerySet[Figure]:
    """Of ``units``; of all for None."""
    rows = Figure.objects.filter(period=period.key)
    return rows if units is None else rows.filter(unit__in=units)


def write_cities(period: Period, counties: Collection[int]) -> None:
    """A city is the sum of its counties' rows; written by whichever county comes last.

    Two counties at once would each miss the other's new row, so the city's row is locked first. ``no_key`` lets
    other writes refer to the city meanwhile: a full lock would block every new file there, and deadlock with its mark.
    """
    above = OrgUnit.objects.filter(pk__in=counties).values("city")
    cities = OrgUnit.objects.select_for_update(no_key=True).filter(level=1, pk__in=above).order_by("pk")
    for city in cities.values_list("pk", flat=True):
        below = Figure.objects.counted().filter(unit__city=city, unit__level=2, period=period.key)
        rows = below.values_list("numbers", flat=True)
        write(period, {city: _text(sum_of_rows([row or {} for row in rows]))})


def sum_of_rows(rows: list[dict[str, int]]) -> dict[str, int]:
    """The sum of stored values; of an indicator that is not in every row there is none, for it would be too small."""
    return {key: sum(row[key] for row in rows) for key in STORED_KEYS if all(key in row for row in rows)}
