"""The desk of one kind or one village alone, where one is in it, and what it offers: to be taken back, as a reason, as
what a new file lacks."""

import re

import pytest

from tests.builders import a_change, a_submitted_file, a_village, a_visit, an_approved_file, sign_in
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


def names_in_queue(page) -> list[str]:
    return re.findall(r'class="queue-name">([^<]*)<', page.text)


def test_one_kind_or_one_village_alone_and_it_stays_so_after_a_decision(client, village, clerk):
    other = a_village(village.township)
    first = a_visit(an_approved_file(village, name="周雅婷"))
    a_visit(an_approved_file(other, name="赵梦琪"))
    a_change(an_approved_file(village, name="孙浩然"), address="五组")
    sign_in(client, clerk)
    assert set(names_in_queue(client.get("/review/?only=visit"))) == {"周雅婷", "赵梦琪"}
    assert set(names_in_queue(client.get(f"/review/?village={village.pk}"))) == {"周雅婷", "孙浩然"}
    alone = f"?only=visit&village={village.pk}"
    page = client.get("/review/" + alone)
    assert names_in_queue(page) == ["周雅婷"] and "1 / 1" in page.text
    head = " ".join(re.sub("<[^>]*>", " ", page.text.partition('class="queue-head"')[2].partition("</h1>")[0]).split())
    assert "待审核 1 共 3 条" in head, "the head counts what is shown, and says of how many"
    path = f"/review/visit/{first.pk}/"
    after = client.post(path + "accept/" + alone, {"version": first.version}, follow=True)
    assert after.redirect_chain[-1][0] == "/review/" + alone
    assert not names_in_queue(after) and "这一类没有等着审核的" in after.text


def test_it_says_which_of_how_many_one_reads(client, village, clerk):
    visits = [a_visit(an_approved_file(village)) for _n in range(3)]
    sign_in(client, clerk)
    assert "2 / 3" in client.get(f"/review/visit/{visits[1].pk}/").text


def test_what_was_passed_together_is_taken_back_together(client, village, clerk):
    alone, *many = (a_visit(an_approved_file(village)) for _n in range(4))
    sign_in(client, clerk)
    client.post(f"/review/visit/{alone.pk}/accept/", {"version": alone.version})
    client.post("/review/accept/", {"visit": [f"{visit.pk}:{visit.version}" for visit in many]})
    page = client.get("/review/")
    bar = page.text[page.text.index('class="undo-bar"') :].partition("</form>")[0]
    assert "3 条" in bar and 'action="/review/accept/"' in bar
    sent = re.findall(r'name="visit" value="([^"]*)"', bar)
    client.post("/review/accept/", {"undo": "1", "visit": sent})
    states = dict(Visit.objects.values_list("pk", "state"))
    assert states == {alone.pk: "accepted"} | dict.fromkeys((visit.pk for visit in many), "submitted")
    assert f"/review/visit/{alone.pk}/undo/" in client.get("/review/").text


def test_reasons_are_those_of_the_kind_and_what_the_station_wrote_last(client, village, clerk):
    first, second = a_visit(an_approved_file(village)), a_visit(an_approved_file(village))
    change = a_change(an_approved_file(village), address="五组")
    sign_in(client, clerk)
    client.post(f"/review/visit/{first.pk}/return/", {"version": first.version, "reason": "请补写谈话"})
    hints = {}
    for kind, record in (("visit", second), ("change", change)):
        page = client.get(f"/review/{kind}/{record.pk}/").text
        hints[kind] = re.search(r'data-reason-hints="([^"]*)"', page)[1].split("|")
    assert hints["visit"][0] == "请补写谈话" and "请补写谈话" not in hints["change"]
    assert not set(hints["visit"]) & set(hints["change"])


def test_a_new_file_says_in_the_queue_how_much_it_lacks(client, village, clerk):
    a_submitted_file(village)
    sign_in(client, clerk)
    assert re.search(r"缺 [0-9]+ 项", client.get("/review/").text)
