"""What is kept of crossings gives what counting gives, whatever is written, by whom it is counted, and as days pass."""

import datetime
from collections import Counter
from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from orgs.reorganisation.rules import Part
from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.merging.models import Merge
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.status.models import ChildStatus
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from reports.crossing import kept
from reports.crossing.cells import Cells
from reports.crossing.dimensions import BY_KEY
from reports.crossing.kept import KeptRows
from reports.crossing.mixes import DIGITS, PAIRS
from reports.crossing.models import CountyCells, VillageMixes
from reports.crossing.people import page_of, places_of
from reports.crossing.source import LiveRows
from reports.crossing.table import crossing_of
from reports.rollup import services as rollup
from reports.rollup.periods import Period
from reports.rollup.services import mark_overtaken, open_periods, roll_up, roll_up_counties
from tests.builders import a_county, a_post, a_stay, a_township, a_village, an_approved_file, fresh
from tests.depth import examples
from tests.orgs.reorganisation.world import an_admin, heir, ordered
from tests.reports.crossing.world import NOON, TODAY, a_mixed_country
from tests.reports.rollup.test_for_ever import ACTS, BEGIN, DAY, Village, at

pytestmark = pytest.mark.django_db
FATES = ("counted", "counted", "message lost", "one county", "died while it counted", "after a write")
HISTORY = st.lists(
    st.tuples(
        st.sampled_from((*ACTS, "merge", "unmerge", "away", "stay", "host_rule", "reorganise", "approve")),
        st.integers(0, 9),
        st.sampled_from(FATES),
        st.integers(0, 2),
    ),
    min_size=3,
    max_size=12,
)  # fmt: skip


class Place(Village):
    """Two children at home, a village in the next county of the city, and who may hand a child there."""

    def __init__(self):
        super().__init__()
        self.far = a_village(a_township(a_county(self.here.city)))
        self.far_clerk, self.officer = a_post(self.far.township), a_post(self.here.county)
        self.admin = an_admin(self.here)
        self.directors[self.far.pk] = a_post(self.far)
        self.twin = an_approved_file(self.here, on=BEGIN).pk

    @property
    def counties(self):
        return sorted(OrgUnit.objects.filter(city=self.here.city, level=2).values_list("pk", flat=True))

    def _approve(self, file, _clerk, day):
        an_approved_file(OrgUnit.objects.with_path().get(pk=file.village_id), on=day)

    def _merge(self, file, _clerk, _day):
        other = ChildFile.objects.get(pk=self.twin)
        merge_files(file, other, by=fresh(self.officer), seen_versions=(file.version, other.version))

    def _unmerge(self, _file, _clerk, _day):
        merge = Merge.objects.filter(undone_at=None).first()
        if merge:
            undo_merge(merge, by=fresh(self.officer))

    def _away(self, file, clerk, _day):
        target, taker = (self.far, self.far_clerk) if file.county_id != self.far.county_id else (self.here, self.clerk)
        asker = fresh(clerk if file.county_id == self.here.county_id else self.far_clerk)
        asked = ask_transfer(file, by=asker, target=target, reason="随父母", seen_version=file.version)
        TRANSFER.apply("accept", asked, by=fresh(taker), seen_version=asked.version)

    def _stay(self, file, _clerk, _day):
        a_stay(file, self.far)

    def _host_rule(self, file, clerk, day):
        """A rule of the county that a child stays in moves its visits, and where it counts."""
        self._rule(type("Host", (), {"county": self.far.county, "county_id": self.far.county_id}), clerk, day)

    def _reorganise(self, file, _clerk, _day):
        village = OrgUnit.objects.with_path().get(pk=file.village_id)
        if village.pk in (self.here.pk, self.there.pk):
            moved = Part(source=village, parent=self.far.township)
            ordered("move", moved, on=timezone.localdate(), by=self.admin)
            self.directors[heir(village).pk] = a_post(heir(village))


def assert_kept_is_counted(unit: OrgUnit, month: Period) -> None:
    """Of every two dimensions, with the places below and the cells that are chosen."""
    kept, live = KeptRows(unit, month), LiveRows(unit, month)
    below = {1: "county_id", 2: "township_id"}[unit.level]
    for rows, columns in combinations(DIGITS, 2):
        placed = live.groups(below, rows, columns)
        assert sorted(kept.groups(below, rows, columns)) == sorted(placed), (unit, below, rows, columns)
        together: Counter = Counter()
        for _place, *held, children in placed:
            together[tuple(held)] += children
        found = {tuple(held): children for *held, children in kept.groups(rows, columns)}
        assert found == together, (unit, rows, columns)


@pytest.mark.both
@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORY)
@example(history=[("stay", 0, "counted", 0), ("host_rule", 9, "message lost", 0)])
@example(history=[("away", 0, "counted", 0), ("visit", 3, "after a write", 1), ("return", 0, "message lost", 0)])
@example(history=[("merge", 0, "counted", 1), ("visit", 0, "died while it counted", 1), ("unmerge", 0, "counted", 0)])
@example(history=[("reorganise", 0, "message lost", 0), ("visit", 0, "counted", 2), ("close", 0, "one county", 1)])
@example(history=[("visit", 0, "after a write", 0), ("approve", 0, "after a write", 1), ("risk", 1, "counted", 2)])
def test_after_any_acts_and_any_days_the_cells_are_those_that_are_counted(history):
    with transaction.atomic():
        today = BEGIN + 25 * DAY
        with at(BEGIN):
            place = Place()
        with at(today):
            open_periods()
            roll_up_counties(place.counties, Period.of().key)
        for what, ago, fate, days in history:
            today += days * 4 * DAY
            with at(today):
                open_periods()
                if fate == "after a write":
                    _count(place, fate)
                try:
                    with transaction.atomic():
                        place.act(what, ago, today)
                except (Refused, ValidationError, PermissionDenied):
                    pass  # not now
                _table_is_counted(place)
                _count(place, fate)
                _table_is_counted(place)
        with at(today):
            _all_tables_are_counted(place)
        transaction.set_rollback(True)


@pytest.mark.both
def test_a_rule_of_the_county_where_a_child_stays_marks_the_figures_of_its_home():
    with at(BEGIN):
        place = Place()
    today = BEGIN + 25 * DAY
    with at(today):
        open_periods()
        place.act("stay", 0, today)
        roll_up_counties(place.counties, Period.of().key)
        home = CountyMonth.objects.filter(county=place.here.county_id, period=Period.of().key)
        assert home.filter(wanted=F("done")).exists()
        place.act("host_rule", 9, today)
        assert home.filter(wanted__gt=F("done")).exists()
        _table_is_counted(place)


def _table_is_counted(place: Place) -> None:
    """In two dimensions that every act moves, by county."""
    city, columns = place.here.city, ("county_id", "d_category", "d_visit")
    counted = sorted(LiveRows(city, Period.of()).groups(*columns))
    assert sorted(KeptRows(city, Period.of()).groups(*columns)) == counted


def _all_tables_are_counted(place: Place) -> None:
    """Of the city and each county, the places below them too, in the running month and the one before."""
    city, running = place.here.city, Period.of()
    for month in (running, Period.of(running.back(1))):
        for unit in (city, *OrgUnit.objects.filter(city=city, level=2)):
            below = "county_id" if unit.level == 1 else "township_id"
            for columns in (("d_visit", "d_risk"), (below, "d_category", "d_visit")):
                counted = sorted(LiveRows(unit, month).groups(*columns))
                assert sorted(KeptRows(unit, month).groups(*columns)) == counted, (month.key, unit, columns)


def _count(place: Place, fate: str) -> None:
    running = Period.of()
    keys = [running.key, running.back(1)]
    if fate == "died while it counted":
        for county in place.counties:
            rollup._claim(county, running.key, force=False)
        CountyMonth.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    elif fate != "message lost":
        mark_overtaken()
        for key in keys:
            roll_up_counties(place.counties[:1] if fate == "one county" else place.counties, key)


@pytest.fixture(scope="module")
def mixed(shared_world):
    with at(TODAY):
        country = a_mixed_country()
        open_periods()
        for key in (Period.of().key, Period.of().back(1)):
            roll_up_counties({village.county_id for village in country.villages}, key, force=True)
    return country


@pytest.fixture
def country(mixed):
    with at(NOON.date()):
        yield mixed


@pytest.mark.both
@pytest.mark.parametrize("key", ["2026-11", "2026-10"])
def test_every_two_dimensions_of_a_city_and_its_counties(country, key):
    for unit in (country.city, country.county):
        assert_kept_is_counted(unit, Period.of(key))


def test_the_city_asks_for_the_cells_and_for_its_villages_that_were_written_to(country, django_assert_num_queries):
    def crossed():
        return crossing_of(KeptRows(country.city, Period.of()), BY_KEY["category"], BY_KEY["visit"])

    with django_assert_num_queries(2):  # cells with their marks, the counties of the city
        before = crossed()
    village = country.villages[0]
    country.child(0, risk="high")
    mark_figures_stale(village.county_id, villages=[village.pk])
    with django_assert_num_queries(4):  # and the villages, as they were and as they are
        after = crossed()
    assert after.number() == before.number() + 1
    with django_assert_num_queries(1):
        crossing_of(KeptRows(country.county, Period.of("2026-10")), BY_KEY["age"], BY_KEY["risk"])
    cells = Cells.read("all:overdue,left_behind:due", after.rows, after.columns)
    source = KeptRows(country.city, Period.of())
    assert page_of(source, after, cells, 1, named=False).count == cells.count(after)
    assert sum(each.count for each in places_of(source, after, cells).units) == cells.count(after)


@pytest.mark.both
def test_no_table_is_put_together_from_two_moments(country, monkeypatch):
    """A run that ends between the reading of a county's cells and that of its villages."""
    village, other = country.villages[0], country.villages[4]
    for place in (0, 4):
        country.child(place)
    mark_figures_stale(village.county_id, villages=[village.pk])
    mark_figures_stale(other.county_id, villages=[other.pk])
    read = kept._cells_of

    def then_counted(*asked):
        found = read(*asked)
        roll_up(village.county_id, "2026-11")
        return found

    monkeypatch.setattr(kept, "_cells_of", then_counted)
    found = KeptRows(country.city, Period.of()).groups("d_sex", "d_visit")
    assert sorted(found) == sorted(LiveRows(country.city, Period.of()).groups("d_sex", "d_visit"))


@pytest.mark.both
def test_what_an_earlier_version_kept_is_not_read_and_is_counted_anew(country):
    CountyCells.objects.update(layout="another", cells={})
    assert_kept_is_counted(country.city, Period.of())
    assert mark_overtaken() == 2
    roll_up_counties({village.county_id for village in country.villages}, "2026-11")
    assert CountyCells.objects.filter(layout="another", mark__period="2026-11").count() == 0
    assert_kept_is_counted(country.city, Period.of())


@pytest.mark.both
def test_a_village_without_children_any_more_keeps_none(country):
    village = country.villages[0]
    assert VillageMixes.objects.get(village=village, period="2026-11").mixes
    ChildStatus.objects.filter(village=village).update(until=TODAY)
    mark_figures_stale(village.county_id)
    roll_up(village.county_id, "2026-11")
    assert VillageMixes.objects.get(village=village, period="2026-11").mixes == ""
    assert_kept_is_counted(village.county, Period.of())


def test_every_value_and_every_pair_has_its_bits():
    bits = [digit.mask for digit in DIGITS.values()]
    assert (
        all(one & other == 0 for one, other in combinations(bits, 2))
        and len(PAIRS) == len(DIGITS) * (len(DIGITS) - 1) // 2
    )
    for digit in DIGITS.values():
        for number, code in enumerate(digit.codes, 1):
            assert digit.raw(number << digit.place | (~digit.mask & 0xFFFF)) == code
            assert number <= digit.mask >> digit.place


def test_verify_names_a_village_whose_kept_mixes_are_off(country):
    call_command("rollup_verify", period="2026-11", figures_only=True)
    VillageMixes.objects.filter(village=country.villages[0]).update(mixes="1")
    with pytest.raises(CommandError, match="交叉"):
        call_command("rollup_verify", period="2026-11", figures_only=True)
