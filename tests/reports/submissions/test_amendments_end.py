"""Every amendment comes to an end: it takes effect, is given up, refused, or falls with the one above it."""

import copy
import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.models import Message
from orgs.inbox.services import settle_all
from orgs.posts.models import Appointment
from registry.categories.services import end_membership, open_membership
from registry.child.models import ChildFile
from reports.amendments import services
from reports.amendments.workbench import to_decide, to_send
from reports.submissions.locking import lock_in_time
from reports.submissions.services import reopen
from tests.builders import a_post, fresh
from tests.reports.submissions.amending import (
    a_late_orphan,
    a_locked_month,
    amend,
    ask,
    asked_and_granted,
    grant,
    latest,
    move,
    orphans,
    pass_amended,
    send_amended,
)
from tests.reports.submissions.world import SINCE, a_reporting_county, a_worker, pass_on, report_all, row_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture(scope="module")
def locked_month(shared_world):
    """Built once; each test has its own copy, and what it writes is taken back."""
    with time_machine.travel(MORNING, tick=False):
        return a_locked_month()


@pytest.fixture
def country(locked_month):
    return copy.deepcopy(locked_month)


def test_two_villages_put_right_in_opposite_directions_leave_the_sum_as_it_was_and_are_valid():
    country = a_reporting_county(children=1)
    first, second = country.villages[:2]
    clerk = a_worker(country.townships[0])
    child = ChildFile.objects.get(village=second)
    membership = open_membership(child, "orphan", by=clerk, since=SINCE)
    country.open()
    report_all(country, upto=2)
    send(country.city)
    pass_on(country.city)
    lock_in_time(row_of(country.city).period)
    a_late_orphan(country, 0)
    membership.refresh_from_db()
    end_membership(membership, by=clerk, on=datetime.date(2026, 10, 15), reason="other")
    for village in (first, second):
        asked_and_granted(village)
        amend(village)
    for unit in (country.townships[0], country.county, country.city):
        amend(unit)
    assert (orphans(first), orphans(second), orphans(country.townships[0])) == (1, 0, 1)
    assert {latest(each).state for each in (first, second, country.city)} == {"effective"}
    call_command("verify_chain")


def test_who_has_nothing_to_put_right_gives_it_up_with_a_reason(country):
    village, other = country.villages[0], country.villages[1]
    asked_and_granted(village)
    with pytest.raises(Refused, match="请写明原因"):
        move(village, services.withdraw, by=a_worker(village), reason=" ")
    for post in (a_worker(other), a_worker(country.townships[0])):
        with pytest.raises(PermissionDenied):
            move(village, services.withdraw, by=post, reason="不用了")
    assert move(village, services.withdraw, by=a_worker(village), reason="核对过，没有错").state == "withdrawn"
    ask(village)
    assert move(village, services.withdraw, by=a_worker(village), reason="核对过，没有错").state == "withdrawn"
    ask(village)
    with pytest.raises(Refused, match="自己"):
        in_station = a_post(country.townships[0], person=a_worker(village).person)
        move(village, services.refuse, by=in_station, reason="不用")
    assert move(village, services.refuse, reason="没有依据").state == "refused"


def test_a_grant_is_over_once_it_is_used_and_what_came_of_it_is_one_message(country):
    """Nobody reads twice that the same amendment took effect."""
    a_late_orphan(country)
    village = country.villages[0]
    asked_and_granted(village)
    told = Message.objects.filter(recipient=latest(village).made_in, record=latest(village).pk)
    assert [each.kind for each in told if not each.settled_at] == ["amendment_granted"]
    for unit in (village, country.townships[0], country.county, country.city):
        amend(unit)
    assert latest(village).state == "effective"
    settle_all()
    unread = Message.objects.unread().filter(record=latest(village).pk)
    assert set(unread.values_list("kind", flat=True)) == {"amendment_answered"}


def test_where_the_one_above_is_refused_those_below_fall_with_it_and_are_told_why(country):
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    asked_and_granted(village)
    amend(village)
    Message.objects.all().delete()
    assert move(township, services.refuse, reason="等全县一起改").state == "refused"
    assert latest(village).state == "refused" and latest(village).events.last().reason == "等全县一起改"
    assert Message.objects.filter(recipient=a_worker(village), kind="amendment_answered").exists()
    ask(village, reason="这次有批文")
    grant(village)
    amend(village)
    assert latest(township).state == "open", "it begins anew"
    move(village, services.refuse, reason="还是先不改")
    assert (latest(village).state, latest(township).state) == ("refused", "withdrawn"), "what followed from it alone"
    assert orphans(village) == 0
    call_command("verify_chain")


def test_a_part_that_proves_wrong_goes_back_down_to_the_village(country):
    """The county finds the village's number wrong in the sum of its township."""
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    asked_and_granted(village)
    amend(village)
    send_amended(township)
    with pytest.raises(Stale, match="再上一级退回"):
        move(village, services.send_back, reason="请再核")
    move(township, services.send_back, reason="刘沟的数不对")
    assert move(village, services.send_back, reason="县里说不对").state == "open"
    assert latest(township).state == "open"
    a_late_orphan_too = ChildFile.objects.filter(village=village).first()
    assert a_late_orphan_too
    for unit in (village, township, country.county, country.city):
        amend(unit)
    assert orphans(country.city) == 1


def test_what_was_asked_above_already_is_opened_by_what_comes_from_below(country):
    """Else the city would refuse the county, and what was approved below would wait for ever."""
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    ask(township, reason="下面要改")
    asked_and_granted(village)
    amend(village)
    assert latest(township).state == "open"
    assert amend(township).state == "approved"


def test_nothing_is_returned_for_another_report_while_an_amendment_of_it_or_below_is_under_way():
    """Before the lock: the township is approved, its village amends; were the township returned now, an older amendment
    would overwrite newer figures."""
    country = a_reporting_county(children=1)
    country.open()
    report_all(country, upto=3)
    village, township = country.villages[0], country.townships[0]
    a_late_orphan(country)
    asked_and_granted(village)
    row = row_of(township)
    with pytest.raises(Refused, match="还有更正没有办完"):
        reopen(row, by=a_worker(country.county), seen_version=row.version, reason="再核一次")
    amend(village)
    assert amend(township).state == "effective", "the county has not sent: it is valid at once"
    assert orphans(township) == orphans(village) == 1
    row = row_of(township)
    reopen(row, by=a_worker(country.county), seen_version=row.version, reason="再核一次")
    with pytest.raises(Refused, match="请上级退回重报"):
        ask(village)
    send(township)
    with pytest.raises(Refused, match="正在审核"):
        ask(village)
    call_command("verify_chain")


def test_for_a_village_without_anybody_its_station_asks_and_sends_and_somebody_else_decides(country):
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    Appointment.objects.filter(unit=village).update(valid_to=SINCE)
    clerk, officer = a_post(township), a_post(country.county)
    ask(village, by=clerk)
    with pytest.raises(Refused, match="自己"):
        grant(village, by=clerk)
    assert to_decide(fresh(officer)).get() == latest(village)
    assert Message.objects.filter(recipient=officer, kind="amendment_asked").exists()
    grant(village, by=officer)
    assert to_send(fresh(clerk)).get() == latest(village)
    send_amended(village, by=clerk)
    assert pass_amended(village, by=officer).state == "approved" and latest(township).state == "open"


def test_for_what_was_merged_away_the_next_tier_with_people_does_it(country):
    """Village and township are closed since: their county asks and sends, another officer of it or the city decides."""
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    Appointment.objects.filter(unit__in=[village, township]).update(valid_to=SINCE)
    first, second, city = a_post(country.county), a_post(country.county), a_post(country.city)
    ask(village, by=first)
    with pytest.raises(Refused, match="自己"):
        grant(village, by=first)
    grant(village, by=city)
    send_amended(village, by=first)
    pass_amended(village, by=second)
    send_amended(township, by=second)
    assert pass_amended(township, by=first).state == "approved" and latest(country.county).state == "open"
