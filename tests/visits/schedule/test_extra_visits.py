"""The station has a child visited besides the rules: at once on the director's list, done by the next visit."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.closing.services import close_file
from registry.merging.services.merge import merge_files
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_post,
    a_round,
    a_stay,
    a_village,
    a_visit,
    an_approved_file,
    an_extra_visit,
    fresh,
    sign_in,
)
from visits.schedule.due_list import extras_for, rounds_for
from visits.schedule.models import ExtraVisit, VisitDue
from visits.schedule.printing import Month, plan_sheet
from visits.schedule.services.extra_visits import order_extra, withdraw_extra
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def child(village):
    return an_approved_file(village, on=today() - 5 * DAY)


def test_asked_for_on_the_files_page_it_stands_on_the_directors_list_with_why(client, child, director, clerk):
    sign_in(client, clerk)
    assert f"/children/{child.pk}/extra-visit/" in client.get(f"/children/{child.pk}/").text
    given = {"due_on": (today() + 2 * DAY).isoformat(), "reason": "邻居说孩子几天没上学"}
    page = client.post(f"/children/{child.pk}/extra-visit/", given, follow=True)
    assert "邻居说孩子几天没上学" in page.text
    assert Audit.objects.filter(action="order_visit").exists()
    page = sign_in(client, director).get("/today/").text
    assert "工作站要求加访" in page and "邻居说孩子几天没上学" in page
    assert "邻居说孩子几天没上学" in client.get("/visits/?tab=extra").text
    assert child.dues.get().due_on == today() + 2 * DAY


@pytest.mark.both
def test_the_next_visit_that_meets_the_child_does_it(child, director, clerk):
    extra = an_extra_visit(child, by=clerk)
    a_visit(child, by=director, outcome="not_found")
    extra.refresh_from_db()
    assert extra.ended_on is None
    visit = a_visit(child, by=director)
    extra.refresh_from_db()
    assert (extra.visit, extra.ended_on) == (visit, today())
    assert child.dues.open().get().due_on == today() + 30 * DAY


def test_a_visit_from_before_the_asking_does_not(child, director, clerk):
    extra = an_extra_visit(child, by=clerk)
    a_visit(child, by=director, visited_on=today() - DAY)
    extra.refresh_from_db()
    assert extra.ended_on is None and child.dues.open().get().due_on == extra.due_on


def test_asked_after_a_visit_of_the_same_day_it_waits_for_the_next(child, director, clerk):
    a_visit(child, by=director)
    extra = an_extra_visit(child, by=clerk)
    assert child.dues.open().get().due_on == extra.due_on
    a_visit(child, by=director, needs="校服")
    extra.refresh_from_db()
    assert extra.ended_on == today() and child.dues.open().get().due_on == today() + 30 * DAY


def test_a_visit_sent_back_leaves_it_open_again(child, director, clerk):
    extra = an_extra_visit(child, by=clerk)
    visit = a_visit(child, by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    extra.refresh_from_db()
    assert extra.ended_on is None and child.dues.open().get().due_on == extra.due_on


def test_taken_back_the_rule_counts_again(client, child, director, clerk):
    extra = an_extra_visit(child, by=clerk)
    sign_in(client, clerk)
    client.post(f"/visits/extra/{extra.pk}/withdraw/", {"reason": "已打电话核实"})
    assert child.dues.get().due_on == child.approved_on + 30 * DAY
    assert "加访：" not in sign_in(client, director).get("/today/").text
    extra.refresh_from_db()
    with pytest.raises(Stale):
        withdraw_extra(extra, by=clerk, reason="再撤回")


def test_what_was_done_is_not_taken_back(child, director, clerk):
    extra = an_extra_visit(child, by=clerk)
    a_visit(child, by=director)
    with pytest.raises(Stale, match="已经完成"):
        withdraw_extra(extra, by=clerk, reason="已打电话核实")
    extra.refresh_from_db()
    assert extra.withdrawn_at is None and extra.ended_on == today()


@pytest.mark.both
def test_one_at_a_time_and_the_same_form_twice_is_one(child, clerk):
    given = {"by": clerk, "due_on": today(), "reason": "奶奶住院", "pk": uuid.uuid4()}
    assert order_extra(child, **given) == order_extra(child, **given)
    with pytest.raises(Stale, match="奶奶住院"):
        order_extra(child, **given | {"pk": uuid.uuid4()})


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("due_on", {"due_on": None}),
        ("due_on", {"due_on": today() - DAY}),
        ("due_on", {"due_on": today() + 61 * DAY}),
        ("reason", {"reason": " "}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(child, clerk, field, given):
    with pytest.raises(ValidationError) as refused:
        order_extra(child, by=clerk, **{"due_on": today(), "reason": "奶奶住院"} | given)
    assert list(refused.value.message_dict) == [field]
    assert not ExtraVisit.objects.exists()


def test_only_a_station_of_the_child_asks(client, child, village, director):
    for post in (director, a_post(village.county), a_post(a_village().township)):
        with pytest.raises(PermissionDenied):
            an_extra_visit(child, by=post)
    assert sign_in(client, a_post(a_village().township)).get(f"/children/{child.pk}/extra-visit/").status_code == 404


def test_the_station_where_a_child_stays_asks_its_own_director(child, clerk):
    host = a_post(a_village())
    a_stay(child, host.unit)
    an_extra_visit(child, by=a_post(host.unit.township))
    assert [due.child for due in extras_for(fresh(host), "log_visit")] == [child]


def leave(how, child, clerk):
    """The child leaves the registry of the village in one of the ways there are."""
    file = ChildFile.objects.get(pk=child.pk)
    if how == "merged":
        survivor = an_approved_file(a_village(file.township), sex=file.sex, birth_date=file.birth_date, id_number="")
        by = a_post(file.county)
        return merge_files(survivor, file, by=by, seen_versions=(survivor.version, file.version), take=set(), note="")
    if how == "moved":
        there = a_village()
        transfer = ask_transfer(file, by=clerk, target=there, reason="随母迁居", seen_version=file.version)
        return TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=transfer.version)
    return close_file(file, by=clerk, reason=how, on=today(), note="", seen_version=file.version)


@pytest.mark.parametrize("how", ["dead", "parents_back", "moved", "merged"])
def test_who_died_was_closed_moved_or_merged_is_due_nowhere(client, village, director, clerk, how):  # D18
    child = an_approved_file(village, on=today() - 40 * DAY, name="欧阳去处")
    an_extra_visit(child, by=clerk)
    a_round(village.county)
    leave(how, child, clerk)
    post = fresh(director)
    assert not VisitDue.objects.visible_to(post, "log_visit").open().exists()
    assert not extras_for(post, "log_visit").exists()
    assert rounds_for(post, "log_visit", today()) == []
    assert plan_sheet(post, Month.of(today()), today=today()).blocks == []
    sign_in(client, director)
    for address in ("/today/", "/visits/", "/visits/?tab=extra", "/visits/plan/", "/api/v1/extra-visits/"):
        assert "欧阳去处" not in client.get(address).text


def test_refused_for_a_child_who_is_no_longer_in_the_registry(child, clerk):
    leave("dead", child, clerk)
    with pytest.raises(Refused, match="不在册"):
        an_extra_visit(ChildFile.objects.get(pk=child.pk), by=clerk)


def test_over_the_api(client, child, clerk, director):
    sign_in(client, clerk)
    given = {"due_on": today().isoformat(), "reason": "奶奶住院"}
    made = client.post(f"/api/v1/children/{child.pk}/extra-visit/", given, content_type="application/json")
    assert made.status_code == 201 and made.json()["open"]
    again = client.post(f"/api/v1/children/{child.pk}/extra-visit/", given, content_type="application/json")
    assert again.status_code == 409
    sign_in(client, director)
    assert client.get(f"/api/v1/extra-visits/?child={child.pk}").json()["results"][0]["reason"] == "奶奶住院"
    sign_in(client, clerk)
    address = f"/api/v1/extra-visits/{made.json()['id']}/withdraw/"
    gone = client.post(address, {"reason": "已核实"}, content_type="application/json").json()
    assert gone["withdraw_reason"] == "已核实" and not gone["open"]


def test_a_form_that_comes_after_another_visit_was_asked_for_keeps_what_was_typed(client, child, clerk):
    """Changed and sent again under its key, or asked for by a colleague meanwhile: told, and nothing typed is lost."""
    sign_in(client, clerk)
    address, day = f"/children/{child.pk}/extra-visit/", timezone.localdate() + datetime.timedelta(days=3)
    said = {"pk": str(uuid.uuid4()), "due_on": day.isoformat(), "reason": "奶奶住院"}
    assert client.post(address, said).status_code == 302
    assert client.post(address, said).status_code == 302, "twice is once"
    page = client.post(address, said | {"reason": "奶奶出院了"})
    assert page.status_code == 409 and "奶奶出院了" in page.text and "请再提交一次" not in page.text
    page = client.post(address, said | {"pk": str(uuid.uuid4()), "reason": "我也想请她去"})
    assert page.status_code == 409 and "我也想请她去" in page.text and "要改期请先撤回" in page.text
    assert child.extra_visits.count() == 1
