"""Two dimensions crossed give the figures of the ledger, in every month and at every tier, and each child once."""

import datetime
from itertools import permutations

import pytest
import time_machine

from orgs.units.models import OrgUnit
from registry.child import codes
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.status.models import CATEGORY_BITS
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from reports.crossing.cells import Cells, words_of
from reports.crossing.dimensions import BY_KEY, DIMENSIONS, meanings_of
from reports.crossing.people import page_of, places_of
from reports.crossing.source import LiveRows
from reports.crossing.table import ALL, crossing_of
from reports.indicators.table import BY_KEY as INDICATORS
from reports.indicators.table import numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from tests.builders import a_county, a_post, a_stay, a_township, a_village, a_visit, an_approved_file, fresh
from tests.reports.crossing.world import NOON, a_mixed_country, visit_states
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mixed(shared_world):
    with time_machine.travel(NOON, tick=False):
        country = a_mixed_country()
        for month in ("2026-11", "2026-10"):
            for county in {village.county_id for village in country.villages}:
                roll_up(county, month, force=True)
    return country


@pytest.fixture
def country(mixed):
    with time_machine.travel(NOON, tick=False):
        yield mixed


def crossed(unit, rows, columns, month="2026-11"):
    return crossing_of(LiveRows(unit, Period.of(month)), BY_KEY[rows], BY_KEY[columns])


@pytest.mark.both
@pytest.mark.parametrize("month", ["2026-11", "2026-10"])
def test_whatever_is_crossed_the_margins_are_the_figures_of_the_ledger(country, month):
    village = country.villages[0]
    for tier in ("city", "county", "township", "village"):
        unit = getattr(village, tier)
        stored = numbers_of(Figure.objects.get(unit=unit, period=month).numbers)
        by_hand = visit_states(tier, unit, Period.of(month))
        for rows, columns in permutations(BY_KEY, 2):
            table = crossed(unit, rows, columns, month)
            assert table.number() == stored["registered"], (unit, rows, columns)
            for value in table.rows.values:
                number = table.number(value.key)
                if value.key in INDICATORS:
                    assert number == stored[value.key], (unit, value.key)
                if rows == "visit":
                    assert number == by_hand[value.key], (unit, value.key)
                cells = sum(table.number(value.key, each.key) for each in table.columns.values)
                assert cells == number if not table.columns.several else cells >= number
        disabled = crossed(unit, "disability", "sex", month)
        assert disabled.number() - disabled.number("disabled_none") == stored["disabled_all"]


@pytest.mark.both
def test_chosen_cells_count_list_and_place_the_same_children_each_once(country):
    source, table = LiveRows(country.city, Period.of()), crossed(country.city, "category", "visit")
    for text in (
        "left_behind:due,left_behind:overdue", "left_behind:visited,difficulty:due", "all:overdue", "all:all",
        "no_category:all,orphan:not_due,migrant:not_due", "left_behind:all,all:visited",
    ):  # fmt: skip
        cells = Cells.read(text, table.rows, table.columns)
        listed = source.listed(cells.where(table), 0, 500)
        assert len({row.child_id for row in listed}) == len(listed) == cells.count(table) > 0, text
        assert sum(each.count for each in places_of(source, table, cells).units) == len(listed)
    one, two = (Cells.read(text, table.rows, table.columns) for text in ("left_behind:all", "difficulty:all"))
    both = Cells((*one.chosen, *two.chosen))
    assert both.count(table) < one.count(table) + two.count(table)  # who holds both is one child


def test_worst_first_and_no_child_twice_over_the_pages(country):
    source, table = LiveRows(country.city, Period.of()), crossed(country.city, "visit", "sex")
    cells = Cells.read("due:all,overdue:all", table.rows, table.columns)
    pages = [page_of(source, table, cells, number, named=True) for number in (1, 2)]
    late = [each.late for page in pages for each in page.people]
    assert late == sorted(late, reverse=True) and late[0] == 5
    seen = [each.child.pk for page in pages for each in page.people]
    assert len(seen) == len(set(seen)) == min(24, pages[0].count)
    assert page_of(source, table, cells, 999, named=True).number == pages[0].last


def test_one_query_for_the_table_and_few_for_the_list(country, django_assert_num_queries):
    source = LiveRows(country.county, Period.of("2026-10"))
    for rows, columns in (("category", "visit"), ("age", "risk")):
        with django_assert_num_queries(1):
            table = crossing_of(source, BY_KEY[rows], BY_KEY[columns])
    cells = Cells((("all", "all"),))
    with django_assert_num_queries(
        7
    ):  # the page, where they are, who owes the visit then and now, children, units, posts
        page_of(source, table, cells, 1, named=True)
    with django_assert_num_queries(2):
        places_of(source, table, cells)
    with django_assert_num_queries(0):
        assert cells.count(table) == table.number()


def test_every_code_has_its_value_and_no_two_values_the_same(country):
    told = {
        "sex": codes.Sex.values, "schooling": ["", *codes.Schooling.values],
        "guardianship": ["", *codes.Guardianship.values], "risk": [*codes.Risk.values, codes.UNASSESSED],
        "disability": ["", *codes.Disability.values], "category": [0, *CATEGORY_BITS.values()],
    }  # fmt: skip
    for key, values in told.items():
        held = [code for value in BY_KEY[key].values for code in value.codes]
        assert sorted(held, key=str) == sorted(values, key=str), key
    for dimension in DIMENSIONS:
        assert len(dimension.by_key) == len(dimension.values) and str(dimension.definition)
        assert {key for union in dimension.unions for key in union.keys} <= dimension.by_key.keys()
        assert meanings_of(dimension, datetime.date(2026, 11, 15))
    assert BY_KEY["category"].keys_of(2 + 8) == ("de_facto", "left_behind")


def test_cells_are_called_as_one_says_them(country):
    rows, columns = BY_KEY["category"], BY_KEY["visit"]

    def said(text):
        return words_of(Cells.read(text, rows, columns), rows, columns)

    assert said("left_behind:overdue,left_behind:due") == "留守儿童 · 未走访"
    assert said("all:overdue") == "逾期" and said("all:all") == "在册合计" and said("orphan:all") == "孤儿"
    assert said("orphan:due,migrant:overdue") == "孤儿 · 应访未访；流动儿童 · 逾期"
    for text in ("left_behind", "nothing:due", "left_behind:x", ":", "left_behind:due;drop"):
        with pytest.raises(ValueError):
            said(text)


@pytest.mark.both
def test_a_month_that_is_over_counts_as_it_was_known(country):
    """A closing and a visit that are written in November, of days in October, leave October as it was; a visit of the
    month before that is sent back too."""
    village = a_village()
    clerk, file = a_post(village.township), an_approved_file(village, on=datetime.date(2026, 9, 1))
    an_approved_file(village, on=datetime.date(2026, 9, 1))
    visited = an_approved_file(village, on=datetime.date(2026, 9, 1))
    before = crossed(village, "category", "visit", "2026-10").numbers
    assert before[ALL, "overdue"] == 3
    a_visit(visited, visited_on=datetime.date(2026, 10, 30), late_reason="电话坏了")
    close_file(file, by=fresh(clerk), seen_version=file.version, reason="moved", note="", on=datetime.date(2026, 10, 9))
    assert crossed(village, "category", "visit", "2026-10").numbers == before
    assert crossed(village, "category", "visit").number() == 2


@pytest.mark.both
def test_a_child_who_stays_elsewhere_counts_at_home_and_its_host_is_called(country):
    village = a_village()
    file = an_approved_file(village, on=datetime.date(2026, 9, 1))
    elsewhere = a_village()
    host = a_post(elsewhere)
    a_stay(file, elsewhere, days=60)
    due = VisitDue.objects.open().get(child=file)
    assert due.village_id == elsewhere.pk
    VisitDue.objects.filter(pk=due.pk).update(due_on=datetime.date(2026, 11, 5))
    source, table = LiveRows(village.county, Period.of()), crossed(village.county, "visit", "sex")
    assert table.number("overdue") == 1 and crossed(elsewhere.county, "visit", "sex").number() == 0
    (each,) = page_of(source, table, Cells((("overdue", ALL),)), 1, named=True).people
    assert each.child == file and each.village == village and each.late == 10
    assert [post.person for post in each.call] == [host.person]


@pytest.mark.both
def test_a_city_counts_what_its_counties_count_together_each_child_once(country):
    """Also one that stays in another county of it, and one whose county was closed."""
    home = a_village()
    away = a_village(a_township(a_county(home.city)))
    file, gone = (an_approved_file(each, on=datetime.date(2026, 9, 1)) for each in (home, away))
    a_stay(file, away, days=60)
    VisitDue.objects.open().filter(child__in=[file, gone]).update(due_on=datetime.date(2026, 11, 5))
    OrgUnit.objects.filter(pk=away.county_id).update(valid_to=datetime.date(2026, 11, 10))
    for rows, columns in (("visit", "sex"), ("age", "visit"), ("risk", "sex")):
        for month in ("2026-11", "2026-10"):
            parts = [crossed(each, rows, columns, month).numbers for each in (home.county, away.county)]
            assert crossed(home.city, rows, columns, month).numbers == parts[0] + parts[1]
    source, table = LiveRows(home.city, Period.of()), crossed(home.city, "visit", "sex")
    cells = Cells((("overdue", ALL),))
    assert table.number("overdue") == 2 == cells.count(table)
    listed = [source.listed(cells.where(table), number, 1) for number in (0, 1, 2)]
    assert {row.child_id for rows in listed for row in rows} == {file.pk, gone.pk} and listed[2] == []


@pytest.mark.both
def test_a_visit_made_before_the_child_moved_counts_where_it_is_now(country):
    village, other = a_village(), a_village()
    file, clerk = an_approved_file(village, on=datetime.date(2026, 10, 1)), a_post(other.township)
    a_visit(file, visited_on=datetime.date(2026, 11, 2), late_reason="电话坏了")
    file.refresh_from_db()
    asked = ask_transfer(file, by=a_post(village.township), target=other, reason="随父母", seen_version=file.version)
    TRANSFER.apply("accept", asked, by=clerk, seen_version=asked.version)
    assert ChildFile.objects.get(pk=file.pk).village == other
    assert crossed(other, "visit", "sex").number("visited") == 1
    assert crossed(village, "visit", "sex").number() == 0
