"""What had no valid figures when the month was locked is supplied afterwards, with a document, up to the top."""

import copy
import datetime
import re

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from orgs.inbox.models import Message
from reports.submissions.locking import lock_in_time
from reports.submissions.models import Submission
from reports.submissions.services import send_back, waive
from tests.builders import a_post, fresh, sign_in
from tests.reports.submissions.amending import a_late_orphan, amend, ask, asked_and_granted, latest
from tests.reports.submissions.world import OCTOBER, a_reporting_county, a_worker, row_of, send

pytestmark = pytest.mark.django_db
MORNING = datetime.datetime(2026, 11, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _beginning_of_november():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture(scope="module")
def unfinished_month(shared_world):
    """The lock came while of the first township one village waited, one had never sent; of the second one was returned,
    one was left out."""
    with time_machine.travel(MORNING, tick=False):
        country = a_reporting_county(children=1)
        country.open()
        waiting, _never, returned, waived = country.villages
        send(waiting)
        row = send(returned)
        send_back(row, by=a_post(row.above), seen_version=row.version, reason="请再核")
        row = row_of(waived)
        waive(row, by=a_post(row.above), seen_version=row.version, reason="主任住院")
        lock_in_time(row.period)
        return country


@pytest.fixture
def country(unfinished_month):
    return copy.deepcopy(unfinished_month)


@pytest.mark.both
def test_a_month_that_nobody_finished_is_put_right_after_the_lock(country):
    labels = [str(row_of(village).state_label) for village in country.villages]
    assert labels == ["报了未审（已锁定）", "未报（已锁定）", "退回未重报（已锁定）", "缺报（已锁定）"]
    first, never, returned, waived = country.villages
    asked_and_granted(first)
    for unit in (first, country.townships[0], country.county):
        assert amend(unit).state == "approved"
    told = latest(country.townships[0]).current.told
    assert [(each["name"], each["reason"]) for each in told["waived"]] == [(never.name, "锁定时没有有效的上报数")]
    assert Submission.objects.exclude(approved=None).count() == 0, "valid once the top has its own"
    above = [(each["in"], each["name"]) for each in latest(country.county).current.told["waived_below"]]
    assert above == [([country.townships[0].name], never.name)], "no sum above looks complete that is not"
    assert amend(country.city).state == "effective"
    row = row_of(first)
    assert (row.state, row.approved.supersedes, row.approved.seq, row.on_time) == ("approved", None, 2, True)
    assert row_of(country.city).approved.numbers["registered"] == 1 and row_of(country.city).on_time is False
    call_command("verify_chain")
    left_out = {each["name"]: each["in"] for each in row_of(country.city).approved.left_out}
    assert left_out[never.name] == [country.county.name, country.townships[0].name]
    for village in (never, returned, waived):
        asked_and_granted(village)
        amend(village)
    for unit in (*country.townships, country.county, country.city):
        amend(unit)
    assert row_of(country.city).approved.numbers["registered"] == 4
    assert not row_of(country.city).approved.told["waived"]
    assert Submission.objects.filter(period__key=OCTOBER, state="approved").count() == 8
    call_command("verify_chain")


def test_the_pages_of_a_locked_month_offer_what_can_be_done_and_nothing_else(client, country):
    first, never = country.villages[:2]
    with time_machine.travel(datetime.datetime(2026, 11, 20, 1, tzinfo=datetime.UTC), tick=False):
        sign_in(client, a_post(country.townships[0]))
        page = client.get(reverse("submission-detail", args=[row_of(country.townships[0]).pk])).text
        assert "一起通过" not in page and not re.search(r"逾期 \d+ 天", page) and "。。" not in page
        assert "锁定时没有报上 2" in page and "请求补报" in page and "报了未审（已锁定），未计入合计" in page
        for village in (first, never):
            sign_in(client, a_worker(village))
            row = row_of(village)
            page = client.get(reverse("submission-detail", args=[row.pk])).text
            assert "请求补报" in page and str(row.state_label) in page and "。。" not in page
            asking = client.get(reverse("amendment-new", args=[row.pk])).text
            assert "<h1>请求补报</h1>" in asking


def test_after_an_amendment_takes_effect_every_page_shows_its_figures(client, country):
    """On the tier above the row and the sum, on the own page the number, over the API hash and values."""
    first, township = country.villages[0], country.townships[0]
    asked_and_granted(first)
    units = (first, township, country.county, country.city)
    for unit in units:
        amend(unit)
    a_late_orphan(country)
    asked_and_granted(first)
    for unit in units:
        amend(unit)
    hashes = set()
    for unit in units:
        row = row_of(unit)
        sign_in(client, a_post(country.city) if unit.level == 1 else a_worker(unit))
        told = client.get(f"/api/v1/submissions/{row.pk}/").json()
        assert told["hash"] == told["approved_hash"] == row.approved.hash
        assert told["sheet"]["values"]["orphan"] == 1
        page = client.get(reverse("submission-detail", args=[row.pk])).text
        assert f"校验 {row.approved.short_hash}" in page
        hashes.add(row.approved.short_hash)
    assert len(hashes) == 4


def test_an_amendment_says_what_it_takes_in_and_is_ended_by_page_and_api(client, country):
    village, township = country.villages[0], country.townships[0]
    director = a_worker(village)
    ask(village, by=director, reason="主任生病，漏了上报")
    sign_in(client, fresh(director))
    page = reverse("amendment-detail", args=[latest(village).pk])
    assert "撤回更正" in client.get(page).text
    assert client.post(f"{page}withdraw_amendment/", {"version": 1, "reason": ""}).status_code == 422
    assert client.post(f"{page}withdraw_amendment/", {"version": 1, "reason": "不用了"}).status_code == 302
    asked_and_granted(village)
    amend(village)
    clerk = a_post(township)
    sign_in(client, clerk)
    above = latest(township)
    shown = client.get(reverse("amendment-detail", args=[above.pk])).text
    assert "从下级更正" in shown and str(latest(village).pk) in shown and "这是补报" in shown
    assert "漏记一名孤儿" not in shown, "why is read at the village's"
    told = client.get(f"/api/v1/amendments/{above.pk}/").json()
    assert told["supplement"] and told["reason"] == "从下级更正" and "withdraw_amendment" in told["actions"]
    done = client.post(
        f"/api/v1/amendments/{above.pk}/withdraw/", {"version": told["version"], "reason": "先等等"},
        content_type="application/json",
    )  # fmt: skip
    assert done.json()["state"] == "withdrawn" and latest(village).state == "refused"
    assert Message.objects.filter(recipient=director, kind="amendment_answered").exists()


def test_the_city_may_not_go_on_where_nothing_below_is_valid(client, country):
    asked_and_granted(country.city)
    amendment = latest(country.city)
    sign_in(client, a_post(country.city))
    told = client.get(f"/api/v1/amendments/{amendment.pk}/").json()
    sent = client.post(
        f"/api/v1/amendments/{amendment.pk}/submit/", {"version": told["version"], "seen": told["seen"]},
        content_type="application/json",
    )  # fmt: skip
    assert sent.status_code == 422 and "请下级先补报" in sent.text
    assert client.get(reverse("amendment-detail", args=[amendment.pk])).status_code == 200
