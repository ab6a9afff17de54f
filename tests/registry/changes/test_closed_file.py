"""What was proposed of a file that is closed is finished with it, and can be finished where it is still open."""

import pytest

from childwelfare.workflow.refusals import Stale
from orgs.workbench.kinds import NEWS_KINDS
from registry.changes.models import Change
from registry.changes.services import amend_change, approve_change, return_change, withdraw_change
from registry.changes.workflow import CHANGE
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from tests.builders import a_change, a_post, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(here):
    return an_approved_file(here, address="三组")


def close(file, by):
    read = ChildFile.objects.get(pk=file.pk)
    return close_file(read, by=by, seen_version=read.version, reason="entry_error", note="录重了")


def closed_behind(change):
    """The file as an undone approval or an earlier version of the program left it: closed, the change open."""
    ChildFile.objects.filter(pk=change.child_id).update(state="closed")
    return Change.objects.select_related("child").get(pk=change.pk)


def test_closing_withdraws_what_waits_and_what_came_back_and_tells_who_proposed(client, file, clerk):
    director = a_post(file.village)
    waiting, back, partly = (a_change(file, by=director, grade=grade, address="五组") for grade in "一二三")
    return_change(back, by=clerk, seen_version=1, reason="缺门牌号")
    approve_change(partly, by=clerk, seen_version=1, names=["grade"])
    close(file, clerk)
    states = {change.pk: change.state for change in Change.objects.all()}
    assert states == {waiting.pk: "withdrawn", back.pk: "withdrawn", partly.pk: "decided"}
    told = waiting.events.last()
    assert (told.action, told.person_id) == ("end_with_file", clerk.person_id) and "结案：录入错误" in told.reason
    assert set(partly.fields.values_list("name", "verdict")) == {("grade", "approved"), ("address", "withdrawn")}
    assert str(NEWS_KINDS["change"].titles["end_with_file"]) == "的变更随结案撤回"
    sign_in(client, clerk)
    assert all(item.kind != "change" for item in client.get("/review/").context["queue"])


def test_reopening_leaves_them_withdrawn(file, clerk):
    change = a_change(file, address="五组")
    closed = close(file, clerk)
    reopen_file(
        closed, by=clerk, seen_version=closed.version, reason="结错了", categories={"left_behind": {"since": None}}
    )
    assert Change.objects.get(pk=change.pk).state == "withdrawn"


def test_one_that_is_open_all_the_same_is_returned_or_withdrawn_but_not_passed(client, file, clerk):
    director = a_post(file.village)
    proposed = [a_change(file, by=director, address=text) for text in ("五组", "六组")]
    one, other = (closed_behind(change) for change in proposed)
    with pytest.raises(Stale, match="不在册"):
        approve_change(one, by=clerk, seen_version=1)
    assert [move.action for move in CHANGE.open_to(clerk, one)] == ["return"]
    sign_in(client, clerk)
    page = client.get(f"/review/change/{one.pk}/")
    assert f"/{one.pk}/approve/" not in page.text and f"/{one.pk}/return/" in page.text and "不在册" in page.text
    assert client.get(f"/api/v1/reviews/change/{one.pk}/").json()["actions"] == ["return"]
    return_change(one, by=clerk, seen_version=1, reason="已结案")
    assert one.state == "returned" and not CHANGE.may_undo(clerk, one)
    with pytest.raises(Stale, match="不在册"):
        amend_change(one, by=director, seen_version=2, values={"address": "七组"})
    withdraw_change(one, by=director, seen_version=2)
    withdraw_change(other, by=director, seen_version=1)
    assert set(Change.objects.values_list("state", flat=True)) == {"withdrawn"}
