"""A child lives with relatives elsewhere: the host village visits, the home village keeps the file and the count."""

import pytest

from registry.stays.models import may_open
from registry.stays.services import settle_stays
from reports.indicators.table import BY_KEY, numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.services import open_periods, roll_up
from reports.rollup.verify import first_wrong
from tests.builders import (
    a_post,
    a_stay,
    a_village,
)
from tests.registry.stays.acts import DAY, ended, today
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_the_host_owes_the_visits_from_its_first_day_and_the_home_village_owes_none(file, here, there):
    a_stay(file, there)
    old, new = file.dues.order_by("pk")
    assert (old.village, old.ended_on, old.visit) == (here, today(), None)
    assert (new.village, new.since, new.ended_on) == (there, today(), None)
    assert not VisitDue.objects.visible_to(a_post(here), "view_visit").open().exists()
    file.refresh_from_db()
    assert file.village == here and file.memberships.get().village == here and file.state == "approved"


def test_after_the_end_the_home_village_visits_again(file, here, there):
    ended(a_stay(file, there, days=10))
    owed = [(due.village, due.since, due.ended_on) for due in file.dues.order_by("pk")]
    assert owed == [(here, today() - 60 * DAY, today() - 10 * DAY), (there, today() - 10 * DAY, today()),
                    (here, today(), None)]  # fmt: skip


def test_begun_and_ended_on_one_day_it_changes_nothing(file, there):
    before = [(due.village_id, due.since, due.due_on, due.ended_on) for due in file.dues.all()]
    ended(a_stay(file, there))
    assert [(due.village_id, due.since, due.due_on, due.ended_on) for due in file.dues.all()] == before


def test_a_stay_that_was_known_late_makes_nobody_late_for_the_days_before(file, here, there):
    stay = a_stay(file, there, since=today() - 40 * DAY)
    assert stay.begun_on == today() and file.dues.open().get().since == today()


def test_a_stay_to_come_begins_by_itself_on_its_day(file, here, there, host):
    stay = a_stay(file, there, since=today() + 3 * DAY)
    assert not may_open(host, "view_child", file) and file.dues.open().get().village == here
    assert settle_stays(today() + 2 * DAY) == 0
    assert settle_stays(today() + 3 * DAY) == 1
    stay.refresh_from_db()
    assert stay.in_force and may_open(host, "view_child", file)
    assert file.dues.open().get().village == there and file.dues.open().get().since == today() + 3 * DAY


def test_after_a_missed_night_it_begins_on_the_day_that_was_agreed(file, there):
    stay = a_stay(file, there, since=today() + 3 * DAY)
    assert settle_stays(today() + 6 * DAY) == 1
    stay.refresh_from_db()
    assert stay.begun_on == today() + 3 * DAY and file.dues.open().get().since == today() + 3 * DAY


def test_on_the_day_of_return_it_ends_by_itself_be_the_night_missed_or_not(file, here, there, host):
    stay = a_stay(file, there, until=today() + 20 * DAY)
    assert settle_stays(today() + 19 * DAY) == 0
    assert settle_stays(today() + 23 * DAY) == 1 and settle_stays(today() + 23 * DAY) == 0
    stay.refresh_from_db()
    assert (stay.ended_on, stay.ended_by) == (today() + 20 * DAY, "until")
    assert file.dues.open().get().village == here and file.dues.open().get().since == today() + 20 * DAY
    assert not may_open(host, "view_child", file)
    assert file.events.last().action == "stay_end"


def test_the_county_of_the_host_says_how_often(file):
    from visits.schedule.models import VisitRule

    there = a_village()
    VisitRule.objects.create(county=there.county, risk="general", days=9)  # also of a risk that nobody judged yet
    a_stay(file, there)
    assert file.dues.open().get().days == 9


@pytest.mark.both
def test_the_child_counts_at_home_and_the_visits_where_they_are_owed(file, here, there):
    open_periods()
    stay, now = a_stay(file, there, days=40), Period.of().key
    VisitDue.objects.filter(ended_on=None).update(due_on=today() - 9 * DAY)
    for county in {here.county, there.county}:
        roll_up(county.pk, now, force=True)

    def figures(unit):
        return numbers_of(Figure.objects.get(unit=unit, period=now).numbers)

    home, host, county = figures(here), figures(there), figures(here.county)
    assert (home["registered"], host["registered"], county["registered"]) == (1, 0, 1)
    due = [key for key in BY_KEY if "due" in key or "overdue" in key]
    assert due and all(home[key] == 0 for key in due)
    assert any(host[key] == 1 for key in due) and all(county[key] == host[key] for key in due)
    assert first_wrong(Period.of(now)) is None and stay.in_force
