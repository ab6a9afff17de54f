"""A county's month: what its villages sign and seal, its own submission, and the pages on which both are done.

Beside what is signed the floor: the plain SELECT of the same rows, one compression and one hash.
"""

import hashlib
import statistics
import zlib
from collections.abc import Callable
from functools import partial
from operator import truediv

from benchmarks._world import asked_of_database, fill, seconds_of, undone

TURNS = 7


def main(children: int = 100_000) -> None:
    """Print medians in ms, of the ratio within each turn; then what the pages ask of the database."""
    from django.db import connection

    from orgs.units.models import OrgUnit
    from reports.rollup.periods import Period
    from reports.submissions.models import Submission
    from reports.submissions.opening import open_period
    from reports.submissions.services import approve, submit

    fill(children)
    county = OrgUnit.objects.filter(level=2).first()
    key = Period.of().back(1)
    print(f"{connection.vendor}, {children:,} children (medians of {TURNS} turns)\n")
    opened = seconds_of(lambda: open_period(county.city, key))
    rows = Submission.objects.with_all().filter(period__key=key, unit__county=county)
    villages = list(rows.filter(unit__level=4).order_by("unit"))
    people = _people_of(county)
    pages = {"county, nothing sent": _page_of(rows.get(unit=county), people)}
    frozen = f"{len(villages)} villages frozen at once: read, sealed, hashed, stored"
    first = villages[0]
    taken = {
        frozen: _turns(lambda: partial(_frozen, villages), _floor(first.period, county)),
        "a village's submission": _turns(
            lambda: partial(submit, **_sending(rows.get(pk=first.pk), people)), _floor(first.period, first.unit)
        ),
    }
    for level in (4, 3):
        for row in rows.filter(unit__level=level):
            submit(**_sending(row, people))
            sent = rows.get(pk=row.pk)
            approve(sent, by=people[sent.above_id], seen_version=sent.version, hash=sent.current.hash)
        if level == 4:
            township = rows.filter(unit__level=3).first()
            pages["township, all villages approved"] = _page_of(township, people)
    pages["county, all townships approved"] = _page_of(rows.get(unit=county), people)
    whole = rows.get(unit=county)
    taken["the county's submission: townships summed"] = _turns(
        lambda: partial(submit, **_sending(rows.get(pk=whole.pk), people)), lambda: _floor_of_sum(whole)
    )
    print("| what | ms | floor ms | ÷ floor |\n|---|--:|--:|--:|")
    print(f"| the period opened for the city: a row for each unit | {opened * 1000:,.0f} | | |")
    for what, (ours, floor, ratio) in taken.items():
        print(f"| {what} | {ours * 1000:.1f} | {floor * 1000:.1f} | {ratio:.1f} |")
    print("\n| the month's page | queries | database ms | whole ms |\n|---|--:|--:|--:|")
    for what, (queries, database, whole) in pages.items():
        print(f"| {what} | {queries} | {database * 1000:.1f} | {whole * 1000:.1f} |")


def _turns(prepare: Callable[[], Callable], floor: Callable) -> tuple[float, float, float]:
    """(what is prepared, the floor, the ratio), turn by turn: other work on the machine strikes both alike."""
    pairs = []
    for _turn in range(TURNS + 1):
        ours = prepare()
        pairs.append((seconds_of(lambda ours=ours: undone(ours)), seconds_of(floor)))
    mine, limits = zip(*pairs[1:], strict=True)  # the first one warms up
    return statistics.median(mine), statistics.median(limits), statistics.median(map(truediv, mine, limits))


def _people_of(county) -> dict:
    """{unit: the post that works for it}, of the county and all below."""
    from orgs.units.models import OrgUnit
    from tests.builders import a_post

    units = OrgUnit.objects.filter(county=county, level__gt=1).select_related("city", "county", "township", "village")
    return {unit.pk: a_post(unit) for unit in units} | {county.city_id: a_post(county.city)}


def _sending(row, people: dict) -> dict:
    """What ``submit`` is told: the sheet as it stands, with a word to what does not fit in a made-up world."""
    from reports.submissions.before import before_of
    from reports.submissions.sheets import contradictions, sheet_of

    sheet = sheet_of(row)
    said = {check.key: "已核实" for check in contradictions(sheet, before_of(row).last)}
    return {
        "submission": row,
        "by": people[row.unit_id],
        "seen_version": row.version,
        "seen": sheet.seen,
        "explanations": said,
    }


def _frozen(villages: list) -> None:
    """The snapshots of all villages of a county, by the functions by which each is taken."""
    from reports.snapshots.content import sheet_of_village
    from reports.snapshots.rosters import Roster, rosters_of
    from reports.snapshots.services import first_snapshot, write

    period = villages[0].period
    rosters = rosters_of(period.month, villages[0].unit.county)
    sheets = [sheet_of_village(period, row.unit, rosters.get(row.unit_id, Roster())) for row in villages]
    write([(sheet, first_snapshot(sheet)) for sheet in sheets])


def _floor(period, unit) -> Callable[[], None]:
    """The same rows, fetched by plain statements, packed in one piece and hashed once."""
    from django.db import connection

    from reports.indicators.facts import known_now
    from reports.snapshots.rosters import groups_of_rows

    month, statements = known_now(period.month), []
    for _name, indicators in groups_of_rows():
        fact, dimensions = indicators[0].fact, {}
        for each in indicators:
            dimensions |= each.fact.dimensions(month)
        rows = fact.rows(month).within(unit).order_by().annotate(**dimensions)
        found = rows.values_list(f"{fact.via}village_id", fact.key, *dimensions)
        statements.append(found.query.sql_with_params())

    def work() -> None:
        read = []
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                read.append(cursor.fetchall())
        written = repr(read).encode()
        zlib.compress(written, level=6)
        hashlib.sha256(written).digest()

    return work


def _floor_of_sum(row) -> None:
    from reports.snapshots.models import Snapshot

    contents = Snapshot.objects.filter(pk__in=row.children.values("approved")).values_list("content", flat=True)
    hashlib.sha256("".join(contents).encode()).digest()


def _page_of(row, people: dict) -> tuple[int, float, float]:
    from django.test import Client
    from django.urls import reverse

    from tests.builders import sign_in

    client = Client()
    sign_in(client, people[row.unit_id])
    found = [asked_of_database(lambda: client.get(reverse("submission-detail", args=[row.pk]))) for _ in range(TURNS)]
    return tuple(statistics.median(each) for each in zip(*found[1:], strict=True))
