"""Months, quarters and years: what they span, what they are called, and that each is counted by its own days."""

import datetime
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from orgs.stale_figures.keys import Kind, keys_since
from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import mark_figures_stale
from reports.rollup import jobs as tasks
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import roll_up
from reports.rollup.verify import first_wrong
from tests.builders import a_post, sign_in
from tests.reports.world import a_country, counted_by_hand

D = datetime.date
NOON = datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC)
TODAY = D(2026, 11, 15)


@pytest.fixture
def country(db):
    with time_machine.travel(NOON, tick=False):
        yield a_country()


@pytest.mark.parametrize(
    ("key", "first", "last", "as_of", "chinese", "english"),
    [
        ("2026-10", D(2026, 10, 1), D(2026, 10, 31), D(2026, 10, 31), "2026年10月", "Oct 2026"),
        ("2026Q4", D(2026, 10, 1), D(2026, 12, 31), TODAY, "2026年第四季度", "Fourth quarter of 2026"),
        ("2026Q1", D(2026, 1, 1), D(2026, 3, 31), D(2026, 3, 31), "2026年第一季度", "First quarter of 2026"),
        ("2026", D(2026, 1, 1), D(2026, 12, 31), TODAY, "2026年", "2026"),
    ],
)
def test_a_period_has_its_days_and_its_name(key, first, last, as_of, chinese, english):
    period = Period.of(key, TODAY)
    assert (period.first, period.last, period.as_of) == (first, last, as_of)
    assert period.known == (last if last < TODAY else None) and period.running == (last >= TODAY)
    assert period.before == first - datetime.timedelta(days=1) and period.months[0] == f"{first:%Y-%m}"
    assert period.months[-1] == f"{as_of:%Y-%m}"
    for language, label in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert period.label == label and period.short_label


def test_going_back_and_across():
    assert Period.of("2026Q1", TODAY).back(1) == "2025Q4" and Period.of("2025Q4", TODAY).back(-1) == "2026Q1"
    assert Period.of("2026", TODAY).back(2) == "2024" and Period.of("2026-01", TODAY).back(13) == "2024-12"
    assert [Period.of("2026-05", TODAY).as_kind(kind) for kind in Kind] == ["2026-05", "2026Q2", "2026"]
    assert [Period.of("2026", TODAY).as_kind(kind) for kind in Kind] == ["2026-11", "2026Q4", "2026"]
    assert keys_since(D(2026, 8, 31), TODAY) == {
        "2026-08", "2026-09", "2026-10", "2026-11", "2026Q3", "2026Q4", "2026",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["2026Q5", "2026Q0", "26Q1", "2026-1", "2026q4", "2027Q1", "2027", "１２３４", "2026 "])
def test_what_is_no_period_is_explained(key):
    with pytest.raises(ValueError, match="统计期请写成|还没有到"):
        Period.of(key, TODAY)


@pytest.mark.both
def test_a_quarter_and_a_year_are_counted_by_their_own_days(country):
    """A visit made in August counts in the third quarter's and the year's visits, one that is owed since then in all; a
    child that left in June was there when the year began."""
    file = country.child()
    country.due(file, D(2026, 8, 10), D(2026, 8, 9))
    country.due(file, D(2026, 9, 10))
    country.child(0, closed_on=D(2026, 6, 3), state="closed")
    country.child(1, approved_on=D(2026, 10, 20))
    told = {}
    for key in ("2026-11", "2026Q3", "2026Q4", "2026", "2025"):
        period = Period.of(key)
        for county in {village.county_id for village in country.villages}:
            roll_up(county, key)
        assert first_wrong(period) is None
        numbers = Figure.objects.get(unit=country.city, period=key).numbers
        by_hand = counted_by_hand(period)
        assert {name: by_hand[country.city.pk, name] for name in numbers} == numbers
        assert numbers["registered"] == numbers["before"] + numbers["joined"] - numbers["left"]
        told[key] = numbers
    assert [told[key]["visits_done"] for key in ("2026-11", "2026Q3", "2026Q4", "2026")] == [0, 1, 0, 1]
    assert [told[key]["visits_overdue"] for key in ("2026-11", "2026Q3", "2026Q4", "2026")] == [1, 1, 1, 1]
    assert [told["2026"][name] for name in ("before", "joined", "left", "registered")] == [2, 1, 1, 2]


@pytest.mark.both
def test_a_write_makes_month_quarter_and_year_stale_and_no_other_county(country):
    county, other = country.county, country.villages[4].county
    for unit in (county, other):
        for key in ("2026-11", "2026Q4", "2026", "2026Q3", "2026-08"):
            roll_up(unit.pk, key)

    def stale():
        return set(CountyMonth.objects.stale(datetime.datetime.now(datetime.UTC)).values_list("county", "period"))

    assert stale() == set()
    mark_figures_stale(county.pk)
    assert stale() == {(county.pk, key) for key in ("2026-11", "2026Q4", "2026")}
    mark_figures_stale(other.pk, D(2026, 8, 3))
    assert {key for unit, key in stale() if unit == other.pk} == {"2026-11", "2026Q4", "2026", "2026Q3", "2026-08"}


@pytest.mark.both
def test_quarter_and_year_are_counted_again_every_few_minutes_the_month_at_once(country, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.count_counties, "apply_async", lambda args, **options: asked.append(args))
    monkeypatch.setattr(tasks, "AT_ONCE", 100)
    county = country.county.pk
    for minutes, again in ((0, ["2026-11"]), (4, ["2026-11"]), (6, ["2026-11", "2026Q4", "2026"])):
        with time_machine.travel(NOON, tick=False):
            CountyMonth.objects.all().delete()
            tasks.sweep_figures()
            for counties, key in asked:
                tasks.count_counties(counties, key)
        with time_machine.travel(NOON + datetime.timedelta(minutes=minutes), tick=False):
            mark_figures_stale(county)
            asked.clear()
            tasks.sweep_figures()
            assert [key for counties, key in asked if county in counties] == again
            asked.clear()


def test_page_csv_api_and_command_take_all_three(client, country):
    country.child()
    country.due(country.child(), D(2026, 11, 10))
    sign_in(client, a_post(country.county))
    url = reverse("figure-unit", args=[country.county.uid])
    for key, label in (("2026-11", "2026年11月"), ("2026Q4", "2026年第四季度"), ("2026", "2026年")):
        call_command("rollup", period=key, months=2)
        call_command("rollup_verify", period=key)
        shown = client.get(url, {"period": key})
        assert shown.context["counted"] and label in shown.text and 'rel="prev"' in shown.text
        for other in ("2026-11", "2026Q4", "2026"):
            assert re.search(f'[?;]period={other}"', shown.text), "a way to the others"
        rows = client.get("/api/v1/figures/", {"period": key}).json()["results"]
        assert rows[0]["period"] == key and rows[0]["values"]["registered"] == 2
        csv = client.get(reverse("figure-csv", args=[country.county.uid]), {"period": key})
        assert key in csv["Content-Disposition"]
        assert (
            client.get(reverse("figure-list", args=[country.county.uid, "registered"]), {"period": key}).context[
                "count"
            ]
            == 2
        )
    late = client.get(reverse("figure-late", args=[country.county.uid]), {"period": "2026Q3"})
    assert late.status_code == 200 and "2026年第三季度" in late.text
    with pytest.raises(CommandError, match="统计期请写成"):
        call_command("rollup", period="2026Q7")
