"""Only the villages that were written to are counted again; what comes of it is what a count of everything gives."""

import datetime
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from orgs.stale_figures.models import LISTED, CountyMonth
from orgs.stale_figures.services import mark_figures_stale
from reports.rollup import services as rollup
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up, roll_up_counties
from tests.depth import examples
from tests.reports.rollup.test_for_ever import ACTS, BEGIN, DAY, Village, at
from tests.reports.world import a_country, counted_by_hand
from tests.threads import at_once

KEYS = ("2026-09", "2026Q3", "2026")
# what befalls the counting after an act
FATES = ("counted", "counted", "counted", "message lost", "died while it counted", "not told to the year")
HISTORY = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.sampled_from(FATES), st.integers(0, 1)),
    min_size=3,
    max_size=12,
)


def stored(keys=KEYS) -> dict:
    rows = Figure.objects.filter(period__in=keys).values_list("unit", "period", "numbers")
    return {(unit, key): numbers for unit, key, numbers in rows}


def hash_of_figures() -> str:
    """Over all figures in order, by names that two databases share."""
    rows = Figure.objects.order_by("period", "unit__level", "unit__pk").values_list("period", "unit__level", "numbers")
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True).encode()).hexdigest()


def count_everything(counties, keys=KEYS) -> None:
    for county in counties:
        for key in keys:
            roll_up(county, key, force=True)


@pytest.fixture
def counted(monkeypatch) -> list:
    """The villages of each count, None for all."""
    seen: list = []
    count = rollup.count_leaves

    def noted(period, counties, villages=None):
        seen.append(None if villages is None else set(villages))
        return count(period, counties, villages)

    monkeypatch.setattr(rollup, "count_leaves", noted)
    return seen


@pytest.mark.both
@pytest.mark.django_db
@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
@example(history=[("visit", 0, "counted", 0), ("visit", 0, "died while it counted", 0), ("return", 0, "counted", 0)])
@example(history=[("move", 0, "counted", 0), ("visit", 0, "message lost", 0), ("risk", 0, "counted", 1)])
@example(history=[("visit", 0, "counted", 1), ("visit", 0, "counted", 1), ("close", 0, "counted", 0)])
@example(  # the last is refused, so that nothing is written on the day on which another visit is overdue
    history=[
        ("rule", 9, "counted", 0), ("return", 0, "counted", 0), ("visit", 5, "counted", 0), ("visit", 7, "counted", 0),
        ("visit", 5, "counted", 1),
    ]
)  # fmt: skip
def test_it_comes_to_what_a_count_of_everything_gives(history):
    with transaction.atomic():
        today = BEGIN + 25 * DAY
        with at(BEGIN):
            village = Village()
        with at(today):
            county = village.here.county_id
            count_everything([county])
        for what, ago, fate, days in history:
            today = min(today + days * DAY, datetime.date(2026, 9, 30))
            with at(today):
                try:
                    with transaction.atomic():
                        village.act(what, ago, today)
                except (Refused, ValidationError, PermissionDenied):
                    pass  # not now
                _count(county, fate)
        with at(today):
            rollup.mark_overtaken()  # as every sweep: time too overtakes what was counted
            for key in KEYS:
                roll_up(county, key)
            found = stored()
            count_everything([county])
            assert found == stored()
        transaction.set_rollback(True)


def _count(county: int, fate: str) -> None:
    if fate == "message lost":
        return
    if fate == "died while it counted":
        for key in KEYS:
            rollup._claim(county, key, force=False)
        CountyMonth.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
        return
    for key in KEYS[:2] if fate == "not told to the year" else KEYS:
        roll_up(county, key)


@pytest.fixture
def country(db):
    with at(datetime.date(2026, 9, 15)):
        country = a_country()
        for place in (0, 0, 1, 2, 4):
            country.child(place)
        for unit in {village.county_id for village in country.villages}:
            count_everything([unit])
        yield country


@pytest.mark.both
def test_of_one_changed_village_that_one_alone_is_counted_up_to_the_city(
    country, counted, django_assert_max_num_queries
):
    village = country.villages[0]
    country.child(0, risk="high")
    mark_figures_stale(village.county_id, villages=[village.pk])
    with django_assert_max_num_queries(31):
        assert roll_up(village.county_id, "2026-09")
    assert counted == [{village.pk}]
    units = (village, village.township, village.county, country.city)
    numbers = [Figure.objects.get(unit=unit, period="2026-09").numbers for unit in units]
    assert [row["registered"] for row in numbers] == [3, 4, 5, 6]
    assert [row["risk_high"] for row in numbers] == [1, 1, 1, 1]
    assert not roll_up(village.county_id, "2026-09")


@pytest.mark.both
@pytest.mark.parametrize("why", ["nobody said where", "too many", "another day", "other indicators", "a list too long"])
def test_the_county_is_counted_as_a_whole_where_the_villages_do_not_tell(country, counted, monkeypatch, why):
    village = country.villages[0]
    day = datetime.date(2026, 9, 16 if why == "another day" else 15)
    with at(day):
        if why == "too many":
            monkeypatch.setattr(rollup, "FEW", 1)
        if why == "other indicators":
            row = Figure.objects.get(unit=village, period="2026-09")
            del row.numbers["risk_high"]
            row.save()
        if why == "a list too long":
            CountyMonth.objects.update(villages=f"{village.pk}," * LISTED)
        country.child(0)
        country.child(1)
        villages = None if why == "nobody said where" else [village.pk, country.villages[1].pk]
        mark_figures_stale(village.county_id, villages=villages)
        mark_figures_stale(village.county_id, villages=[village.pk])
        assert roll_up(village.county_id, "2026-09") and counted == [None]
        found = stored(["2026-09"])
        count_everything([village.county_id], ["2026-09"])
        assert found == stored(["2026-09"])


@pytest.mark.both
def test_a_write_that_comes_between_the_claim_and_the_count_is_not_lost(country, monkeypatch):
    """``wanted`` counts it already, so its village has to be counted too."""
    village, other = country.villages[0], country.villages[1]
    take = type(CountyMonth.objects.all()).take

    def overtaken(marks, *args):
        done = take(marks, *args)
        country.child(1)
        mark_figures_stale(other.county_id, villages=[other.pk])
        return done

    monkeypatch.setattr(type(CountyMonth.objects.all()), "take", overtaken)
    country.child(0)
    mark_figures_stale(village.county_id, villages=[village.pk])
    assert roll_up(village.county_id, "2026-09")
    monkeypatch.undo()
    roll_up(village.county_id, "2026-09")
    assert Figure.objects.get(unit=other, period="2026-09").numbers["registered"] == 2
    assert Figure.objects.get(unit=country.city, period="2026-09").numbers["registered"] == 7


@pytest.mark.both
def test_figures_are_the_same_from_any_number_of_runs_in_any_order(country):
    """Also one after the other, village by village, and in the order turned round."""
    counties = sorted({village.county_id for village in country.villages})
    for place, village in enumerate(country.villages):
        country.child(place, risk="high")
        mark_figures_stale(village.county_id, villages=[village.pk])
        for county in counties[:: 1 if place % 2 else -1]:
            roll_up(county, KEYS[place % 3])
    for key in KEYS:
        for county in counties:
            roll_up(county, key)
    # what plain Python gives, row by row: the same on each database
    for key in KEYS:
        by_hand = counted_by_hand(Period.of(key))
        for figure in Figure.objects.filter(period=key):
            assert figure.numbers == {name: by_hand[figure.unit_id, name] for name in figure.numbers}
    found = hash_of_figures()
    Figure.objects.all().delete()
    count_everything(counties[::-1])
    assert hash_of_figures() == found
    Figure.objects.all().delete()
    for key in KEYS:
        assert roll_up_counties(counties, key, force=True) == len(counties)
    assert hash_of_figures() == found


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_come_to_the_same():
    with at(datetime.date(2026, 9, 15)):
        country = a_country()
        counties = sorted({village.county_id for village in country.villages})
        count_everything(counties)

        def work(place):
            for _ in range(3):
                with transaction.atomic():
                    country.child(place)
                    village = country.villages[place]
                    mark_figures_stale(village.county_id, villages=[village.pk])
                for key in KEYS:
                    # every other one together with all counties
                    roll_up_counties(counties if place % 2 else [village.county_id], key)

        at_once(*[lambda place=place: work(place) for place in (0, 1, 2, 4)])
        for key in KEYS:
            for county in counties:
                roll_up(county, key)
        found = hash_of_figures()
        assert Figure.objects.get(unit=country.city, period="2026").numbers["registered"] == 12
        count_everything(counties)
        assert hash_of_figures() == found
