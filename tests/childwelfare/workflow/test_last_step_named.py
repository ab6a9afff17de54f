"""Who is refused reads who did what last where that explains the refusal, and no guess where it does not."""

import pytest
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from registry.changes.services import amend_change, approve_change, return_change
from registry.changes.workflow import CHANGE
from registry.child.services.files import recall_file
from tests.builders import (
    a_change,
    a_person,
    a_post,
    a_submitted_file,
    a_village,
    a_visit,
    an_approved_file,
    answers,
    sign_in,
)
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
GUESS = "他人处理"


@pytest.fixture
def director(here):
    return a_post(here, person=a_person("王主任"))


@pytest.fixture
def half_returned(here, director, clerk):
    """A change of two fields, one of which came back."""
    change = a_change(an_approved_file(here), by=director, address="五组", grade="三年级")
    return return_change(change, by=clerk, seen_version=1, names=["address"], reason="缺门牌号")


@pytest.mark.both
def test_what_one_took_back_oneself_in_another_window_is_named(here, director):
    visit = a_visit(an_approved_file(here), by=director)
    recall_visit(visit, by=director, seen_version=1)
    said = {"answers": answers(), "hazards_looked_at": True}
    with pytest.raises(Stale, match="有过变动，请重新打开再看。最近一步：王主任“撤回修改”") as refusal:
        correct_visit(Visit.objects.get(), by=director, seen_version=1, **said)
    assert GUESS not in str(refusal.value)


@pytest.mark.parametrize("kind", ["visit", "file"])
def test_what_was_just_taken_back_and_is_opened_on_the_desk_says_by_whom(client, here, director, clerk, kind):
    if kind == "visit":
        record = a_visit(an_approved_file(here), by=director)
        recall_visit(record, by=director, seen_version=record.version)
    else:
        record = a_submitted_file(here, by=director)
        recall_file(record, by=director, seen_version=record.version)
    page = sign_in(client, clerk).get(f"/review/{kind}/{record.pk}/", follow=True).text
    assert "这一条已不在待审核里。最近一步：王主任“撤回修改”" in page and GUESS not in page


def test_a_change_taken_back_and_opened_on_the_desk_says_by_whom(client, here, director, clerk):
    change = a_change(an_approved_file(here), by=director, address="五组")
    CHANGE.apply("withdraw", change, by=director, seen_version=change.version)
    page = sign_in(client, clerk).get(f"/review/change/{change.pk}/", follow=True).text
    assert "这一条已不在待审核里。最近一步：王主任“撤回”" in page and GUESS not in page


def test_another_place_s_case_says_no_more_than_that_it_does_not_wait(client, here, director):
    visit = a_visit(an_approved_file(here), by=director)
    recall_visit(visit, by=director, seen_version=visit.version)
    page = sign_in(client, a_post(a_village().township)).get(f"/review/visit/{visit.pk}/", follow=True).text
    assert "这一条已不在待审核里" in page and "最近一步" not in page


@pytest.mark.both
def test_a_change_that_came_back_in_part_says_how_much_still_waits(client, half_returned, director):
    with pytest.raises(Stale) as refusal:
        amend_change(half_returned, by=director, seen_version=2, values={"address": "五组8号"})
    assert str(refusal.value) == "这份变更还有 1 项待审核，审核完再一起补充重报。"
    body = {"version": 2, "fields": {"address": "五组8号"}}
    where = f"/api/v1/changes/{half_returned.pk}/amend/"
    answer = sign_in(client, director).post(where, body, content_type="application/json")
    assert answer.status_code == 409 and "还有 1 项待审核" in answer.json()["detail"]
    page = client.post(f"/changes/{half_returned.pk}/amend/", {"version": 2, "address": "五组8号"})
    assert page.status_code == 409 and "还有 1 项待审核" in page.text and "最近一步" not in page.text


def test_a_part_that_came_back_is_not_named_as_what_keeps_the_rest_from_being_sent(half_returned, director):
    """The whole stayed where it was: "not returned; last step: returned" contradicts itself."""
    with pytest.raises(Stale, match="没有被退回") as refusal:
        CHANGE.apply("resubmit", half_returned, by=director, seen_version=2)
    assert "最近一步" not in str(refusal.value)


def test_of_two_clerks_the_second_reads_what_the_first_returned_of_a_change(half_returned, here, clerk):
    with pytest.raises(Stale, match=f"最近一步：{clerk.person.name}“退回”"):
        approve_change(half_returned, by=a_post(here.township), seen_version=1)


def test_no_step_is_named_where_something_else_keeps_it_from_being_done(here, director, clerk):
    """It was sent again and waits, as it should; what is in the way is its file."""
    file = an_approved_file(here)
    change = a_change(file, by=director, address="五组")
    return_change(change, by=clerk, seen_version=1, reason="缺门牌号")
    amend_change(change, by=director, seen_version=2, values={"address": "五组8号"})
    type(file).objects.filter(pk=file.pk).update(state="closed", closed_on=timezone.localdate(), close_reason="moved")
    change = type(change).objects.get(pk=change.pk)
    with pytest.raises(Stale, match="已不在册") as refusal:
        approve_change(change, by=clerk, seen_version=1)
    assert "最近一步" not in str(refusal.value)


def test_a_number_that_no_page_ever_showed_names_no_step(here, director, clerk):
    visit = a_visit(an_approved_file(here), by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    for version in (0, 9):
        with pytest.raises(Stale, match="^(?!.*最近一步)"):
            VISIT.apply("resubmit", Visit.objects.get(), by=director, seen_version=version)
