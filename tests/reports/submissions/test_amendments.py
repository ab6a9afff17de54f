"""What was reported is put right beside the valid figures, and climbs tier by tier."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from childwelfare.workflow.refusals import Refused
from registry.categories.services import open_membership
from registry.child.models import ChildFile
from reports.amendments import services
from reports.amendments.models import Amendment
from reports.amendments.sheets import amended_sheet
from reports.submissions.opening import lock_in_time
from tests.builders import fresh
from tests.reports.submissions.world import a_reporting_county, a_worker, pass_on, report_all, row_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)
WHY = {"reason": "漏记一名孤儿", "document": "荥民〔2026〕31号"}


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def country():
    """October is reported by all, and locked."""
    country = a_reporting_county(children=1)
    country.open()
    report_all(country, upto=2)
    send(country.city)
    pass_on(country.city)
    lock_in_time(row_of(country.city).period)
    return country


def a_late_orphan(country, place: int = 0) -> None:
    """Known since yesterday to have been one in October."""
    child = ChildFile.objects.filter(village=country.villages[place]).first()
    clerk = a_worker(country.villages[place].township)
    open_membership(child, "orphan", by=clerk, since=datetime.date(2026, 10, 20))


def ask(unit, **given):
    return services.ask(row_of(unit), by=a_worker(unit), **WHY | given)


def latest(unit) -> Amendment:
    """The one that is under way; else one that is settled."""
    found = Amendment.objects.with_all().filter(submission__unit=unit)
    return found.under_way().first() or found.latest("made_at")


def grant(unit) -> None:
    amendment = latest(unit)
    services.open_amendment(amendment, by=a_worker(amendment.submission.above), seen_version=amendment.version)


def amend(unit) -> Amendment:
    """Send the new figures and have them approved."""
    amendment, sender = latest(unit), a_worker(unit)
    seen = amended_sheet(amendment.submission).seen
    services.submit(amendment, by=sender, seen_version=amendment.version, seen=seen)
    amendment = latest(unit)
    decider = a_worker(amendment.submission.above)
    services.approve(amendment, by=decider, seen_version=amendment.version, hash=amendment.current.hash)
    return latest(unit)


def orphans(unit) -> int:
    return row_of(unit).approved.numbers["orphan"]


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
    amendment = latest(township)
    seen = amended_sheet(amendment.submission).seen
    services.submit(amendment, by=a_worker(township), seen_version=amendment.version, seen=seen)
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
    services.open_amendment(latest(city), by=a_worker(city), seen_version=1)
    assert latest(city).state == "open"
