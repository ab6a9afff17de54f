"""A level that rises, or a rule that asks for more visits, makes nobody late for days that were over by then."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from registry.child.models import ChildFile
from registry.transfers.services import ask_transfer
from tests.builders import a_post, a_rule, a_unit, a_visit, an_approved_file, an_extra_visit
from visits.schedule.models import VisitDue
from visits.schedule.services.dues import apply_interval_after_change, reschedule
from visits.schedule.services.recompute import recompute
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def file(village):
    """Visited 22 days ago: the next visit is owed in eight days."""
    child = an_approved_file(village, on=today() - 60 * DAY)
    a_visit(child, visited_on=today() - 22 * DAY, late_reason="没有信号")
    return child


def level(file, risk) -> VisitDue:
    ChildFile.objects.filter(pk=file.pk).update(risk=risk)
    apply_interval_after_change(ChildFile.objects.get(pk=file.pk), {"risk"})
    return open_due(file)


def open_due(file) -> VisitDue:
    return VisitDue.objects.open().get(child=file)


@pytest.mark.both
def test_a_higher_level_counts_from_the_day_it_was_given(file):
    assert open_due(file).due_on == today() + 8 * DAY
    due = level(file, "high")
    assert (due.days, due.due_on, due.since) == (7, today() + 7 * DAY, today() - 22 * DAY)
    assert not VisitDue.objects.overdue(today()).exists()


def test_a_visit_that_was_owed_sooner_stays_owed_then(file):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 5 * DAY):
        assert level(file, "high").due_on == today() + 3 * DAY


def test_who_was_late_before_stays_late(file):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 12 * DAY):
        assert level(file, "high").due_on == today() - 4 * DAY


def test_doing_it_again_on_a_later_day_changes_nothing(file):
    owed = level(file, "high").due_on
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 3 * DAY):
        reschedule(ChildFile.objects.get(pk=file.pk))
        assert recompute(file.county_id) == 0
        assert open_due(file).due_on == owed


def test_moving_the_child_that_day_changes_nothing(file, village):
    owed = level(file, "high").due_on
    file.refresh_from_db()
    there = a_unit(village.township)
    ask_transfer(file, by=a_post(village.township), target=there, reason="随父母迁居", seen_version=file.version)
    assert (open_due(file).village, open_due(file).due_on) == (there, owed)


def test_the_level_taken_back_gives_the_old_day_back(file):
    owed = open_due(file).due_on
    level(file, "high")
    due = level(file, "general")
    assert (due.due_on, due.not_before) == (owed, None)


def test_the_visit_after_it_begins_a_plain_interval(file):
    level(file, "high")
    a_visit(ChildFile.objects.get(pk=file.pk))
    assert (open_due(file).due_on, open_due(file).not_before) == (today() + 7 * DAY, None)


def test_a_visit_sent_back_makes_nobody_late_for_the_days_before_the_level(file):
    owed = level(file, "high").due_on
    visit = a_visit(ChildFile.objects.get(pk=file.pk))
    clerk = a_post(file.township)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="日期不对")
    assert open_due(file).due_on == owed


def test_a_visit_that_arrives_late_makes_nobody_late_either(file):
    level(file, "high")
    a_visit(ChildFile.objects.get(pk=file.pk), visited_on=today() - 15 * DAY, late_reason="没有信号")
    assert open_due(file).since == today() - 15 * DAY
    assert open_due(file).due_on == today() + 7 * DAY


def test_what_the_station_asks_for_comes_first(file):
    level(file, "high")
    an_extra_visit(ChildFile.objects.get(pk=file.pk), days=2)
    assert open_due(file).due_on == today() + 2 * DAY


@pytest.mark.both
def test_a_rule_counts_from_the_day_it_is_followed(file, village):
    a_rule(village.county, days=5)
    recompute(village.county_id)
    said = (open_due(file).days, open_due(file).due_on, open_due(file).not_before)
    assert said == (5, today() + 5 * DAY, today() + 5 * DAY)
    reschedule(ChildFile.objects.get(pk=file.pk))
    assert (open_due(file).days, open_due(file).due_on, open_due(file).not_before) == said


def test_a_shorter_rule_after_a_shorter_one_brings_nothing_back_behind_its_day(file, village):
    first = a_rule(village.county, days=5)
    recompute(village.county_id)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + DAY):
        type(first).objects.filter(pk=first.pk).update(days=2)
        recompute(village.county_id)
        assert open_due(file).due_on == today() + 2 * DAY
