"""Nobody's last day is after that of the unit above that waits for it, nor after the lock, whatever moves the days."""

import dataclasses
import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from orgs.holidays.models import Holiday
from orgs.holidays.services import add_holiday, remove_holiday
from orgs.inbox.models import Message
from orgs.inbox.services import settle_all
from orgs.posts.models import Appointment
from orgs.reorganisation.rules import Part
from reports.periods.models import ReportingPeriod
from reports.submissions.last_days import move_period
from reports.submissions.models import OPEN_STATES, Submission
from reports.submissions.services import end_waiver, reopen, send_back, waive, withdraw
from reports.verification.acts import read_trail
from reports.verification.standing import Standing
from reports.verification.tables import Tables
from tests.builders import a_county, a_post, fresh, sign_in
from tests.depth import examples
from tests.orgs.reorganisation.world import ordered
from tests.reports.submissions.world import OCTOBER, a_reporting_county, a_worker, pass_on, report_all, row_of, send

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture
def country(settings, tmp_path):
    """On Monday 2 November 2026; October is open, its days are 2, 3, 5, 9 and, for the lock, 12."""
    settings.CWR_ANCHORS = tmp_path / "anchors"
    with time_machine.travel(MORNING, tick=False) as clock:
        country = a_reporting_county(children=1)
        country.open()
        country.clock = clock
        country.posts = {unit.pk: a_post(unit) for unit in (*country.townships, country.county, country.city)}
        country.second = a_post(country.city)
        yield country


def days_up(unit) -> list[int]:
    """The days of the month of ``unit`` and of those above it."""
    row, found = row_of(unit), []
    while row:
        found.append(row.due_on.day)
        row = row_of(row.parent.unit) if row.parent_id else None
    return found


def out_of_order(key: str = OCTOBER) -> list[str]:
    """What the rule forbids, of a month that is open."""
    period = ReportingPeriod.objects.get(key=key)
    rows = Submission.objects.filter(period=period, state__in=OPEN_STATES).select_related("unit", "parent")
    if period.is_locked:
        return []
    late = [f"{row.unit} {row.due_on} after the lock {period.locks_on}" for row in rows if row.due_on > period.locks_on]
    return late + [
        f"{row.unit} {row.due_on} after its upper {row.parent.due_on}"
        for row in rows
        if row.parent and row.parent.state in OPEN_STATES and row.due_on > row.parent.due_on
    ]


@pytest.mark.both
def test_a_village_returned_late_gives_time_to_every_tier_above(country):
    """On the 9th the village has until Wednesday; its station Thursday; county and city, whom the lock leaves no
    working day more, as long as that."""
    village, clerk = country.villages[0], country.posts[country.townships[0].pk]
    send(village)
    country.clock.move_to(MORNING + 7 * DAY)
    row = row_of(village)
    send_back(row, by=fresh(clerk), seen_version=row.version, reason="少一户")
    assert days_up(village) == [11, 12, 12, 12] and out_of_order() == []
    assert days_up(country.villages[2]) == [2, 3, 12, 12], "the other station was not held up"
    assert all(row_of(unit).days_late is None for unit in (country.townships[0], country.county, country.city))
    call_command("verify_chain")
    Submission.objects.filter(unit=country.city).update(due_on=datetime.date(2026, 11, 11))
    with pytest.raises(Exception, match="截止日期"):
        call_command("verify_chain")


@pytest.mark.both
def test_what_was_withdrawn_or_asked_for_again_after_days_went_back_lifts_those_above(country):
    """A holiday moved them all; the village had sent when it was taken back."""
    village, clerk = country.villages[0], country.posts[country.townships[0].pk]
    off = {"name": "抗洪假", "document": "国办〔2026〕9号"}
    holiday = add_holiday(by=fresh(country.second), since=MORNING.date(), until=datetime.date(2026, 11, 4), **off)
    assert days_up(village) == [5, 6, 9, 10]
    row = send(village)
    remove_holiday(holiday, by=fresh(country.second))
    assert days_up(village)[1:] == [3, 5, 9]
    withdraw(row_of(village), by=fresh(row.made_in), seen_version=row.version)
    assert days_up(village) == [5, 6, 9, 10] and out_of_order() == []
    waive(row_of(country.townships[0]), by=fresh(country.posts[country.county.pk]), seen_version=1, reason="洪水")
    row = send(village)
    country.clock.move_to(MORNING + 7 * DAY)
    send_back(row, by=fresh(clerk), seen_version=row.version, reason="少一户")
    assert days_up(village)[2:] == [9, 10], "nobody waits for the station that was left out"
    row = row_of(country.townships[0])
    end_waiver(row, by=fresh(country.posts[country.county.pk]), seen_version=row.version)
    assert out_of_order() == [] and days_up(village) == [11, 11, 12, 12]
    call_command("verify_chain")


@pytest.mark.both
def test_whose_day_somebody_moved_is_told_of_it_once(client, country):
    """As where a holiday moved it; who moved it is not, and who has sent, or has longer, is not either."""
    sent, vacant = country.villages[:2]
    directors = {unit.pk: a_worker(unit) for unit in country.villages}
    send(sent, by=directors[sent.pk])
    Appointment.objects.filter(unit=vacant).update(valid_to=datetime.date(2026, 11, 1))
    period = row_of(country.city).period
    later = dataclasses.replace(period.deadlines, village=period.due_village + DAY)
    move_period(period, later, by=fresh(country.second), seen_version=period.version, reason="培训周")
    told = Message.objects.filter(kind="ledger_moved").values_list("recipient__unit", flat=True)
    assert set(told) == {country.townships[0].pk, *(each.pk for each in country.villages[2:])}
    sign_in(client, directors[country.villages[2].pk])
    assert "月报的截止日期现在是11月3日" in client.get("/inbox/").text
    send(country.villages[2], by=directors[country.villages[2].pk])
    settle_all()
    settled = Message.objects.exclude(settled_at=None).values_list("recipient__unit", flat=True)
    assert set(settled) == {country.villages[2].pk}, "it needs nobody any more"


def kept_by_an_earlier_version() -> list:
    """What does not fit where the trail does not say who stayed when a holiday was taken back."""
    period = ReportingPeriod.objects.get(key=OCTOBER)
    acts = read_trail().acts[period.root_id, OCTOBER]
    for act in acts:
        act.told.pop("unmoved", None)
    return list(Standing(Tables(period)).faults(acts))


@pytest.mark.both
def test_who_stays_for_one_below_when_a_holiday_is_taken_back_is_told(country):
    """The city would go back to the 9th, and waits for its county until the lock, which somebody set."""
    period = row_of(country.city).period
    later = dataclasses.replace(period.deadlines, locks=datetime.date(2026, 11, 13))
    move_period(period, later, by=fresh(country.second), seen_version=period.version, reason="培训周")
    off = {"name": "抗洪假", "document": "国办〔2026〕9号", "since": datetime.date(2026, 11, 9)}
    holiday = add_holiday(by=fresh(country.second), until=datetime.date(2026, 11, 12), **off)
    report_all(country, upto=3)
    row = send(country.county)
    country.clock.move_to(MORNING + 3 * DAY)
    send_back(row, by=fresh(country.posts[country.city.pk]), seen_version=row.version, reason="少一户")
    remove_holiday(holiday, by=fresh(country.second))
    assert days_up(country.county) == [13, 13] and row_of(country.city).period.due_city.day == 9
    call_command("verify_chain")
    assert kept_by_an_earlier_version() == []
    Submission.objects.filter(unit=country.city).update(due_on=datetime.date(2026, 11, 9))
    with pytest.raises(CommandError, match="截止日期"):
        call_command("verify_chain")


class Moves:
    """What people do with a month, at random, each where it can be done; what is refused in words changes nothing."""

    STATES = {
        "send": OPEN_STATES, "approve": ("submitted",), "give_back": ("submitted", "approved"),
        "take_back": ("submitted",), "leave_out": (*OPEN_STATES, "waived"),
    }  # fmt: skip

    def __init__(self, country, other) -> None:
        self.country, self.other = country, other

    def make(self, move: str, number: int) -> None:
        rows = Submission.objects.filter(state__in=self.STATES.get(move, ())).in_order().with_all()
        units = [row.unit for row in rows] or [self.country.city]
        try:
            with transaction.atomic():
                getattr(self, move)(units[-1 - number % len(units)], number)
        except (Refused, ValidationError, PermissionDenied):
            pass

    def send(self, unit, _number) -> None:
        send(unit)

    def approve(self, unit, _number) -> None:
        if row_of(unit).current:
            pass_on(unit)

    def give_back(self, unit, _number) -> None:
        row = row_of(unit)
        act = reopen if row.state == "approved" else send_back
        act(row, by=fresh(a_post(row.above)), seen_version=row.version, reason="少一户")

    def take_back(self, unit, _number) -> None:
        row = row_of(unit)
        withdraw(row, by=fresh(row.made_in or a_post(unit)), seen_version=row.version)

    def leave_out(self, unit, _number) -> None:
        row = row_of(unit)
        if unit.level > 1:
            act = {"by": fresh(a_post(row.above)), "seen_version": row.version}
            end_waiver(row, **act) if row.state == "waived" else waive(row, reason="洪水", **act)

    def holiday(self, _unit, number) -> None:
        since = timezone.localdate() + (number % 5) * DAY
        given = {"since": since, "until": since + (number % 4) * DAY, "name": "抗洪假", "document": "9号"}
        add_holiday(by=fresh(self.country.second), **given)

    def no_holiday(self, _unit, _number) -> None:
        for holiday in Holiday.objects.all()[:1]:
            remove_holiday(holiday, by=fresh(self.country.second))

    def by_hand(self, _unit, number) -> None:
        period = ReportingPeriod.objects.get(key=OCTOBER)
        told = dataclasses.astuple(period.deadlines)
        later = type(period.deadlines)(*(day + (number % 3 if at >= number % 5 else 0) * DAY
                                         for at, day in enumerate(told)))  # fmt: skip
        move_period(period, later, by=fresh(self.country.second), seen_version=period.version, reason="培训周")

    def reorganise(self, _unit, _number) -> None:
        if self.country.townships[0].valid_to is None:
            ordered("move", Part(self.country.townships[0], parent=self.other), on=datetime.date(2026, 11, 1))

    def wait(self, _unit, number) -> None:
        self.country.clock.shift((number % 3) * datetime.timedelta(hours=20))


# what comes back, and days that move, twice as often as the rest
OFTEN = ["send", "give_back", "give_back", "holiday", "holiday", "no_holiday", "wait"]
MOVES = [*OFTEN, "approve", "take_back", "leave_out", "by_hand", "reorganise"]
LOOK = settings(
    max_examples=examples(60), deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_whatever_is_done_with_a_month_the_days_stay_in_order(country):
    other = a_county(country.city)
    for village in country.villages:
        send(village)

    # the county's day was set, and stays; a village's own moves beyond it
    @example(0, [("by_hand", 7), ("give_back", 0), ("holiday", 22)])
    @LOOK
    @given(st.integers(0, 6), st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 40)), min_size=6, max_size=14))
    def hold(day, done):
        country.clock.move_to(MORNING + day * DAY)
        with transaction.atomic():
            moves = Moves(country, other)
            for move, number in done:
                moves.make(move, number)
                assert out_of_order() == [], (move, number)
            call_command("verify_chain")
            assert kept_by_an_earlier_version() == []
            forged = Submission.objects.order_by("pk")[day % Submission.objects.count()]
            Submission.objects.filter(pk=forged.pk).update(due_on=forged.due_on - DAY)
            with pytest.raises(CommandError, match="截止日期"):
                call_command("verify_chain")
            transaction.set_rollback(True)

    hold()
