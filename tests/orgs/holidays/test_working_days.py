"""Working days: weekends and public holidays don't count."""

import datetime

import pytest

from orgs.holidays.working_days import WorkingDays
from tests.builders import a_holiday

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    "since, number, last",
    [
        ("2026-11-16", 5, "2026-11-23"),  # Monday to Monday
        ("2026-11-20", 1, "2026-11-23"),  # Friday: the next is Monday
        ("2026-11-21", 1, "2026-11-23"),  # sent on a Saturday
        ("2026-09-30", 1, "2026-10-08"),  # the National Day's week lies between
        ("2024-02-29", 1, "2024-03-01"),
        ("2025-12-31", 1, "2026-01-05"),  # three days of the New Year, then a Sunday
    ],
)
def test_the_last_of_so_many(since, number, last):
    days = WorkingDays(day(since), day(last))
    assert days.after(day(since), number) == day(last)
    assert days.between(day(since), day(last)) == number and days.between(day(last), day(since)) == -number


def test_what_the_city_wrote_down_counts_as_off():
    a_holiday(day("2026-11-17"), day("2026-11-18"))
    assert WorkingDays(day("2026-11-16"), day("2026-11-30")).after(day("2026-11-16"), 5) == day("2026-11-25")
