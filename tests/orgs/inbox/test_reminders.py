"""Last days: said three working days before, on the day, and where it passed; each step once, made up if a run was
missed."""

import datetime

import pytest
from django.db import DatabaseError

from orgs.holidays.working_days import WorkingDays
from orgs.inbox import reminders
from orgs.inbox.kinds import INBOX_KINDS, InboxKind
from orgs.inbox.models import Message
from orgs.inbox.reminders import DEADLINES, STEPS, DeadlineKind, Due, day_of, remind_all
from orgs.units.models import OrgUnit
from tests.builders import a_holiday, a_post, a_township

pytestmark = [pytest.mark.django_db, pytest.mark.both]
DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2031, 3, 3)
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
def station():
    return a_township()


@pytest.fixture
def report(station, monkeypatch):
    """A made-up monthly report that each station owes on a day: {unit: day}, filled by the test."""
    owed = {}
    kind = InboxKind(
        key="report_due", label="月报", icon="clock", records=OrgUnit.objects.all, key_field="uid",
        title=lambda about: "月报快到期了", url=lambda about: "/figures/",
    )  # fmt: skip
    monkeypatch.setitem(INBOX_KINDS, kind.key, kind)
    deadline = DeadlineKind(
        key=kind.key,
        open=lambda first, last: [
            Due(about=unit, due_on=day, unit=unit) for unit, day in owed.items() if first <= day <= last
        ],
        to="export_figures", above="settle_station_work", head="settle_station_work",
    )  # fmt: skip
    monkeypatch.setitem(DEADLINES, deadline.key, deadline)
    return owed


def told(post) -> list[str]:
    """The steps that ``post`` was told of, in order."""
    keys = Message.objects.of(post).order_by("sent_at", "pk").values_list("key", flat=True)
    return [key.rsplit(":", 1)[1] for key in keys]


def test_the_unit_then_the_tier_above_then_who_leads_the_county(station, report):
    clerk, officer, head = a_post(station), a_post(station.county), a_post(station.county)
    type(head).objects.filter(pk=head.pk).update(lead=True)
    report[station] = MONDAY + 9 * DAY  # a Wednesday
    seen = {}
    for number in range(20):
        remind_all(MONDAY + number * DAY)
        remind_all(MONDAY + number * DAY)  # a second run says nothing twice
        seen[number] = (told(clerk), told(officer), told(head))
    assert seen[3] == ([], [], []) and seen[4] == (["-3"], [], []), "three days before is a Sunday: on the Friday"
    assert seen[9] == (["-3", "0"], [], [])
    assert seen[10] == (["-3", "0", "1"], ["1"], ["1"])
    assert seen[19] == (["-3", "0", "1"], ["1"], ["1", "3"])


def test_after_a_friday_the_unit_and_the_one_above_hear_first_and_the_county_a_day_later(station, report):
    clerk, head = a_post(station), a_post(station.county)
    report[station] = FRIDAY
    for number in range(1, 8):
        remind_all(FRIDAY + number * DAY)
        if number == 3:
            assert (told(clerk), told(head)) == (["1"], ["1"]), "the Monday"
    assert (told(clerk), told(head)) == (["1"], ["1", "3"])


def test_where_nobody_leads_all_of_the_county_are_told(station, report):
    officer, second = a_post(station.county), a_post(station.county)
    report[station] = MONDAY
    remind_all(MONDAY + 3 * DAY)
    assert told(officer) == told(second) == ["3"], "what was overtaken meanwhile is not said any more"


def test_what_is_done_reminds_nobody_and_a_moved_day_begins_anew(station, report):
    clerk = a_post(station)
    report[station] = FRIDAY
    remind_all(FRIDAY)
    report[station] = FRIDAY + 7 * DAY
    remind_all(FRIDAY + 4 * DAY)
    assert told(clerk) == ["0", "-3"]
    report.clear()
    remind_all(FRIDAY + 8 * DAY)
    assert len(told(clerk)) == 2


def test_days_off_move_a_step_to_the_working_day_before_or_after(station):
    a_holiday(MONDAY, MONDAY + DAY)
    days = WorkingDays(MONDAY - 30 * DAY, MONDAY + 30 * DAY)
    before, on, after, late = STEPS
    assert day_of(before, MONDAY + 3 * DAY, days) == MONDAY - 3 * DAY, "the Friday before the holiday"
    assert day_of(on, MONDAY + DAY, days) == MONDAY - 3 * DAY
    assert day_of(after, MONDAY - DAY, days) == MONDAY + 2 * DAY, "the day after the holiday"
    assert day_of(late, FRIDAY, days) == FRIDAY + 3 * DAY


def test_a_kind_that_fails_keeps_no_other_back(station, report, monkeypatch):
    def fails(first, last):
        raise DatabaseError("gone")

    monkeypatch.setitem(DEADLINES, "report_due", DEADLINES.pop("report_due"))
    broken = DeadlineKind(key="broken", open=fails, to="export_figures", above="", head="")
    monkeypatch.setattr(reminders, "DEADLINES", {"broken": broken, "report_due": DEADLINES["report_due"]})
    clerk = a_post(station)
    report[station] = MONDAY
    remind_all(MONDAY)
    assert told(clerk) == ["0"]
