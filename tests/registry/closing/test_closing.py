"""Closing a file with its reason and day, and taking it into the registry again."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from orgs.stale_figures.models import CountyMonth
from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.transfers.services import ask_transfer
from tests.builders import a_post, a_village, a_visit, an_approved_file, sign_in
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
AGAIN = {"left_behind": {}}


def today():
    return timezone.localdate()


@pytest.fixture
def file(village):
    return an_approved_file(village, on=today() - 60 * DAY)


def closed(file, clerk, **given):
    given = {"reason": "moved", "on": today() - DAY} | given
    return close_file(file, by=clerk, seen_version=file.version, **given)


def reopened(file, clerk, **given):
    given = {"reason": "又回来住了", "categories": AGAIN} | given
    return reopen_file(file, by=clerk, seen_version=file.version, **given)


def test_a_child_who_died_is_on_no_list_any_more(client, village, file, clerk):  # D18
    director = a_post(village)
    assert VisitDue.objects.overdue(today()).get().child == file
    assert file.name in sign_in(client, director).get("/today/").text
    closed(file, clerk, reason="dead", on=today() - 5 * DAY)
    due = file.dues.get()
    assert (due.ended_on, due.visit) == (today() - 5 * DAY, None)
    assert not VisitDue.objects.overdue(today()).exists()
    assert file.name not in client.get("/today/").text


@pytest.mark.both
def test_its_categories_end_on_the_day_with_the_reason(file, clerk):
    closed(file, clerk, reason="adopted", on=today() - 3 * DAY, note="河南省收养登记")
    held = file.memberships.get()
    assert (held.until, held.exit_reason, held.decided_by) == (today() - 3 * DAY, "adopted", clerk.person)
    file.refresh_from_db()
    assert (file.state, file.category_codes, file.close_reason) == ("closed", "", "adopted")
    assert file.events.last().reason == "被收养：河南省收养登记"
    assert Audit.objects.filter(action="close_file").count() == 1
    assert CountyMonth.objects.filter(county=file.county).exists()


def test_a_file_may_be_closed_on_its_first_day_in_the_registry_and_not_before(file, clerk):
    with pytest.raises(ValidationError, match="早于在册日期"):
        closed(file, clerk, on=file.begun_on - DAY)
    assert closed(file, clerk, on=file.begun_on).state == "closed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "dead", "on": None}, "on"),
        ({"reason": "dead", "on": timezone.localdate() + 2 * DAY}, "on"),
        ({"reason": "dead", "on": datetime.date(2001, 1, 1)}, "on"),
        ({"reason": "merged"}, "reason"),
        ({"reason": "x"}, "reason"),
        ({"reason": "other", "note": " "}, "note"),
    ],
)
def test_what_does_not_fit_is_named_at_its_field_and_nothing_is_closed(file, clerk, given, field):
    with pytest.raises(ValidationError) as caught:
        closed(file, clerk, **given)
    assert field in caught.value.message_dict
    file.refresh_from_db()
    assert file.state == "approved" and file.memberships.filter(until=None).exists()


def test_an_entry_error_needs_no_day(file, clerk):
    assert closed(file, clerk, reason="entry_error", on=None).closed_on == today()


def test_the_director_and_the_next_township_can_not_close(village, file):
    for post in (a_post(village), a_post(village.county), a_post(a_village().township)):
        with pytest.raises(PermissionDenied):
            closed(file, post)


def test_a_file_that_is_being_handed_on_is_not_closed(file, clerk):
    ask_transfer(file, by=clerk, target=a_village(), reason="随父母迁居", seen_version=file.version)
    with pytest.raises(Refused, match="撤回转出"):
        closed(file, clerk)
    file.refresh_from_db()
    assert file.state == "approved"


@pytest.mark.both
def test_an_older_screen_closes_nothing(file, clerk):
    ChildFile.objects.filter(pk=file.pk).update(version=9)
    with pytest.raises(Stale):
        closed(file, clerk)
    assert file.dues.open().exists()


def test_reopened_it_begins_anew_with_the_categories_that_were_asked_for(file, clerk):
    closed(file, clerk)
    reopened(file, clerk)
    file = ChildFile.objects.get()
    assert (file.state, file.closed_on, file.close_reason) == ("approved", None, "")
    assert (file.category_codes, file.begun_on, file.approved_on) == ("left_behind", today(), today() - 60 * DAY)
    past = file.past_periods.get()
    assert (past.since, past.until) == (today() - 60 * DAY, today() - DAY)
    assert file.dues.open().get().since == today()
    assert [event.action for event in file.events.all()][-2:] == ["close", "reopen"]


def test_the_days_between_owe_nothing_and_take_no_visit(file, clerk):
    closed(file, clerk, on=today() - 20 * DAY)
    reopened(file, clerk)
    with pytest.raises(ValidationError) as caught:
        a_visit(ChildFile.objects.get(), visited_on=today() - 10 * DAY, late_reason="补录")
    assert "不在册" in caught.value.message_dict["visited_on"][0]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"categories": {}}, "categories"),
        ({"categories": {"left_behind": {"since": timezone.localdate() - 30 * DAY}}}, "categories"),
    ],
)
def test_reopening_asks_for_reason_and_categories_that_fit(file, clerk, given, field):
    closed(file, clerk)
    with pytest.raises(ValidationError) as caught:
        reopened(file, clerk, **given)
    assert field in caught.value.message_dict
    assert ChildFile.objects.get().state == "closed" and CategoryMembership.objects.count() == 1


def test_the_pages_close_and_reopen(client, file, clerk):
    sign_in(client, clerk)
    where = f"/children/{file.pk}/"
    assert "结案" in client.get(where).text
    page = client.post(f"{where}close/", {"reason": "dead", "on": "", "version": file.version})
    assert page.status_code == 422 and "从哪一天起" in page.text
    answer = client.post(f"{where}close/", {"reason": "moved", "on": str(today()), "version": file.version})
    assert answer.status_code == 302
    file.refresh_from_db()
    assert file.state == "closed"
    page = client.post(f"{where}reopen/", {"reason": "回来了", "version": file.version})
    assert page.status_code == 422 and "至少选择一个" in page.text
    sent = {"reason": "回来了", "categories": ["left_behind"], "since": str(today()), "version": file.version}
    assert client.post(f"{where}reopen/", sent).status_code == 302
    file.refresh_from_db()
    assert file.state == "approved" and file.category_codes == "left_behind"


def test_a_stale_page_says_so_and_closes_nothing(client, file, clerk):
    sent = {"reason": "moved", "on": str(today()), "version": file.version - 1}
    page = sign_in(client, clerk).post(f"/children/{file.pk}/close/", sent)
    assert page.status_code == 409 and "有过变动" in page.text


def test_who_reopens_alone_alters_no_type_of_difficulty(client, file, clerk):
    open_membership(file, "difficulty", since=today(), by=clerk, difficulty="poverty")
    file.refresh_from_db()
    close_file(file, by=clerk, seen_version=file.version, on=today(), reason="not_eligible")
    file.refresh_from_db()
    given = {"by": clerk, "seen_version": file.version, "reason": "弄错了"}
    with pytest.raises(ValidationError, match="结案前是“家庭贫困”"):
        reopen_file(file, categories={"difficulty": {"difficulty": "guardianship"}}, **given)
    reopen_file(file, categories={"difficulty": {"difficulty": "poverty"}}, **given)
    assert file.memberships.get(category="difficulty", until=None).difficulty == "poverty"


def test_a_file_that_is_not_closed_is_not_reopened(client, file, clerk):
    sign_in(client, clerk)
    page = client.get(f"/children/{file.pk}/reopen/", follow=True)
    assert page.redirect_chain and "没有结案" in page.text
    sent = {"reason": "回来了", "version": file.version}
    assert client.post(f"/children/{file.pk}/reopen/", sent).status_code == 409
    for categories in ([], [{"category": "left_behind"}]):
        body = sent | {"categories": categories}
        answer = client.post(f"/api/v1/children/{file.pk}/reopen/", body, content_type="application/json")
        assert answer.status_code == 409, answer.text


def test_the_api_does_the_same(client, file, clerk):
    sign_in(client, clerk)
    where = f"/api/v1/children/{file.pk}"
    bad = client.post(f"{where}/close/", {"reason": "dead", "version": file.version}, content_type="application/json")
    assert bad.status_code in (400, 422) and "on" in bad.text
    body = {"reason": "moved", "on": str(today()), "version": file.version}
    done = client.post(f"{where}/close/", body, content_type="application/json")
    assert done.status_code == 200 and done.json()["state"] == "closed" and "reopen" in done.json()["actions"]
    body = {"reason": "回来了", "categories": [{"category": "left_behind"}], "version": done.json()["version"]}
    again = client.post(f"{where}/reopen/", body, content_type="application/json")
    assert again.status_code == 200 and again.json()["categories"] == ["left_behind"]


def test_a_category_that_began_after_the_day_of_closing_ends_on_its_own_first_day(village):
    clerk, file = a_post(village.township), an_approved_file(village, on=today() - 60 * DAY)
    late = open_membership(file, "difficulty", by=clerk, since=today(), difficulty="poverty", grounds="入户核实")
    file.refresh_from_db()
    closed(file, clerk, on=today() - DAY)
    late.refresh_from_db()
    assert late.until == late.since == today()


def test_who_closes_and_reopens_alone_gives_no_category_that_the_child_did_not_hold(client, file, clerk):
    """As a change another would decide it: two steps of one clerk made an approved orphan."""
    file = closed(file, clerk)
    with pytest.raises(ValidationError, match="结案前没有这个类别，请先重新在册，再提出变更") as caught:
        reopened(file, clerk, categories=AGAIN | {"orphan": {}})
    assert set(caught.value.message_dict) == {"categories"}
    sign_in(client, clerk)
    where, sent = f"/children/{file.pk}/reopen/", {"reason": "回来了", "version": file.version}
    page = client.get(where).text
    assert 'value="left_behind"' in page and 'value="orphan"' not in page and 'name="difficulty"' not in page
    page = client.post(where, sent | {"categories": ["orphan"]})
    assert page.status_code == 422 and "结案前没有这个类别" in page.text
    body = sent | {"categories": [{"category": "orphan"}]}
    answer = client.post(f"/api/v1{where}", body, content_type="application/json")
    assert answer.status_code in (400, 422) and "结案前没有这个类别" in str(answer.json()["categories"])
    assert ChildFile.objects.get().state == "closed" and CategoryMembership.objects.count() == 1


def test_what_ended_before_the_closing_is_not_given_back_by_reopening(file, clerk):
    held = open_membership(file, "difficulty", by=clerk, since=today() - 20 * DAY, difficulty="poverty", grounds="入户")
    end_membership(held, by=clerk, on=today() - DAY, reason="moved")
    file.refresh_from_db()
    closed(file, clerk)
    with pytest.raises(ValidationError, match="结案前没有这个类别"):
        reopened(file, clerk, categories={"difficulty": {"difficulty": "poverty"}})
    reopened(file, clerk)
    closed(file, clerk, on=today())
    with pytest.raises(ValidationError, match="结案前没有这个类别"):
        reopened(file, clerk, categories={"difficulty": {"difficulty": "poverty"}})


def test_difficulty_that_the_closing_ended_is_given_back_with_its_kind(file, clerk):
    open_membership(file, "difficulty", by=clerk, since=today() - 20 * DAY, difficulty="poverty", grounds="入户")
    file.refresh_from_db()
    closed(file, clerk)
    with pytest.raises(ValidationError) as caught:
        reopened(file, clerk, categories={"difficulty": {}})
    assert set(caught.value.message_dict) == {"difficulty"}
    reopened(file, clerk, categories={"difficulty": {"difficulty": "poverty"}})
    assert ChildFile.objects.get().category_codes == "difficulty"


def test_a_child_that_held_no_category_any_more_is_reopened_without_one(client, file, clerk):
    """Its last category ended, then it was closed: what it holds now is proposed as a change."""
    end_membership(file.memberships.get(), by=clerk, on=today() - 2 * DAY, reason="parents_back")
    file.refresh_from_db()
    file = closed(file, clerk)
    where = f"/children/{file.pk}/reopen/"
    page = sign_in(client, clerk).get(where).text
    assert 'name="categories"' not in page and "重新在册后再提出变更" in page
    body = {"reason": "又来了", "version": file.version, "categories": [{"category": "left_behind"}]}
    answer = client.post(f"/api/v1{where}", body, content_type="application/json")
    assert "结案前没有这个类别" in str(answer.json()["categories"])
    assert client.post(where, {"reason": "又来了", "version": file.version}).status_code == 302
    file.refresh_from_db()
    assert (file.state, file.category_codes) == ("approved", "")


def test_of_a_file_that_an_earlier_version_closed_what_ended_with_it_is_given_back(file, clerk):
    """Its closing kept no list of what it ended."""
    held = open_membership(file, "difficulty", by=clerk, since=today() - 20 * DAY, difficulty="poverty", grounds="入户")
    end_membership(held, by=clerk, on=today() - 3 * DAY, reason="other")
    file.refresh_from_db()
    closed(file, clerk)
    file.events.create(action="close", was="approved", now="closed", person=clerk.person, post=clerk)
    with pytest.raises(ValidationError, match="结案前没有这个类别"):
        reopened(file, clerk, categories={"difficulty": {"difficulty": "poverty"}})
    reopened(file, clerk)
    assert ChildFile.objects.get().category_codes == "left_behind"
