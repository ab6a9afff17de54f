"""What stays overdue goes up by itself, on working days, once; and a year of holidays by the clock."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from orgs.audit.models import Audit
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.models import Message
from registry.needs.models import Need
from registry.needs.presentation import goes_up_in_words
from registry.needs.services.escalation import escalate, remind
from registry.needs.services.handling import settle
from tests.builders import a_holiday, a_need, a_post, a_village, an_approved_file

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)
MONDAY = D(2026, 3, 2)


def at(day: datetime.date):
    """The morning of ``day`` in Zhengzhou."""
    return time_machine.travel(datetime.datetime(day.year, day.month, day.day, 0, 30, tzinfo=datetime.UTC), tick=False)


def read(need) -> Need:
    return Need.objects.select_related(*Need.PLACES).get(pk=need.pk)


@pytest.fixture
def world():
    with at(MONDAY):
        file = an_approved_file(a_village(), name="欧阳小满")
        posts = {tier: a_post(getattr(file, tier)) for tier in ("village", "township", "county", "city")}
        need = a_need(file, by=posts["village"], days=0)  # due on that Monday
    return file, posts, need


def told(post, kind) -> int:
    return Message.objects.filter(recipient=post, kind=kind).count()


@pytest.mark.parametrize(
    ("day", "goes"), [(D(2026, 3, 2), 0), (D(2026, 3, 3), 0), (D(2026, 3, 4), 0), (D(2026, 3, 5), 1)]
)
def test_after_three_working_days_it_goes_up(world, day, goes):
    _file, _posts, need = world
    with at(day):
        assert escalate() == goes
        assert escalate() == 0  # twice finds nothing
    assert read(need).holder.level == 4 - goes


def test_both_are_told_and_nobody_did_it(world):
    file, posts, need = world
    with at(D(2026, 3, 5)):
        escalate()
        now = read(need)
        event = need.events.last()
    assert (event.action, event.person_id, event.holder_id) == ("escalate", None, file.township_id)
    assert (now.owner_id, now.due_on) == (None, WorkingDays(D(2026, 3, 5), D(2026, 3, 5)).after(D(2026, 3, 5), 20))
    assert told(posts["township"], "need_escalated") == 1
    assert told(posts["village"], "need_gone_up") == 1
    assert Audit.objects.filter(action="escalate_need", person=None).count() == 1


def test_a_weekend_and_a_holiday_do_not_count(world):
    _file, _posts, need = world
    a_holiday(D(2026, 3, 3), D(2026, 3, 8))
    for day in (D(2026, 3, 5), D(2026, 3, 7), D(2026, 3, 10)):
        with at(day):
            assert escalate() == 0
    with at(D(2026, 3, 11)):  # 9th, 10th and 11th are the three
        assert escalate() == 1
    assert read(need).holder.level == 3


def test_at_the_city_it_stays(world):
    file, _posts, need = world
    need.holder, need.owner = file.city, None
    need.save()
    with at(D(2026, 6, 1)):
        assert escalate() == 0
    assert read(need).state == "open"


def test_what_was_settled_or_is_not_due_stays(world):
    file, posts, need = world
    with at(D(2026, 3, 4)):
        later = a_need(file, by=posts["village"], days=9, kind="living.food")
        settle(read(need), by=posts["village"], seen_version=1, outcome="met", satisfaction="satisfied")
    with at(D(2026, 3, 5)):
        assert escalate() == 0
    assert read(later).holder.level == 4


def test_it_is_said_beforehand_when_it_goes(world):
    _file, _posts, need = world
    said = {}
    for day in (D(2026, 3, 2), D(2026, 3, 3), D(2026, 3, 4), D(2026, 3, 5)):
        with at(day):
            days = WorkingDays(day - 60 * DAY, day)
            said[day.day] = goes_up_in_words(read(need), day, days)
    assert said[2] == ""
    assert said[3].startswith("再过 2 天升到")
    assert said[4].startswith("再过 1 天升到")
    assert said[5].startswith("下一个工作日早上升到")


def test_the_holder_is_reminded_on_the_day_and_once_after(world):
    _file, posts, _need = world
    for day in (MONDAY, MONDAY, D(2026, 3, 3), D(2026, 3, 4), D(2026, 3, 4)):
        with at(day):
            remind()
    assert told(posts["village"], "need_due") == 1
    assert told(posts["village"], "need_overdue") == 1
    assert told(posts["township"], "need_overdue") == 0


def test_a_lost_morning_is_made_up(world):
    _file, posts, _need = world
    with at(D(2026, 3, 4)):
        remind()
    assert told(posts["village"], "need_overdue") == 1


def test_on_days_off_nothing_is_said(world):
    file, posts, _need = world
    with at(D(2026, 3, 7)):
        saturday = a_need(file, by=posts["village"], days=0, kind="living.food")
        remind()
        assert told(posts["village"], "need_due") == 0
    with at(D(2026, 3, 9)):
        remind()
        assert Message.objects.filter(kind="need_overdue", record=saturday.pk, recipient=posts["village"]).count() == 1


def test_a_year_of_mornings_takes_it_to_the_city_and_leaves_it_there():
    """By the clock of 2026 with its shipped holidays: each step comes on a working day, three working days after the
    last day, and the city keeps it."""
    with at(D(2026, 1, 5)):
        file = an_approved_file(a_village(), name="欧阳小满")
        director = a_post(file.village)
        need = a_need(file, by=director, urgency="urgent", days=0)
    days, went, dues = WorkingDays(D(2025, 12, 1), D(2026, 12, 31)), [], [D(2026, 1, 5)]
    day = D(2026, 1, 5)
    while day <= D(2026, 12, 31):
        with at(day):
            if escalate():
                went.append(day)
                dues.append(read(need).due_on)
        day += DAY
    assert read(need).holder.level == 1
    assert len(went) == 3
    for moved, due in zip(went, dues, strict=False):
        assert days.is_working(moved)
        assert days.between(due, moved) == 3
    for moved, due in zip(went, dues[1:], strict=True):
        assert days.between(moved, due) == 3  # urgent: three working days at each tier
    assert timezone.localdate() >= D(2026, 1, 1)
