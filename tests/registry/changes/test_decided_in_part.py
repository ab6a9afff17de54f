"""Fields of a change decided one by one: what is said, what is refused, what is taken back."""

import pytest

from childwelfare.workflow.refusals import Refused, Stale
from orgs.review.queue import queue_of
from orgs.workbench.unfinished import unfinished
from registry.changes.models import Change
from registry.changes.services import amend_change, approve_change, return_change, undo_decision
from registry.changes.workflow import CHANGE
from tests.builders import a_change, a_person, a_post, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(here):
    return an_approved_file(here, address="三组")


def test_what_was_passed_and_what_still_waits_is_said(client, file, clerk):
    change = a_change(file, address="五组", grade="三年级")
    sign_in(client, clerk)
    said = {"version": 1, "ticks": 1, "field": ["address"], "file_version": file.version}
    page = client.post(f"/review/change/{change.pk}/approve/", said, follow=True)
    assert "变更通过了" in page.text and "还有" in page.text and "没有办" in page.text
    assert "的变更已通过，已写入档案" not in page.text
    line = next(line for line in page.context["lines"] if line.name == "address")
    assert line.now == "五组" and "原为“三组”" in page.text
    rest = client.post(f"/review/change/{change.pk}/approve/", {"version": 2}, follow=True)
    assert "的变更已通过，已写入档案：" in rest.text and "没有办" not in rest.text


def test_passed_with_nothing_ticked_it_says_what_to_do(client, file, clerk):
    change, rival = a_change(file, address="五组"), a_change(file, address="九组")
    approve_change(rival, by=clerk, seen_version=1)
    sign_in(client, clerk)
    where = f"/review/change/{change.pk}"
    assert 'name="ticks"' not in client.get(f"{where}/").text, "nothing can be ticked, so all is meant"
    page = client.post(f"{where}/approve/", {"version": 1})
    assert "勾选“用新值”" in page.text and "已经办过" not in page.text
    for said in ({"ticks": 1}, {"ticks": 1, "reason": "请核对"}):
        page = client.post(f"{where}/{'return' if 'reason' in said else 'approve'}/", {"version": 1} | said)
        assert page.status_code == 422 and "没有选定项目" in page.text
    client.post(f"{where}/return/", {"version": 1, "reason": "请核对"})
    assert Change.objects.get(pk=change.pk).state == "returned"


def test_amending_what_did_not_come_back_is_refused_by_name(client, file, clerk):
    director = a_post(file.village)
    change = a_change(file, by=director, address="五组", grade="三年级")
    return_change(change, by=clerk, seen_version=1, names=["address"], reason="缺门牌号")
    approve_change(change, by=clerk, seen_version=2)
    with pytest.raises(Stale, match="没有被退回"):
        amend_change(change, by=director, seen_version=3, values={"address": "五组8号", "grade": "四年级"})
    sign_in(client, director)
    where = f"/api/v1/changes/{change.pk}/amend/"
    answer = client.post(
        where, {"version": 3, "fields": {"address": "五组8号", "grade": "四年级"}}, content_type="application/json"
    )
    assert answer.status_code == 409 and "年级" in answer.json()["detail"]
    assert change.fields.get(name="address").value == "五组"
    done = client.post(where, {"version": 3, "fields": {"address": "五组8号"}}, content_type="application/json")
    assert done.status_code == 200


def test_a_return_taken_back_leaves_what_an_earlier_one_left(file, clerk):
    director = a_post(file.village)
    change = a_change(file, by=director, address="五组")
    return_change(change, by=clerk, seen_version=1, reason="缺门牌号")
    amend_change(change, by=director, seen_version=2, values={"address": "五组8号"})
    return_change(change, by=clerk, seen_version=3, reason="点错了")
    undo_decision(change, by=clerk, seen_version=4)
    field = change.fields.get()
    assert (field.verdict, field.returned, field.reason) == ("pending", "五组", "缺门牌号")
    return_change(change, by=clerk, seen_version=5, reason="是几单元")
    field.refresh_from_db()
    assert (field.returned, field.reason) == ("五组8号", "是几单元")


def test_what_a_colleague_did_meanwhile_is_not_taken_back(file, clerk, monkeypatch):
    """The last move is read under the lock, not as it was when the button was pressed."""
    change = a_change(file, address="五组", grade="三年级")
    approve_change(change, by=clerk, seen_version=1, names=["grade"])
    lock, colleague = CHANGE._lock, a_post(file.township)

    def meanwhile(record):
        monkeypatch.setattr(CHANGE, "_lock", lock)
        other = Change.objects.get(pk=change.pk)
        other.events.create(
            action="return",
            was="submitted",
            now="submitted",
            person=colleague.person,
            post=colleague,
            names=["address"],
        )
        Change.objects.filter(pk=change.pk).update(version=3)
        lock(record)

    monkeypatch.setattr(CHANGE, "_lock", meanwhile)
    with pytest.raises(Refused):
        undo_decision(change, by=clerk, seen_version=3)
    assert change.fields.get(name="grade").verdict == "approved"


def test_a_list_of_changes_asks_no_more_for_more_of_them(client, here, clerk, django_assert_max_num_queries):
    for _number in range(6):
        file = an_approved_file(here)
        a_change(file, address="五组")
        a_change(file, address="六组")
    sign_in(client, clerk)
    client.get("/api/v1/changes/")
    with django_assert_max_num_queries(12):
        rows = client.get("/api/v1/changes/").json()["results"]
    assert len(rows) == 12


def test_each_return_is_told_with_its_reason_and_nothing_else_as_a_return(client, file, clerk):
    director = a_post(file.village)
    change = a_change(file, by=director, address="五组", grade="三年级")
    return_change(change, by=clerk, seen_version=1, reason="缺门牌号")
    amend_change(change, by=director, seen_version=2, values={"address": "五组8号"})
    return_change(change, by=clerk, seen_version=3, reason="门牌号不对")
    amend_change(change, by=director, seen_version=4, values={"address": "五组9号"})
    sign_in(client, clerk)
    passed = {"action": "approve", "version": 5, "fields": ["grade"], "reason": "已看过证明"}
    where = f"/review/change/{change.pk}/"
    answer = client.post(f"/api/v1{where.replace('review', 'reviews')}decide/", passed, content_type="application/json")
    assert answer.json()["state"] == "submitted"
    desk = client.get(where).text
    assert "退回：“缺门牌号”" in desk and "退回：“门牌号不对”" in desk and "已看过证明" not in desk
    sign_in(client, director)
    page = client.get(f"/changes/{change.pk}/").text
    assert "：“缺门牌号”" in page and "：“门牌号不对”" in page


def test_the_queue_names_who_sent_it_again_where_that_is_somebody_else(here, file, clerk):
    proposer, colleague = a_post(here, person=a_person("张玉兰")), a_post(here, person=a_person("李秀英"))
    change = a_change(file, by=proposer, address="五组")

    def said():
        (item,) = queue_of(clerk)
        return item.card.detail

    assert said() == "张玉兰"
    for by, address, words in [(colleague, "五组8号", "李秀英 改过"), (proposer, "五组9号", "张玉兰")]:
        return_change(change, by=clerk, seen_version=change.version, reason="缺门牌号")
        amend_change(change, by=by, seen_version=change.version, values={"address": address})
        assert said() == words


def test_the_directors_day_names_what_came_back_and_nothing_that_was_passed(file, clerk, here):
    director = a_post(here)
    change = a_change(file, by=director, address="五组", grade="三年级", school="一小", phone="13811112222")

    def said():
        (item,) = unfinished(director)
        return item.words

    approve_change(change, by=clerk, seen_version=1, names=["grade"])
    return_change(change, by=clerk, seen_version=2, names=["address"], reason="缺门牌号")
    approve_change(change, by=clerk, seen_version=3, names=["school"])
    return_change(change, by=clerk, seen_version=4, names=["phone"], reason="打不通")
    assert "住址" in said() and "电话" in said()
    assert "年级" not in said() and "学校" not in said()


def test_what_a_colleague_decided_is_told_before_that_a_reason_is_lacking(file, here, clerk):
    change = a_change(file, grade="三年级", address="六组")
    approve_change(change, by=a_post(here.township), seen_version=1, names=["grade"])
    with pytest.raises(Stale):
        return_change(change, by=clerk, seen_version=1, reason="")
