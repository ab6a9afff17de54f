"""The roll-up: runs twice, races, dies in the middle, and is right afterwards."""

import datetime
import os
import signal
import subprocess
import sys
import threading

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from orgs.stale_figures.models import CountyMonth
from orgs.stale_figures.services import mark_figures_stale
from reports.rollup import jobs as tasks
from reports.rollup import services as rollup
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import mark_overtaken, open_periods, roll_up, roll_up_counties
from tests.reports.world import a_country
from tests.threads import at_once

NOON = datetime.datetime(2026, 11, 15, 4, tzinfo=datetime.UTC)
MONTH = "2026-11"


@pytest.fixture
def november():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def country(db, november):
    country = a_country()
    for place in (0, 0, 1, 4):
        country.child(place)
    return country


def registered(unit, month=MONTH):
    return Figure.objects.get(unit=unit, period=month).numbers["registered"]


def mark(county, month=MONTH):
    return CountyMonth.objects.get(county=county, period=month)


@pytest.mark.both
def test_villages_townships_county_and_city_add_up(country):
    first, fifth = country.villages[0], country.villages[4]
    assert roll_up(first.county_id, MONTH) and roll_up(fifth.county_id, MONTH)
    assert [registered(unit) for unit in (first, first.township, first.county, country.city)] == [2, 3, 3, 4]
    assert registered(country.villages[3]) == 0


@pytest.mark.both
def test_a_city_is_the_sum_of_its_own_counties_whichever_is_counted_last(country):
    """Another city's figures are counted before, between and after them."""
    first, fifth, elsewhere = country.villages[0], country.villages[4], country.elsewhere
    for village in (elsewhere, first, elsewhere, fifth, elsewhere):
        roll_up(village.county_id, MONTH, force=True)
    for city, children in ((country.city, 4), (elsewhere.city, 1)):
        counties = Figure.objects.filter(unit__city=city, unit__level=2, period=MONTH)
        assert registered(city) == children == sum(row.numbers["registered"] for row in counties)


@pytest.mark.both
def test_a_second_run_has_nothing_to_do_and_a_forced_one_changes_nothing(country):
    assert roll_up(country.county.pk, MONTH)
    before = dict(Figure.objects.values_list("unit_id", "numbers"))
    assert not roll_up(country.county.pk, MONTH)
    assert roll_up(country.county.pk, MONTH, force=True)
    assert dict(Figure.objects.values_list("unit_id", "numbers")) == before


@pytest.mark.both
def test_a_write_while_it_counts_leaves_the_county_stale(country, monkeypatch):
    count = rollup.count_leaves

    def overtaken(month, counties):
        counted = count(month, counties)
        country.child(0)
        mark_figures_stale(*counties)
        return counted

    monkeypatch.setattr(rollup, "count_leaves", overtaken)
    assert roll_up(country.county.pk, MONTH)
    assert CountyMonth.objects.stale(timezone.now()).filter(county=country.county).exists()
    monkeypatch.undo()
    assert roll_up(country.county.pk, MONTH) and registered(country.county) == 4


@pytest.mark.both
def test_who_lost_the_lease_writes_nothing(country, monkeypatch):
    count = rollup.count_leaves

    def slow(month, counties):
        counted = count(month, counties)
        CountyMonth.objects.filter(county__in=counties).update(lease=CountyMonth.new_lease())  # another run took over
        return counted

    monkeypatch.setattr(rollup, "count_leaves", slow)
    assert not roll_up(country.county.pk, MONTH)
    assert not Figure.objects.exists() and mark(country.county).done == 0


@pytest.mark.both
def test_a_failure_gives_the_lease_back(country, monkeypatch):
    monkeypatch.setattr(rollup, "count_leaves", lambda month, counties: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        roll_up(country.county.pk, MONTH)
    assert CountyMonth.objects.stale(timezone.now()).filter(county=country.county).exists()


@pytest.mark.both
def test_the_sweep_counts_what_runs_first_and_then_what_the_trends_show(country, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "AT_ONCE", 100)
    monkeypatch.setattr(tasks.count_counties, "apply_async", lambda args, **options: asked.append(args))
    tasks.sweep_figures()
    assert [len(counties) for counties, _key in asked] == [3] * (12 + 8 + 3)
    assert [key for _counties, key in asked[:3]] == [MONTH, "2026Q4", "2026"]
    for counties, key in asked:
        tasks.count_counties(counties, key)
    asked.clear()
    tasks.sweep_figures()
    assert asked == []


@pytest.mark.both
def test_counties_are_counted_in_one_pass_and_those_of_another_run_left_to_it(country, django_assert_max_num_queries):
    first, fifth, elsewhere = (village.county_id for village in (*country.villages[::4], country.elsewhere))
    open_periods()
    CountyMonth.objects.filter(county=elsewhere).take(CountyMonth.new_lease(), Now() + datetime.timedelta(minutes=1))
    with django_assert_max_num_queries(40):
        assert roll_up_counties([first, fifth, elsewhere], MONTH) == 2
    assert registered(country.city) == 4 and not Figure.objects.filter(unit__county=elsewhere).exists()
    assert roll_up_counties([first, fifth], MONTH) == 0
    assert mark(first).lease is None and mark(elsewhere).lease


@pytest.mark.both
def test_where_they_cannot_be_counted_together_each_is_asked_for_by_itself(country, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.roll_up_county, "apply_async", lambda args, **options: asked.append(args))
    monkeypatch.setattr(rollup, "count_leaves", lambda period, counties: 1 / 0)
    tasks.count_counties([country.county.pk, country.elsewhere.county_id], MONTH)
    assert asked == [(country.county.pk, MONTH), (country.elsewhere.county_id, MONTH)]
    assert CountyMonth.objects.stale(timezone.now()).filter(period=MONTH).count() == 2


@pytest.mark.both
def test_the_next_day_the_running_month_is_counted_anew(country):
    roll_up(country.county.pk, MONTH)
    assert mark_overtaken(datetime.date(2026, 11, 15)) == 0
    assert mark_overtaken(datetime.date(2026, 11, 16)) == 1
    assert mark_overtaken(datetime.date(2026, 11, 17)) == 0  # marked already


@pytest.mark.both
def test_a_month_counted_on_its_last_day_is_closed_once_more(country):
    """What was due on the last day still ran then; the day after it is overdue."""
    country.due(country.child(), datetime.date(2026, 11, 30))
    with time_machine.travel(NOON.replace(day=30), tick=False):
        roll_up(country.county.pk, MONTH)
    assert Figure.objects.get(unit=country.county, period=MONTH).numbers["visits_waiting"] == 1
    with time_machine.travel(NOON + datetime.timedelta(days=16), tick=False):
        assert mark_overtaken() == 1 and roll_up(country.county.pk, MONTH)
        assert Figure.objects.get(unit=country.county, period=MONTH).numbers["visits_overdue"] == 1
        assert mark_overtaken() == 0


def count_as_before_an_indicator(key, month=MONTH):
    """As if the rows of a month had been counted before the indicator ``key`` was declared."""
    for figure in Figure.objects.filter(period=month):
        del figure.numbers[key]
        figure.save()


@pytest.mark.both
def test_an_indicator_declared_since_is_counted_for_the_running_month(country):
    roll_up(country.county.pk, MONTH)
    count_as_before_an_indicator("risk_high")
    assert mark_overtaken() == 1 and roll_up(country.county.pk, MONTH)
    assert Figure.objects.get(unit=country.county, period=MONTH).numbers["risk_high"] == 0
    assert mark_overtaken() == 0


@pytest.mark.both
def test_a_month_that_is_over_keeps_what_was_counted_whatever_is_declared_since(country):
    october = "2026-10"
    roll_up(country.county.pk, october)
    count_as_before_an_indicator("risk_high", october)
    before = dict(Figure.objects.filter(period=october).values_list("unit_id", "numbers"))
    assert mark_overtaken() == 0
    assert dict(Figure.objects.filter(period=october).values_list("unit_id", "numbers")) == before


@pytest.mark.both
def test_the_city_has_no_number_where_a_county_was_counted_before_it_was_declared(country):
    other = country.villages[4].county
    roll_up(other.pk, MONTH)
    count_as_before_an_indicator("risk_high")
    roll_up(country.county.pk, MONTH)
    values = Figure.objects.get(unit=country.city, period=MONTH).numbers
    assert values["registered"] == 4 and "risk_high" not in values
    assert roll_up(other.pk, MONTH, force=True)
    assert Figure.objects.get(unit=country.city, period=MONTH).numbers["risk_high"] == 0


@pytest.mark.both
def test_verify_names_the_first_wrong_figure(country, capsys):
    call_command("rollup")
    call_command("rollup_verify")
    wrong = Figure.objects.get(unit=country.villages[1], period=MONTH)
    wrong.numbers["registered"] += 1
    wrong.save()
    with pytest.raises(CommandError, match=f"{country.villages[1].name}.*统计为 2，直接数为 1"):
        call_command("rollup_verify")


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_counts(november):
    country = a_country()
    country.child()
    open_periods()
    won = at_once(*[lambda: roll_up(country.county.pk, MONTH)] * 4)
    assert sorted(won) == [False, False, False, True] and registered(country.city) == 1


@pytest.mark.django_db(transaction=True)
def test_two_counties_at_once_both_reach_the_city(november):
    country = a_country()
    for place in (0, 4, 4):
        country.child(place)
    counties = country.villages[0].county_id, country.villages[4].county_id
    for _ in range(5):
        at_once(*[lambda pk=pk: roll_up(pk, MONTH, force=True) for pk in counties])
        assert registered(country.city) == 3


@pytest.mark.django_db(transaction=True)
def test_who_writes_in_two_counties_and_who_counts_both_do_not_wait_for_each_other(november):
    """The writer has marked the second county and goes on to the first, which is counted meanwhile."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    country = a_country()
    country.child(), country.child(4)
    first, second = country.villages[0].county_id, country.villages[4].county_id
    open_periods()
    marked, counted = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            mark_figures_stale(second)
            marked.set()
            counted.wait(1)  # until the count waits for the second county, or is done with the first
            mark_figures_stale(first)

    def count():
        marked.wait(5)
        roll_up_counties([first, second], MONTH, force=True)
        counted.set()

    at_once(write, count)
    assert roll_up_counties([first, second], MONTH) >= 1 and registered(country.city) == 2
    assert not CountyMonth.objects.stale(timezone.now()).filter(period=MONTH, county__in=[first, second]).exists()


DIES = """
import os, signal, django
django.setup()
from reports.rollup import services as rollup
real = rollup.{step}
def killed(*args):
    real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
rollup.{step} = killed
rollup.roll_up({county}, {month!r})
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["count_leaves", "write", "write_cities"])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(step):
    """Killed while counting, after its rows, after the city's row: each time before the commit."""
    if connection.vendor != "postgresql":
        pytest.skip("the other process needs a database server")
    country, month = a_country(), Period.of().key
    country.child(approved_on=timezone.localdate())
    held = connection.settings_dict
    user = f"{held['USER']}:{held['PASSWORD']}@" if held["USER"] else ""
    url = f"postgresql://{user}{held['HOST'] or 'localhost'}:{held['PORT'] or 5432}/{held['NAME']}"
    code = DIES.format(step=step, county=country.county.pk, month=month)
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"DATABASE_URL": url}, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert not Figure.objects.exists()
    dead = mark(country.county, month)
    assert dead.lease and dead.done == 0
    assert not roll_up(country.county.pk, month)  # the lease protects it for its five minutes
    CountyMonth.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert roll_up(country.county.pk, month) and registered(country.city, month) == 1
