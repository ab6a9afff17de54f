"""Handing a child on: asked, accepted, and from then on elsewhere."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import Placed
from orgs.audit.models import Audit
from orgs.audit.services import label_of
from orgs.stale_figures.models import CountyMonth
from orgs.workbench.services import bench_of
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.guidance.services import guide_guardian
from registry.status.models import ChildStatus, counting_on
from registry.transfers.models import Transfer
from registry.transfers.moving import MOVED, NOT_MOVED
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_change,
    a_finding,
    a_need,
    a_plan,
    a_post,
    a_stay,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    an_assessment,
    an_entrustment,
    sign_in,
)
from tests.depth import examples
from tests.models import models_pointing_to
from visits.schedule.models import VisitDue
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def there():
    """A village of another county."""
    return a_village()


@pytest.fixture
def file(here):
    return an_approved_file(here, on=today() - 60 * DAY, name="欧阳文静")


def asked(file, target, *, by=None, **given):
    file.refresh_from_db()
    by = by or a_post(file.village.township)
    return ask_transfer(file, by=by, target=target, reason="随父母迁居", seen_version=file.version, **given)


def accepted(transfer, *, by=None):
    TRANSFER.apply("accept", transfer, by=by or a_post(transfer.target.township), seen_version=transfer.version)
    return ChildFile.objects.get(pk=transfer.child_id)


def test_until_it_is_accepted_nothing_moves(file, here, there):
    asked(file, there)
    file.refresh_from_db()
    assert file.village == here and file.dues.open().get().village == here
    assert not a_post(there.township).may("view_child", file)


@pytest.mark.both
def test_accepted_the_file_its_categories_and_its_duty_are_elsewhere(file, here, there):  # D23
    file = accepted(asked(file, there))
    assert (file.village, file.county) == (there, there.county)
    assert file.memberships.get().township == there.township
    old, new = file.dues.order_by("pk")
    assert (old.village, old.ended_on, old.visit) == (here, today(), None)
    assert (new.village, new.since, new.ended_on) == (there, today(), None)
    assert not a_post(here).may("view_child", file) and a_post(there).may("view_child", file)
    assert not VisitDue.objects.visible_to(a_post(here), "view_visit").open().exists()
    assert file.begun_on == today() and file.past_periods.get().village == here


def test_accepted_the_figures_of_both_counties_are_counted_again(file, here, there):
    transfer, clerk = asked(file, there), a_post(there.township)
    CountyMonth.objects.update(done=F("wanted"))
    accepted(transfer, by=clerk)
    stale = CountyMonth.objects.stale(timezone.now()).values_list("county", flat=True)
    assert set(stale) == {here.county_id, there.county_id}


def test_a_visit_on_its_way_while_the_child_was_handed_on_goes_along(file, here, there):
    """Read before the handing on, written after it: who has the child now reads the visit, who had it does not."""
    read_before, director = ChildFile.objects.get(pk=file.pk), a_post(here)
    accepted(asked(file, there))
    visit = a_visit(read_before, by=director, visited_on=today() - DAY)
    assert Visit.objects.get(pk=visit.pk).village == there
    assert a_post(there.township).may("view_visit", visit) and not a_post(here.township).may("view_visit", visit)
    assert [due.village for due in file.dues.order_by("since")] == [here, here, there]


def test_the_file_number_stays(file, there):
    number = file.file_number
    assert accepted(asked(file, there)).file_number == number


def test_within_a_township_its_clerk_moves_at_once(file, here):
    transfer = asked(file, a_unit(here.township))
    assert transfer.state == "accepted" and ChildFile.objects.get().village == transfer.target


def test_moved_at_once_it_went_through_the_table_and_the_trail_says_so(file, here, monkeypatch):
    apply, applied = TRANSFER.apply, []

    def watched(action, *args, **rest):
        applied.append(action)
        return apply(action, *args, **rest)

    monkeypatch.setattr(TRANSFER, "apply", watched)
    transfer = asked(file, a_unit(here.township))
    assert applied == ["accept"] and transfer.version == 2
    assert [(event.action, event.was, event.now) for event in transfer.events.all()] == [
        ("ask", "", "asked"), ("accept", "asked", "accepted"),
    ]  # fmt: skip
    assert acts_about(transfer) == ["ask_transfer", "accept_transfer"] and acts_about(file)[-1] == "move_child"


def test_who_may_only_ask_moves_nothing_within_a_township(file, here):
    """Whoever may not take children in at the target waits for who may, and may not answer for herself."""
    clerk, target = a_post(here.township), a_unit(here.township)
    clerk.may = lambda permission, record: permission != "accept_transfer"
    transfer = asked(file, target, by=clerk)
    assert transfer.state == "asked" and ChildFile.objects.get().village == here
    with pytest.raises(PermissionDenied):
        TRANSFER.apply("accept", transfer, by=clerk, seen_version=1)


def test_an_answer_is_in_the_trail_by_its_own_name(file, there):
    transfer = asked(file, there)
    accepted(transfer)
    assert acts_about(transfer) == ["ask_transfer", "accept_transfer"] and acts_about(file)[-1] == "move_child"


def acts_about(record) -> list[str]:
    return list(Audit.objects.filter(record=label_of(record)).order_by("pk").values_list("action", flat=True))


def test_between_townships_of_a_county_the_other_side_accepts(file, here):
    target = a_unit(a_unit(here.county))
    transfer = asked(file, target)
    assert transfer.state == "asked"
    with pytest.raises(PermissionDenied):
        accepted(transfer, by=a_post(here.township))
    assert accepted(transfer, by=a_post(here.county)).village == target


def test_who_asked_does_not_accept_herself(file, here):
    officer = a_post(here.county)
    transfer = asked(file, a_unit(a_unit(here.county)), by=officer)
    with pytest.raises(Refused, match="补充或提出过"):
        accepted(transfer, by=officer)


@pytest.mark.both
def test_one_open_transfer_at_a_time(file, there):
    asked(file, there)
    with pytest.raises(Refused, match="已有一次转出"):
        asked(file, a_village())
    assert Transfer.objects.count() == 1


def test_while_it_waits_neither_closing_nor_a_second_one_is_offered(client, file, there):
    sign_in(client, a_post(file.township))
    page = client.get(f"/children/{file.pk}/").text
    assert f"/children/{file.pk}/close/" in page and f"/children/{file.pk}/transfer/" in page
    asked(file, there)
    page = client.get(f"/children/{file.pk}/").text
    assert "转出" in page and f"/children/{file.pk}/close/" not in page and f"/children/{file.pk}/transfer/" not in page


def test_sent_twice_it_is_one_transfer(file, there, here):
    clerk, pk = a_post(here.township), ChildFile().pk
    assert asked(file, there, by=clerk, pk=pk) == asked(file, there, by=clerk, pk=pk)


def test_refused_with_a_reason_it_stays_and_can_be_asked_again(file, here, there):
    transfer, clerk = asked(file, there), a_post(there.township)
    with pytest.raises(Refused, match="原因"):
        TRANSFER.apply("refuse", transfer, by=clerk, seen_version=1, reason=" ")
    TRANSFER.apply("refuse", transfer, by=clerk, seen_version=1, reason="孩子没有到我村")
    assert ChildFile.objects.get().village == here
    assert asked(file, there).state == "asked"


def test_withdrawn_by_its_own_side_alone(file, here, there):
    transfer = asked(file, there)
    with pytest.raises(PermissionDenied):
        TRANSFER.apply("withdraw", transfer, by=a_post(there.township), seen_version=1)
    TRANSFER.apply("withdraw", transfer, by=a_post(here.township), seen_version=1)
    with pytest.raises(Stale):
        accepted(transfer)
    assert ChildFile.objects.get().village == here


def test_a_file_closed_meanwhile_is_not_accepted(file, there):
    transfer = asked(file, there)
    ChildFile.objects.filter(pk=file.pk).update(state="closed")
    with pytest.raises(Stale, match="已结案"):
        accepted(transfer)
    transfer.refresh_from_db()
    assert transfer.state == "asked" and transfer.version == 1


@pytest.mark.parametrize("target", ["nowhere", "same", "township", "ended"])
def test_a_place_that_does_not_fit_is_named(file, here, target):
    ended = a_village()
    ended.valid_to = today()
    ended.save()
    places = {"nowhere": None, "same": here, "township": a_village().township, "ended": ended}
    with pytest.raises(ValidationError) as caught:
        asked(file, places[target])
    assert "village" in caught.value.message_dict and not Transfer.objects.exists()


def test_only_files_in_the_registry_move(here, there):
    from tests.builders import a_submitted_file

    with pytest.raises(Refused, match="在册"):
        asked(a_submitted_file(here), there)


def test_a_director_hands_nobody_on(file, here, there):
    with pytest.raises(PermissionDenied):
        asked(file, there, by=a_post(here))


# --- pages and API


def test_the_receiver_reads_a_notice_before_and_the_file_after(client, file, there):
    transfer, clerk = asked(file, there), a_post(there.township)
    sign_in(client, clerk)
    listed, notice = client.get("/transfers/"), client.get(f"/transfers/{transfer.pk}/")
    for page in (listed, notice, client.get("/workbench/")):
        assert page.status_code == 200 and file.name not in page.text and file.id_number not in page.text
        assert "欧***" in page.text
    assert "随父母迁居" in notice.text and transfer.made_by.name in notice.text
    assert client.get(f"/children/{file.pk}/").status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/").status_code == 404
    answer = client.post(f"/transfers/{transfer.pk}/accept/", {"version": 1})
    assert answer.status_code == 302 and answer.url == f"/children/{file.pk}/"
    assert file.name in client.get(f"/children/{file.pk}/").text


def test_the_sender_asks_on_a_page_and_sees_the_file_no_more_when_it_is_accepted(client, file, here, there):
    sign_in(client, a_post(here.township))
    where = f"/children/{file.pk}/transfer/"
    found = client.post(where, {"q": there.name, "find": "1"})
    assert there.name in found.text and str(there.uid) in found.text
    page = client.post(where, {"version": file.version, "reason": "", "village": str(there.uid)})
    assert page.status_code == 422 and "写明转出原因" in page.text
    sent = {"version": file.version, "reason": "随父母迁居", "village": str(there.uid)}
    assert client.post(where, sent).status_code == 302
    assert "等待接收" in client.get(f"/children/{file.pk}/").text
    transfer = Transfer.objects.get()
    accepted(transfer)
    assert client.get(f"/children/{file.pk}/").status_code == 404
    page = client.get(f"/transfers/{transfer.pk}/")
    assert page.status_code == 200 and "已接收" in page.text and file.name not in page.text
    news = client.get("/workbench/").text
    assert "欧*** 转出已被接收" in news and file.name not in news


def test_others_find_no_transfer(client, file, there):
    transfer = asked(file, there)
    sign_in(client, a_post(a_village().township))
    assert client.get(f"/transfers/{transfer.pk}/").status_code == 404
    assert client.post(f"/transfers/{transfer.pk}/accept/", {"version": 1}).status_code == 404
    assert client.post(f"/api/v1/transfers/{transfer.pk}/accept/", {"version": 1}).status_code == 404


def test_a_second_answer_is_told_of_the_first(client, file, there):
    transfer = asked(file, there)
    accepted(transfer)
    sign_in(client, a_post(there.township))
    answer = client.post(f"/transfers/{transfer.pk}/refuse/", {"version": 1, "reason": "查无此人"})
    assert answer.status_code == 409 and "状态已变" in answer.text and ChildFile.objects.get().village == there
    assert "查无此人" in answer.text.partition("没有存上，可以从这里复制")[2], "what was typed may still be copied"


def test_a_refusal_with_too_many_words_is_not_cut(client, file, there):
    transfer = asked(file, there)
    sign_in(client, a_post(there.township))
    long = "查无此人。" * 41
    answer = client.post(f"/transfers/{transfer.pk}/refuse/", {"version": 1, "reason": long})
    assert answer.status_code == 422 and long in answer.text
    assert Transfer.objects.get().state == "asked"
    bare = client.post(f"/transfers/{transfer.pk}/refuse/", {"version": 1, "reason": ""})
    assert bare.status_code == 422 and "请写明原因" in bare.text


def test_the_api_asks_and_answers(client, file, here, there):
    sign_in(client, a_post(here.township))
    body = {"village": str(there.uid), "reason": "随父母迁居", "version": file.version}
    made = client.post(f"/api/v1/children/{file.pk}/transfer/", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["actions"] == ["withdraw"]
    sign_in(client, a_post(there.township))
    (row,) = client.get("/api/v1/transfers/").json()["results"]
    assert row["child"] is None and row["child_name"] == "欧***" and row["actions"] == ["accept", "refuse"]
    done = client.post(f"/api/v1/transfers/{row['id']}/accept/", {"version": 1}, content_type="application/json")
    assert done.status_code == 200 and done.json()["state"] == "accepted" and done.json()["child"] == str(file.pk)
    again = client.post(f"/api/v1/transfers/{row['id']}/refuse/", {"version": 2, "reason": "x"},
                        content_type="application/json")  # fmt: skip
    assert again.status_code == 409


@pytest.mark.parametrize("body", [{}, {"village": "x"}, {"village": None, "reason": 3}, {"reason": "a" * 900}])
def test_the_api_says_what_is_wrong(client, file, here, body):
    sign_in(client, a_post(here.township))
    answer = client.post(f"/api/v1/children/{file.pk}/transfer/", body, content_type="application/json")
    assert answer.status_code == 400 and not Transfer.objects.exists()


# --- at any moment


ACTS = ("ask", "accept", "refuse", "withdraw", "close", "reopen")


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=3, max_size=9))
def test_any_sequence_keeps_one_holder_and_one_duty(here, acts):
    places = [here, a_unit(here.township), a_village()]
    file = an_approved_file(here, on=today() - 60 * DAY)
    for act, number in acts:
        file.refresh_from_db()
        clerk, transfer = a_post(file.village.township), file.transfers.open().first()
        try:
            if act == "ask":
                asked(file, places[number], by=clerk)
            elif act == "close":
                close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today())
            elif act == "reopen":
                reopen_file(file, by=clerk, seen_version=file.version, reason="回来",
                            categories={"left_behind": {}})  # fmt: skip
            elif transfer:
                side = transfer.origin if act == "withdraw" else transfer.target
                TRANSFER.apply(act, transfer, by=a_post(side.township), seen_version=1, reason="x")
        except (Refused, ValidationError):
            pass
        file.refresh_from_db()
        assert {held.village_id for held in file.memberships.all()} == {file.village_id}
        assert file.dues.open().count() == (file.state == "approved")
        assert all(due.village_id == file.village_id for due in file.dues.open())
        day = today() - 30 * DAY
        counted = ChildStatus.objects.known().filter(child=file)
        assert counted.filter(counting_on(day)).count() == 1
        assert counted.filter(counting_on(today())).count() == (file.state == "approved")


def test_every_placed_model_of_a_child_says_whether_it_moves_along():
    """Else it stays on the old station's desk when the child is handed on."""
    placed = {
        label: model
        for label, model in models_pointing_to(ChildFile).items()
        if issubclass(model, Placed) and model is not ChildFile
    }
    missing = sorted(placed.keys() - {model._meta.label for model in MOVED} - NOT_MOVED.keys())
    assert not missing, (
        f"{missing}: in the hooks.py of the concept say MOVED.add(model) where its rows are decided and read where the"
        " child's file is, else why they stay: NOT_MOVED[label] = reason (registry/transfers/moving.py)"
    )
    assert not [model for model in MOVED if model._meta.label not in placed or model._meta.label in NOT_MOVED]
    assert NOT_MOVED.keys() <= placed.keys()


def a_talk(file):
    said = {"given_on": today(), "guardian": "李桂英", "topics": ["safety"], "advice": "水井加盖"}
    return guide_guardian(file, by=a_post(file.village), answers=said)


# {label of a model that moves along: (file) → a row of it}
BUILDERS = {
    "registry.Assessment": an_assessment,
    "registry.CategoryMembership": lambda file: file.memberships.get(),
    "registry.Change": lambda file: a_change(file, grade="三年级"),
    "registry.Entrustment": an_entrustment,
    "registry.Finding": a_finding,
    "registry.Guidance": a_talk,
    "registry.Need": a_need,
    "registry.Plan": a_plan,
    "visits.Visit": a_visit,
}


def test_all_that_moves_along_is_where_the_child_is(file, there):
    missing = sorted({model._meta.label for model in MOVED} - BUILDERS.keys())
    assert not missing, f"BUILDERS of this test: how to make a row of {missing}, which MOVED says goes along"
    for model in MOVED:
        BUILDERS[model._meta.label](file)
    accepted(asked(file, there))
    for model in MOVED:
        places = set(model._default_manager.filter(child=file).values_list("village", "township", "county"))
        assert places == {(there.pk, there.township_id, there.county_id)}, model


def test_a_stay_that_ends_with_the_transfer_is_said(client, file, here, there):
    """On the form before it is asked for, and to who accepts it."""
    a_stay(file)
    sign_in(client, a_post(here.township))
    assert "登记了临时居住" in client.get(f"/children/{file.pk}/transfer/").text
    transfer = asked(file, there)
    sign_in(client, a_post(there.township))
    page = client.post(f"/transfers/{transfer.pk}/accept/", {"version": 1}, follow=True)
    assert "临时居住已随转出结束" in page.text


def test_who_is_to_accept_reads_from_which_township(file, there):
    asked(file, there)
    (line,) = bench_of(a_post(there.township)).lines
    assert file.township.name in line.what and file.county.name in line.what


@pytest.mark.parametrize("page", ["close", "disclosure"])
def test_what_is_left_blank_is_named(client, file, here, page):
    answer = sign_in(client, a_post(here.township)).post(f"/children/{file.pk}/{page}/", {"version": file.version})
    assert answer.status_code == 422 and "必填项" not in answer.text
