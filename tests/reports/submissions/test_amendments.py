"""What was reported is put right beside the valid figures, and climbs tier by tier."""

import copy
import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from childwelfare.workflow.refusals import Refused, Stale
from reports.amendments import services
from reports.amendments.models import Amendment
from reports.submissions.models import Submission
from tests.builders import fresh
from tests.reports.submissions.amending import (
    WHY,
    a_late_orphan,
    a_locked_month,
    amend,
    ask,
    asked_and_granted,
    grant,
    latest,
    orphans,
    pass_amended,
    send_amended,
)
from tests.reports.submissions.world import a_reporting_county, a_worker, pass_on, report_all, row_of, send

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


def test_the_old_figure_stays_valid_until_every_tier_up_to_the_city_has_amended_its_own(country):
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    ask(village)
    grant(village)
    units = [village, township, country.county, country.city]
    for unit in units[:-1]:
        assert amend(unit).state == "approved"
        assert [orphans(each) for each in units] == [0, 0, 0, 0]
    assert amend(country.city).state == "effective"
    assert [orphans(each) for each in units] == [1, 1, 1, 1] and orphans(country.townships[1]) == 0
    assert [latest(each).state for each in units] == ["effective"] * 4
    assert [row_of(each).shown.numbers["orphan"] for each in units] == [1, 1, 1, 1], "and that is what is read"
    assert [latest(each).reason for each in units] == [WHY["reason"], "", "", ""], "why is read where it was"
    assert {latest(each).document for each in units} == {WHY["document"]}
    assert latest(village).differences == [("orphan", 0, 1), ("orphan_female", 0, 1)]
    assert row_of(village).approved.supersedes.numbers["orphan"] == 0, "both are kept"
    call_command("verify_chain")


def test_two_villages_amend_at_once_and_the_tiers_above_take_in_both(country):
    """The second is approved while the county's amendment is on its way up: it is taken in by the next one."""
    a_late_orphan(country, 0)
    a_late_orphan(country, 2)
    first, second = country.villages[0], country.villages[2]
    for village in (first, second):
        ask(village)
        grant(village)
    for unit in (first, country.townships[0], country.county):
        amend(unit)
    amend(second)
    amend(country.townships[1])
    assert amend(country.city).state == "effective"
    assert (orphans(country.city), orphans(second)) == (1, 0)
    assert latest(country.county).state == "open", "it is asked to take in the other"
    amend(country.county)
    amend(country.city)
    assert (orphans(country.city), orphans(country.county), orphans(second)) == (2, 2, 1)
    call_command("verify_chain")


def test_what_comes_from_below_meanwhile_opens_the_sum_again(country):
    a_late_orphan(country, 0)
    a_late_orphan(country, 1)
    first, second, township = *country.villages[:2], country.townships[0]
    for village in (first, second):
        ask(village)
        grant(village)
    amend(first)
    send_amended(township)
    amend(second)
    assert latest(township).state == "open"
    amend(township)
    assert latest(township).current.numbers["orphan"] == 2


def test_an_amendment_names_its_document_and_is_asked_for_by_the_unit_itself(country):
    village = country.villages[0]
    with pytest.raises(ValidationError) as refused:
        ask(village, document=" ", reason="")
    assert set(refused.value.message_dict) == {"reason", "document"}
    with pytest.raises(PermissionDenied):
        services.ask(row_of(village), by=a_worker(country.townships[0]), **WHY)
    amendment = ask(village)
    with pytest.raises(Refused, match="已经有一份更正在办"):
        ask(village)
    with pytest.raises(PermissionDenied):
        services.open_amendment(amendment, by=a_worker(country.villages[1]), seen_version=1)
    assert Amendment.objects.count() == 1


def test_what_is_the_same_as_the_valid_figures_is_no_amendment(country):
    village = country.villages[0]
    ask(village)
    grant(village)
    with pytest.raises(Refused, match="和有效的数一样"):
        amend(village)
    assert latest(village).state == "open"


def test_before_the_tier_above_has_sent_it_is_returned_instead_of_amended():
    country = a_reporting_county(children=1)
    country.open()
    with pytest.raises(Refused, match="还没有有效的上报数"):
        ask(country.villages[0])
    report_all(country, upto=4)
    with pytest.raises(Refused, match="请上级退回重报"):
        ask(country.villages[0])


def test_nobody_grants_what_she_asked_for_herself(country):
    city = country.city
    asking = a_worker(city)
    amendment = services.ask(row_of(city), by=asking, **WHY)
    with pytest.raises(Refused, match="自己"):
        services.open_amendment(amendment, by=fresh(asking), seen_version=1)
    grant(city)
    assert latest(city).state == "open"


def test_the_two_officers_of_the_city_put_its_own_sheet_right_between_them(country):
    """Each sends once, and each has returned or granted what the other did: who sent it last does not decide it."""
    first, second = a_worker(country.city), a_worker(country.city)
    a_late_orphan(country)
    asked_and_granted(country.villages[0])
    for unit in (country.villages[0], country.townships[0], country.county):
        amend(unit)
    send_amended(country.city, by=first)
    amendment = latest(country.city)
    services.send_back(amendment, by=fresh(second), seen_version=amendment.version, reason="请补说明")
    send_amended(country.city, by=second)
    with pytest.raises(Refused, match="自己"):
        pass_amended(country.city, by=second)
    assert pass_amended(country.city, by=first).state == "effective"


def test_what_became_valid_since_is_not_overwritten_and_no_total_is_made_of_other_parts(country):
    """Both are guarded against on the way; should a row come to say otherwise, the approval is refused."""
    a_late_orphan(country)
    village, township = country.villages[0], country.townships[0]
    asked_and_granted(village)
    sent = send_amended(village)
    Submission.objects.filter(unit=village).update(approved=sent.current)
    with pytest.raises(Stale, match="有效的数已经变了"):
        pass_amended(village)
    Submission.objects.filter(unit=village).update(approved=sent.current.supersedes)
    pass_amended(village)
    send_amended(township)
    Amendment.objects.filter(submission__unit=village).update(current=sent.current.supersedes)
    with pytest.raises(Stale, match="合计对不上"):
        pass_amended(township)


def test_a_total_is_not_approved_once_a_part_of_it_is_another():
    country = a_reporting_county(children=1)
    country.open()
    report_all(country, upto=4)
    township = country.townships[0]
    send(township)
    Submission.objects.filter(unit=country.villages[0]).update(approved=row_of(township).current)
    with pytest.raises(Stale, match="合计对不上"):
        pass_on(township)
