"""A holiday that is written down later, or taken back, moves the open last days that were counted in working days."""

import datetime

import pytest
import time_machine

from orgs.audit.models import Audit
from orgs.holidays.services import add_holiday, foresee_holiday, remove_holiday
from orgs.inbox.models import Message
from registry.needs.models import Need
from registry.needs.services.following import release
from registry.needs.services.handling import move_due, pass_up, settle
from registry.needs.services.recording import record_need
from tests.builders import a_city, a_county, a_post, a_township, a_unit, an_approved_file
from tests.registry.needs.needs import read

pytestmark = pytest.mark.django_db
D = datetime.date
GIVEN = {"name": "抗洪放假", "document": "郑政〔2026〕9号", "since": D(2026, 3, 4), "until": D(2026, 3, 6)}


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(datetime.datetime(2026, 3, 2, 1, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def world():
    city = a_city()
    village = a_unit(a_township(a_county(city)))
    director, file = a_post(village), an_approved_file(village)
    need = record_need(file, by=director, kind="living.food", words="断粮", urgency="urgent")
    assert need.due_on == D(2026, 3, 5)  # three working days: 3, 4, 5
    return a_post(city), director, need


def due(need) -> datetime.date:
    return Need.objects.get(pk=need.pk).due_on


def test_it_is_counted_again_and_said_before(world):
    officer, director, need = world
    assert [(each.before, each.after, each.units) for each in foresee_holiday(by=officer, **GIVEN)] == [
        (D(2026, 3, 5), D(2026, 3, 10), 1)
    ]
    assert due(need) == D(2026, 3, 5)
    add_holiday(by=officer, **GIVEN)
    assert due(need) == D(2026, 3, 10)  # 3, 9, 10
    event = need.events.last()
    assert (event.action, event.due_on, event.person) == ("follow_calendar", D(2026, 3, 10), officer.person)
    assert director in {
        each.recipient for each in Message.objects.filter(kind="need_moved").select_related("recipient")
    }
    assert Audit.objects.filter(action="follow_calendar_need").count() == 1


def test_taken_back_it_goes_back(world):
    officer, _director, need = world
    holiday = add_holiday(by=officer, **GIVEN)
    remove_holiday(holiday, by=officer)
    assert due(need) == D(2026, 3, 5)


def test_taken_back_late_it_is_not_over_at_once(world):
    officer, _director, need = world
    holiday = add_holiday(by=officer, **GIVEN)
    with time_machine.travel(datetime.datetime(2026, 3, 9, 1, tzinfo=datetime.UTC), tick=False):
        remove_holiday(holiday, by=officer)
        assert due(need) == D(2026, 3, 9)


def test_a_day_that_somebody_wrote_stays(world):
    officer, director, need = world
    move_due(read(need), by=director, seen_version=1, due_on=D(2026, 3, 6), reason="等村里开会")
    assert add_holiday(by=officer, **GIVEN).moved == []
    assert due(need) == D(2026, 3, 6)


def test_what_is_settled_or_was_due_before_stays(world):
    officer, director, need = world
    settle(read(need), by=director, seen_version=1, outcome="met", satisfaction="satisfied")
    add_holiday(by=officer, **GIVEN)
    assert due(need) == D(2026, 3, 5)


def test_a_holiday_after_the_last_day_moves_nothing(world):
    officer, _director, need = world
    add_holiday(by=officer, **GIVEN | {"since": D(2026, 3, 9), "until": D(2026, 3, 9)})
    assert due(need) == D(2026, 3, 5)


def test_a_post_that_ended_since_leaves_the_day_counted_from_where_it_was(world):
    """Its colleague of the same unit has the need; what came on the same day goes the same way."""
    officer, director, need = world
    village = director.unit
    colleague = a_post(village)
    with time_machine.travel(datetime.datetime(2026, 3, 3, 1, tzinfo=datetime.UTC), tick=False):
        director.until = D(2026, 3, 2)
        director.save()
        release(director)
        assert read(need).holder == village and read(need).owner is None
        add_holiday(by=officer, **GIVEN)
    assert due(need) == D(2026, 3, 10), colleague


def test_what_was_passed_up_is_counted_from_the_day_it_came(world):
    officer, director, need = world
    with time_machine.travel(datetime.datetime(2026, 3, 3, 1, tzinfo=datetime.UTC), tick=False):
        pass_up(read(need), by=director, seen_version=read(need).version, reason="办不了")
        assert due(need) == D(2026, 3, 6)  # 4, 5, 6
        add_holiday(by=officer, **GIVEN)
        assert due(need) == D(2026, 3, 11)  # 9, 10, 11
