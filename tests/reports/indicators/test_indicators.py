"""Every figure equals the list behind it, and what one counts by hand."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.child import codes
from reports.indicators.cross_checks import CHECKS
from reports.indicators.table import BREAKDOWNS, BY_KEY, INDICATORS, numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from tests.depth import examples
from tests.reports.world import a_country, counted_by_hand

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 15)
NOON = datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC)
DAYS = st.dates(datetime.date(2026, 8, 20), datetime.date(2026, 12, 20))
MAYBE_DAY = st.none() | DAYS


@st.composite
def children(draw):
    """What a child may look like: dates in any order that the tables allow, also birthdays on 29 February."""
    approved, closed = draw(MAYBE_DAY), draw(MAYBE_DAY)
    if approved is None or (closed and closed < approved):
        closed = None
    born = st.dates(datetime.date(2007, 1, 1), datetime.date(2026, 8, 1)) | st.sampled_from(
        [
            datetime.date(2008, 2, 29),
            datetime.date(2012, 2, 29),
            datetime.date(2008, 11, 15),
            datetime.date(2020, 11, 16),
        ]
    )
    choices = {
        "sex": codes.Sex.values, "risk": [*codes.Risk.values, codes.UNASSESSED],
        "guardianship": ["", *codes.Guardianship.values],
        "schooling": ["", *codes.Schooling.values], "disability": ["", *codes.Disability.values],
    }  # fmt: skip
    facts = {name: draw(st.sampled_from(values)) for name, values in choices.items()}
    facts |= {"approved_on": approved, "closed_on": closed, "birth_date": draw(born)}
    facts["state"] = "draft" if approved is None else "closed" if closed else "approved"
    kinds = st.sampled_from(["", *codes.Difficulty.values])
    spans = st.lists(st.tuples(st.sampled_from(codes.Category.values), DAYS, MAYBE_DAY, kinds), max_size=2)
    dues = st.lists(st.tuples(DAYS, MAYBE_DAY, st.booleans()), max_size=2)
    return draw(st.integers(0, 7)), facts, draw(spans), draw(dues)


def _make(country, place, facts, spans, dues):
    child = country.child(place, **facts)
    for category in {span[0] for span in spans}:
        _, since, until, kind = next(span for span in spans if span[0] == category)
        kind = kind if category == "difficulty" else ""
        country.category(child, category, since, max(since, until) if until else None, kind)
    open_one = False
    for due_on, ended_on, visited in dues:
        if ended_on is None and open_one:
            continue
        open_one = open_one or ended_on is None
        country.due(child, due_on, ended_on, visited=visited)


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(world=st.lists(children(), max_size=8), back=st.integers(0, 2), day=st.sampled_from([1, 15, 30]))
def test_figures_lists_and_counting_by_hand_agree(world, back, day):
    with time_machine.travel(NOON.replace(day=day), tick=False), transaction.atomic():
        country = a_country()
        for child in world:
            _make(country, *child)
        month = Period.of(Period.of().back(back))
        for county in {village.county_id for village in country.villages}:
            assert roll_up(county, month.key, force=True)
        by_hand = counted_by_hand(month)
        figures = {figure.unit_id: figure.numbers for figure in Figure.objects.filter(period=month.key)}
        assert figures.keys() == {unit.pk for unit in country.units}
        for unit in country.units:
            numbers = numbers_of(figures[unit.pk])
            for indicator in INDICATORS:
                stored = numbers[indicator.key]
                assert stored == by_hand[unit.pk, indicator.key], (unit, indicator.key)
                if unit.level in (1, 4):
                    assert stored == indicator.rows(month).within(unit).count(), (unit, indicator.key)
            assert all(check.difference(numbers) == 0 for check in CHECKS if check.sign == "=")
            _assert_whole(numbers)
        transaction.set_rollback(True)


def _assert_whole(numbers):
    """No breakdown loses anybody: what was not filled in or not judged is one of its values."""
    for each in BREAKDOWNS:
        parts = sum(numbers[key] for key in each.parts)
        assert parts >= numbers[each.whole] if each.several else parts == numbers[each.whole], each


def test_every_column_that_splits_another_is_in_a_breakdown():
    split = {key for each in BREAKDOWNS for key in each.parts}
    for indicator in INDICATORS:
        blank = any("" in values or codes.UNASSESSED in values for values in indicator.where.values())
        assert indicator.key in split or not blank, indicator.key
        if set(indicator.where) - {"d_category"}:
            assert indicator.key in split or indicator.key == "lb_total", indicator.key


@pytest.mark.both
@pytest.mark.parametrize(
    "due_on, ended_on, visited, october, november",
    [
        ("10-20", None, True, "visits_overdue", "visits_overdue"),  # carried over until somebody goes
        ("10-20", "10-18", True, "visits_done", None),
        ("10-20", "11-03", True, "visits_overdue", "visits_done"),
        ("11-20", "10-30", True, "visits_done", None),  # made ahead: counts when it was made, not twice
        ("11-15", None, True, None, "visits_waiting"),  # today still runs
        ("11-14", None, True, None, "visits_overdue"),
        ("11-30", None, True, None, "visits_waiting"),
        ("12-01", None, True, None, None),
        ("10-31", None, True, "visits_overdue", "visits_overdue"),  # a finished month has no waiting ones
        ("10-20", "11-03", False, "visits_overdue", None),  # the child left: owed no more
        ("10-20", "10-03", False, None, None),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_in_which_month_a_visit_counts(due_on, ended_on, visited, october, november):
    country = a_country()
    day = datetime.date.fromisoformat
    country.due(country.child(), day(f"2026-{due_on}"), ended_on and day(f"2026-{ended_on}"), visited=visited)
    for month, expected in (("2026-10", october), ("2026-11", november)):
        found = [
            key
            for key in ("visits_done", "visits_waiting", "visits_overdue")
            if BY_KEY[key].rows(Period.of(month)).within(country.city).exists()
        ]
        assert found == ([expected] if expected else [])


@pytest.mark.both
@time_machine.travel(NOON, tick=False)
def test_a_child_of_29_february_turns_six_on_1_march():
    country = a_country()
    country.child(birth_date=datetime.date(2020, 2, 29))
    young, older = BY_KEY["age_0_5"], BY_KEY["age_6_13"]
    last_day = Period.of("2026-02", datetime.date(2026, 2, 28))

    def counted(month):
        return young.rows(month).within(country.city).count(), older.rows(month).within(country.city).count()

    assert counted(last_day) == (1, 0)
    assert counted(Period.of("2026-03")) == (0, 1)


def test_each_indicator_says_what_it_counts():
    assert len(BY_KEY) == len(INDICATORS)
    for indicator in INDICATORS:
        assert str(indicator.label) and str(indicator.definition)


def test_checks_name_columns_that_exist():
    assert {column for check in CHECKS for column in check.columns} <= BY_KEY.keys()


def test_the_pages_made_from_the_tables_are_up_to_date():
    call_command("write_docs", check=True)


@pytest.mark.django_db
@pytest.mark.parametrize("day, left", [((2026, 9, 30), 0), ((2026, 10, 1), 1), ((2026, 10, 31), 1), ((2026, 11, 1), 0)])
@time_machine.travel(NOON, tick=False)
def test_who_leaves_on_the_first_or_the_last_day_left_in_that_month(day, left):
    country, october = a_country(), Period.of("2026-10")
    country.child(state="closed", closed_on=datetime.date(*day), close_reason="moved")
    assert BY_KEY["left"].rows(october).within(country.county).count() == left


def _definition(indicator) -> str:
    where = " ".join(f"{name}={'|'.join(values)}" for name, values in sorted(indicator.where.items()))
    return f"{indicator.stored_key} {indicator.fact.name} {where}".strip()


def test_a_key_never_comes_to_mean_something_else():
    """Stored numbers stay what they were counted as. A new indicator is a new line of definitions.txt; one that comes
    to count otherwise gets a higher version, and with it a line of its own: no line is ever altered or taken out."""
    kept = (Path(__file__).parent / "definitions.txt").read_text().splitlines()
    meaning = dict(line.split(" ", 1) for line in kept)
    assert len(meaning) == len(kept), "two lines of definitions.txt bear the same key"
    for indicator in INDICATORS:
        line = _definition(indicator)
        assert line in kept, f"add to definitions.txt, or raise the version of “{indicator.key}”: {line}"
