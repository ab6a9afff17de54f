"""A child that was handed on does not keep the door number of the village that it left."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Refused
from registry.changes.models import Change
from registry.changes.services import (
    amend_change,
    approve_change,
    propose_change,
    return_change,
    undo_decision,
    withdraw_change,
)
from registry.child.models import ChildFile
from registry.quality.models import FileIssue
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_change, a_person, a_post, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    return an_approved_file(a_village(), address="三组12号")


@pytest.fixture
def asked(file):
    by = a_post(file.township)
    return ask_transfer(file, by=by, target=a_village(), reason="随父母迁居", seen_version=file.version)


def accept(transfer):
    clerk = a_post(transfer.target.township)
    TRANSFER.apply("accept", transfer, by=clerk, seen_version=1)
    return clerk


def test_it_is_blank_and_what_it_was_stands_in_the_history(client, file, asked):
    sign_in(client, a_post(asked.target.township))
    page = client.post(f"/transfers/{asked.pk}/accept/", {"version": 1}, follow=True)
    assert "请问清孩子现在住哪里" in page.text
    file = ChildFile.objects.get()
    assert file.address == "" and "原住址：三组12号" in file.events.get(action="move").reason
    assert FileIssue.objects.filter(child=file, rule="no_address").exists()


def test_an_address_that_waits_for_review_comes_back_with_the_reason(file, asked):
    change = a_change(ChildFile.objects.get(), address="五组3号", school="第二小学")
    accept(asked)
    change = Change.objects.get()
    field = change.fields.get(name="address")
    assert (field.verdict, field.value) == ("returned", "五组3号") and "住址不再适用" in field.reason
    assert change.fields.get(name="school").verdict == "pending" and change.village == asked.target
    assert change.events.last().action == "return_moved"


def test_sent_alone_it_can_be_completed_at_the_new_place(file, asked):
    a_change(ChildFile.objects.get(), address="五组3号")
    accept(asked)
    change, director = Change.objects.get(), a_post(asked.target, since=timezone.localdate())
    assert change.state == "returned"
    amend_change(change, by=director, seen_version=change.version, values={"address": "九组8号"}, base={"address": ""})
    assert Change.objects.get().state == "submitted"


def test_the_new_village_takes_back_what_came_back_to_it(client, file, asked):
    a_change(ChildFile.objects.get(), address="五组3号")
    clerk = accept(asked)
    change, director = Change.objects.get(), a_post(asked.target, since=timezone.localdate())
    sign_in(client, director)
    assert f"/changes/{change.pk}/withdraw/" in client.get(f"/changes/{change.pk}/").text
    client.post(f"/changes/{change.pk}/withdraw/", {"version": change.version})
    assert Change.objects.get().state == "withdrawn"
    mine = a_change(ChildFile.objects.get(), by=director, school="第三小学")
    return_change(mine, by=clerk, seen_version=1, reason="请写全称")
    with pytest.raises(PermissionDenied):
        withdraw_change(mine, by=a_post(asked.target), seen_version=mine.version)


def test_what_another_wrote_stands_under_that_name_on_the_desk_and_in_the_history(client, file, asked):
    first = a_post(file.village, person=a_person("赵建国"))
    fields = {"address": {"base": "三组12号", "value": "五组3号"}}
    propose_change(ChildFile.objects.get(), by=first, fields=fields, note="上周搬到五组")
    clerk = accept(asked)
    change, director = Change.objects.get(), a_post(asked.target, person=a_person("孙桂英"))
    amend_change(change, by=director, seen_version=change.version, values={"address": "九组8号"}, base={"address": ""})
    sign_in(client, clerk)
    desk = client.get(f"/review/change/{change.pk}/").text
    assert "改过变更，原由 赵建国 提出" in " ".join(desk.split()) and "退回给孙桂英" in desk
    approve_change(change, by=clerk, seen_version=change.version)
    history = client.get(f"/children/{file.pk}/history/").text
    assert "赵建国 提出，孙桂英 改过" in history and "上周搬到五组" not in history


def test_an_address_that_was_returned_by_the_move_is_not_taken_back_by_who_accepted_it(file, asked):
    """The acceptance stands: the door number would wait for review in a village that it is none of."""
    a_change(ChildFile.objects.get(), address="五组3号")
    clerk, change = accept(asked), Change.objects.get()
    with pytest.raises(Refused, match="不能撤销"):
        undo_decision(change, by=clerk, seen_version=change.version)
    assert Change.objects.get().state == "returned" and change.fields.get().verdict == "returned"


def test_the_new_village_reads_why_it_came_back(client, file, asked):
    a_change(ChildFile.objects.get(), address="五组3号")
    accept(asked)
    change = Change.objects.get()
    sign_in(client, a_post(asked.target))
    assert "住址不再适用" in client.get("/today/").text
    assert "住址不再适用" in client.get(f"/changes/{change.pk}/").text
