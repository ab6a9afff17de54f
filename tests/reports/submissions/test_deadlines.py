"""By which day each tier reports."""

import dataclasses
import datetime
import json

import pytest
import time_machine
from django.core.exceptions import ValidationError

from orgs.audit.models import Audit
from reports.periods.deadlines import DEFAULT_DAYS, deadlines_after
from reports.periods.models import ReportingPeriod
from reports.submissions.last_days import move_period
from reports.submissions.opening import OPENED_BEFORE, open_due_periods
from reports.submissions.services import send_back
from tests.builders import a_city, a_holiday, a_post, a_unit, an_approved_file, fresh
from tests.reports.submissions.world import a_reporting_county, row_of, send

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = datetime.timedelta(days=1)


@pytest.mark.both
def test_each_tier_has_its_day_and_a_day_off_moves_on_to_the_next_working_day():
    """November 2026 ends on a Monday; 5 December is a Saturday."""
    days = deadlines_after(D(2026, 11, 30))
    assert (days.village, days.township, days.county) == (D(2026, 12, 2), D(2026, 12, 3), D(2026, 12, 7))
    assert (days.city, days.locks) == (D(2026, 12, 8), D(2026, 12, 14))
    assert DEFAULT_DAYS == {"village": 2, "township": 3, "county": 5, "city": 8, "locks": 12}


def test_after_a_long_holiday_each_tier_still_has_a_day_after_the_one_below():
    a_holiday(D(2027, 2, 1), D(2027, 2, 9))
    days = deadlines_after(D(2027, 1, 31))
    assert (days.village, days.township, days.county) == (D(2027, 2, 10), D(2027, 2, 11), D(2027, 2, 12))
    assert (days.city, days.locks) == (D(2027, 2, 15), D(2027, 2, 16))
    together = deadlines_after(D(2027, 1, 31), DEFAULT_DAYS | {"township": 2})
    assert together.village == together.township == D(2027, 2, 10), "a city that gives both the same day means it"


def test_a_day_that_was_told_is_not_taken_back_and_an_own_later_one_stays():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False):
        country = a_reporting_county(children=1)
        period, city = country.open(), a_post(country.city)
        village, other = row_of(country.villages[0]), row_of(country.villages[1])
        type(village).objects.filter(pk=village.pk).update(state="returned", due_on=D(2026, 11, 9))
        days = period.deadlines
        earlier = dataclasses.replace(days, village=D(2026, 11, 1))
        with pytest.raises(ValidationError) as refused:
            move_period(period, earlier, by=fresh(city), seen_version=period.version, reason="早点报")
        assert list(refused.value.message_dict) == ["village"]
        later = dataclasses.replace(days, village=days.village + DAY, township=days.township + DAY)
        move_period(period, later, by=fresh(city), seen_version=period.version, reason="培训周")
        assert row_of(village.unit).due_on == D(2026, 11, 9), "what was returned keeps its days"
        assert row_of(other.unit).due_on == days.village + DAY
        told = json.loads(Audit.objects.filter(action="move_deadlines").latest("pk").data)
        assert (told["before"][0], told["deadlines"][0]) == (days.village.isoformat(), later.village.isoformat())


def test_the_last_day_ends_at_six_in_the_evening_and_what_comes_back_leaves_time_for_two_tiers():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        country.open()
        first, second, third = country.villages[:3]
        due, township = row_of(first).due_on, country.townships[0]
        above = row_of(township).due_on
        clerk = a_post(township)
        evening = datetime.datetime.combine(
            due, datetime.time(18), tzinfo=datetime.timezone(datetime.timedelta(hours=8))
        )
        clock.move_to(evening - datetime.timedelta(minutes=1))
        assert send(first).on_time is True
        clock.move_to(evening + datetime.timedelta(minutes=1))
        assert send(second).on_time is False, "not until midnight"
        row = row_of(second)
        send_back(row, by=fresh(clerk), seen_version=row.version, reason="少一户")
        back = row_of(second)
        assert back.due_on > due and row_of(township).due_on == back.due_on + DAY > above
        type(back).objects.filter(unit=third).update(due_on=back.due_on + 6 * DAY)
        row = send(third)
        send_back(row, by=fresh(a_post(country.townships[1])), seen_version=row.version, reason="少一户")
        assert row_of(third).due_on == back.due_on + 6 * DAY, "whoever has longer keeps it"


def test_what_comes_back_on_the_day_of_the_lock_is_asked_for_by_that_day():
    with time_machine.travel(datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC), tick=False) as clock:
        country = a_reporting_county(children=1)
        period, village = country.open(), country.villages[0]
        row = send(village)
        clock.move_to(datetime.datetime.combine(period.locks_on, datetime.time(1), tzinfo=datetime.UTC))
        send_back(row, by=a_post(country.townships[0]), seen_version=row.version, reason="少一户")
        assert row_of(village).due_on == period.locks_on


def test_a_month_opens_by_itself_in_its_last_days_and_is_locked_when_its_days_are_over():
    village = a_unit(a_unit(a_unit(a_city())))
    an_approved_file(village, on=D(2026, 9, 1))
    held = ReportingPeriod.objects.filter(root=village.city)
    open_due_periods(D(2026, 11, 30) - datetime.timedelta(days=OPENED_BEFORE))
    assert set(held.values_list("key", flat=True)) == {"2026-10"}
    open_due_periods(D(2026, 11, 30) - datetime.timedelta(days=OPENED_BEFORE - 1))
    assert set(held.values_list("key", flat=True)) == {"2026-10", "2026-11"}
    october = held.get(key="2026-10")
    assert october.is_locked, "its last day was in the middle of November"
    november = held.get(key="2026-11")
    open_due_periods(november.locks_on)
    assert not held.get(key="2026-11").is_locked
    open_due_periods(november.locks_on + datetime.timedelta(days=1))
    assert held.get(key="2026-11").is_locked
    assert [event.action for event in held.get(key="2026-11").events.all()] == ["open", "lock_in_time"]
