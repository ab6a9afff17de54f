"""By which day each tier reports."""

import datetime

import pytest

from reports.periods.deadlines import DEFAULT_DAYS, deadlines_after
from reports.periods.models import ReportingPeriod
from reports.submissions.opening import OPENED_BEFORE, open_due_periods
from tests.builders import a_city, a_holiday, a_unit, an_approved_file

pytestmark = pytest.mark.django_db
D = datetime.date


@pytest.mark.both
def test_each_tier_has_its_day_and_a_day_off_moves_on_to_the_next_working_day():
    """November 2026 ends on a Monday; 5 December is a Saturday."""
    days = deadlines_after(D(2026, 11, 30))
    assert (days.village, days.township, days.county) == (D(2026, 12, 2), D(2026, 12, 3), D(2026, 12, 7))
    assert (days.city, days.locks) == (D(2026, 12, 8), D(2026, 12, 14))
    assert DEFAULT_DAYS == {"village": 2, "township": 3, "county": 5, "city": 8, "locks": 12}


def test_after_a_long_holiday_no_tier_is_due_before_the_one_below():
    a_holiday(D(2027, 2, 1), D(2027, 2, 9))
    days = deadlines_after(D(2027, 1, 31))
    assert days.village == days.township == days.county == days.city == D(2027, 2, 10)
    assert days.locks == D(2027, 2, 12)


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
