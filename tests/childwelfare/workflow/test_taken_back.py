"""What its writer took back says so wherever its state is read, to her and to her station, until it is sent again."""

import re

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from orgs.workbench.left_below import left_unfinished
from orgs.workbench.services import bench_of
from registry.child.services.files import recall_file
from registry.child.workflow import FILE
from tests.builders import a_post, a_stay, a_submitted_file, a_unit, a_visit, an_approved_file, answers, sign_in
from visits.visit.services.log import correct_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def taken(here, director):
    """A visit and a file that the director took back."""
    visit = a_visit(an_approved_file(here), by=director)
    file = a_submitted_file(here, by=director)
    recall_visit(visit, by=director, seen_version=visit.version)
    recall_file(file, by=director, seen_version=file.version)
    return visit, file


def test_chips_lists_and_the_api_say_so(client, taken, clerk):
    visit, file = taken
    sign_in(client, clerk)
    for address in (
        f"/visits/{visit.pk}/",
        f"/children/{file.pk}/",
        "/children/?state=returned",
        f"/children/{visit.child_id}/",
    ):
        page = client.get(address).text
        assert re.search(r"chip[^>]*>\s*撤回修改", page) and not re.search(r"chip[^>]*>\s*已退回", page), address
    for address in (f"/api/v1/visits/{visit.pk}/", f"/api/v1/children/{file.pk}/"):
        row = client.get(address).json()
        assert (row["state"], row["taken_back"]) == ("returned", True)


def test_the_station_is_not_told_that_it_waits_for_what_it_sent_back(taken, director, clerk):
    lacks = {lack.text for lacks in left_unfinished(clerk).values() for lack in lacks}
    assert lacks == {"撤回修改 2"}


def test_sent_again_and_returned_it_is_returned(taken, director, clerk):
    visit, file = taken
    correct_visit(visit, by=director, seen_version=visit.version, answers=answers(needs="棉衣"), hazards_looked_at=True)
    FILE.apply("submit", file, by=director, seen_version=file.version)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="地址不对")
    for record, words in ((visit, "待审核"), (file, "已退回")):
        record.refresh_from_db()
        assert record.get_state_display() == words and not record.taken_back


def test_a_file_that_is_sent_again_is_no_longer_taken_back_for_the_api(client, taken, director, clerk):
    _visit, file = taken
    sign_in(client, clerk)

    def told() -> tuple:
        row = client.get(f"/api/v1/children/{file.pk}/").json()
        return row["state"], row["taken_back"]

    FILE.apply("submit", file, by=director, seen_version=file.version)
    assert told() == ("submitted", False)
    # as the version before leaves it, which does not know the column
    type(file).objects.filter(pk=file.pk).update(taken_back=True)
    FILE.apply("approve", file, by=clerk, seen_version=file.version)
    assert told() == ("approved", False)


def test_a_clerk_finds_what_she_took_back_on_her_workbench(here, clerk):
    visit = a_visit(an_approved_file(here), by=clerk)
    file = a_submitted_file(here, by=clerk)
    recall_visit(visit, by=clerk, seen_version=visit.version)
    recall_file(file, by=clerk, seen_version=file.version)
    day = timezone.localdate()
    told = {line.what for line in bench_of(clerk).lines}
    assert told >= {"撤回的档案，改好再送", f"撤回的{day.month}月{day.day}日走访，改好再送"}
    assert not any("退回" in what for what in told)


@pytest.mark.parametrize("by_api", [False, True])
@pytest.mark.parametrize("is_over", [False, True])
def test_the_host_of_a_stay_takes_back_the_visit_she_recorded(client, here, by_api, is_over):
    there = a_unit(a_unit(here.county))
    child = an_approved_file(here, on=timezone.localdate())
    stay = a_stay(child, there, days=3)
    host, neighbour = a_post(there), a_post(there)
    visit = a_visit(child, by=host)
    if is_over:
        type(stay).objects.filter(pk=stay.pk).update(state="ended", ended_on=timezone.localdate())
    address = f"/api/v1/visits/{visit.pk}/recall/" if by_api else f"/visits/{visit.pk}/recall/"
    kind = JSON if by_api else {}
    sign_in(client, neighbour)
    assert client.post(address, {"version": visit.version}, **kind).status_code in (403, 404)
    sign_in(client, host)
    assert "recall" in client.get(f"/api/v1/visits/{visit.pk}/").json()["actions"]
    assert client.post(address, {"version": visit.version}, **kind).status_code == (200 if by_api else 302)
    visit.refresh_from_db()
    assert visit.taken_back and client.get(f"/visits/{visit.pk}/edit/").status_code == 200
    correct_visit(visit, by=host, seen_version=visit.version, answers=answers(needs="棉衣"), hazards_looked_at=True)
    assert visit.state == "submitted" and not visit.taken_back


def test_a_clerk_who_decides_what_was_just_taken_back_reads_who_took_it_back(client, taken, director, clerk):
    visit, file = taken
    name = director.person.name
    sign_in(client, clerk)
    for address in (f"/api/v1/visits/{visit.pk}/accept/", f"/api/v1/children/{file.pk}/approve/"):
        answer = client.post(address, {"version": 1}, **JSON)
        assert answer.status_code == 409 and f"最近一步：{name}“撤回修改”" in answer.json()["detail"], address


def test_a_refusal_to_take_back_makes_no_guess_beside_the_last_move(taken, director):
    for record, table in zip(taken, (VISIT, FILE), strict=True):
        with pytest.raises(Stale, match=f"不能撤回。最近一步：{director.person.name}“撤回修改”"):
            table.apply("recall", record, by=director, seen_version=record.version)


def test_two_at_once_the_second_reads_what_the_first_did(here, director, clerk):
    visit = a_visit(an_approved_file(here), by=director)
    read = type(visit).objects.get(pk=visit.pk)
    recall_visit(visit, by=director, seen_version=visit.version)
    with pytest.raises(Stale, match=f"最近一步：{director.person.name}“撤回修改”"):
        VISIT.apply("accept", read, by=clerk, seen_version=read.version)
    with pytest.raises(Stale, match="^(?!.*最近一步)"):  # still to be decided: nobody did it before her
        other = a_visit(an_approved_file(here), by=director)
        VISIT.apply("accept", other, by=clerk, seen_version=other.version + 1)
