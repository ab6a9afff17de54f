"""What stays overdue goes up by itself, on working days, once; and a year of holidays by the clock."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from orgs.audit.models import Audit
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.models import Message
from registry.needs.presentation import goes_up_in_words
from registry.needs.services.escalation import escalate, remind
from registry.needs.services.handling import settle
from tests.builders import a_holiday, a_need, a_post, a_village, an_approved_file
from tests.registry.needs.needs import read

pytestmark = pytest.mark.django_db
D, DAY = datetime.date, datetime.timedelta(days=1)
MONDAY = D(2026, 3, 2)


def at(day: datetime.date):
    """The morning of ``day`` in Zhengzhou."""
    return time_machine.travel(datetime.datetime(day.year, day.month, day.day, 0, 30, tzinfo=datetime.UTC), tick=False)


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


# the state holidays of 2027, as a notice would give them; those of 2026 are shipped
HOLIDAYS_OF_2027 = [
    (D(2027, 1, 1), D(2027, 1, 3), "元旦"),
    (D(2027, 2, 5), D(2027, 2, 13), "春节"),
    (D(2027, 4, 3), D(2027, 4, 5), "清明节"),
    (D(2027, 5, 1), D(2027, 5, 5), "劳动节"),
    (D(2027, 6, 9), D(2027, 6, 9), "端午节"),
    (D(2027, 9, 15), D(2027, 9, 15), "中秋节"),
    (D(2027, 10, 1), D(2027, 10, 7), "国庆节"),
]
# counted by hand on a calendar: (the day it goes, to which tier, its last day there)
BY_HAND = [
    # due on Friday 25 December; 28, 29 and 30 are the three
    (D(2026, 12, 30), 3, D(2027, 1, 28)),  # 31; 4–8, 11–15, 18–22, 25–28 January: twenty, New Year between
    # 29 January, 1 and 2 February
    (D(2027, 2, 2), 2, D(2027, 3, 10)),  # 3, 4; from 15 February on: 15–19, 22–26, 1–5 March, 8–10 March
    # 11, 12 and 15 March
    (D(2027, 3, 15), 1, D(2027, 4, 13)),  # 16–19, 22–26, 29–2 April, 6–9 (5 is off), 12, 13
]


@pytest.fixture
def left_alone():
    """One need with nobody who sees to it, due on 25 December 2026."""
    for first, last, name in HOLIDAYS_OF_2027:
        a_holiday(first, last, name=name)
    with at(D(2026, 12, 25)):
        return a_need(an_approved_file(a_village(), name="欧阳小满"), days=0)


def steps_of(need) -> list:
    events = need.events.filter(action="escalate").select_related("holder").order_by("at", "id")
    return [(timezone.localdate(event.at), event.holder.level, event.due_on) for event in events]


def test_left_alone_over_a_year_of_holidays_it_goes_up_on_days_written_by_hand(left_alone):
    day = D(2026, 12, 25)
    while day <= D(2027, 12, 31):
        with at(day):
            went, again = escalate(), escalate()  # the job twice a day
        assert again == 0, f"the second run of {day} moved what the first had moved"
        assert went == (day in {each[0] for each in BY_HAND})
        day += DAY
    assert steps_of(left_alone) == BY_HAND
    assert read(left_alone).holder.level == 1


def test_a_job_that_did_not_run_for_ten_days_takes_one_step_from_the_day_it_runs(left_alone):
    with at(D(2027, 1, 11)):  # it was to go on 30 December
        assert escalate() == 1
        assert escalate() == 0
    with at(D(2027, 1, 12)):
        assert escalate() == 0
    # 12–15, 18–22, 25–29 January, 1–4 February; 15 and 16 after the Spring Festival
    assert steps_of(left_alone) == [(D(2027, 1, 11), 3, D(2027, 2, 16))]


def test_asked_for_a_day_it_counts_from_that_day(left_alone):
    """As a run that is made up says which morning it stands for."""
    with at(D(2026, 12, 28)):
        assert escalate(on=D(2026, 12, 30)) == 1
        assert read(left_alone).due_on == D(2027, 1, 28)
        assert escalate(on=D(2026, 12, 31)) == 0
