"""A meeting about needs: the record and all of its moves, or nothing; its page, its minutes, its API."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from childwelfare.workflow.refusals import SentBefore, Stale
from registry.meetings.models import Meeting
from registry.meetings.services import Decided, hold_meeting
from registry.needs.models import Need
from registry.needs.services.handling import last_days_of, move_due, pass_up, settle
from tests.builders import a_need, a_post, a_unit, a_village, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def read(need) -> Need:
    return Need.objects.select_related(*Need.PLACES).get(pk=need.pk)


@pytest.fixture
def file():
    return an_approved_file(a_village(), name="欧阳小满")


@pytest.fixture
def clerk(file):
    return a_post(file.township)


@pytest.fixture
def own(file, clerk):
    return a_need(file, by=clerk)


@pytest.fixture
def below(file):
    return a_need(file, kind="living.food")


SAID = {"held_on": None, "place": "站里", "chair": "刘志强", "present": "派出所李刚、王秀兰", "text": "商量了半天"}


def said(**given):
    return SAID | {"held_on": today()} | given


def decided(need, decision, **given):
    now = read(need)
    return Decided(need=now, seen_version=now.version, decision=decision, **{"text": "王秀兰每周去一次"} | given)


def test_what_was_decided_is_done(file, clerk, own, below):
    third = a_need(file, by=clerk, kind="health.aids")
    fourth = a_need(file, by=clerk, kind="living.clothes")
    meeting = hold_meeting(
        by=clerk,
        answers=said(),
        items=[
            decided(own, "pass_up"),
            decided(below, "pass_up"),
            decided(third, "pass_down", unit=file.village, by_on=today() + 5 * DAY),
            decided(fourth, "settle", outcome="met", satisfaction="satisfied", text=""),
        ],
    )
    assert meeting.items.count() == 4
    assert read(own).holder_id == file.county_id
    assert (read(below).holder_id, read(below).owner_id) == (file.township_id, clerk.pk)
    assert (read(third).holder_id, read(third).due_on) == (file.village_id, today() + 5 * DAY)
    assert read(fourth).state == "settled"


def test_going_on_moves_the_day_where_it_takes_longer(clerk, own, below):
    items = [decided(own, "go_on", by_on=today() + 15 * DAY), decided(below, "go_on", by_on=today() + 3 * DAY)]
    hold_meeting(by=clerk, answers=said(), items=items)
    assert read(own).due_on == today() + 15 * DAY
    assert read(below).due_on == today() + 10 * DAY


def test_one_that_can_not_be_done_undoes_all(file, clerk, own):
    other = a_need(file, by=clerk, kind="living.clothes")
    items = [decided(own, "pass_up"), decided(other, "settle", outcome="met", satisfaction="satisfied")]
    settle(read(other), by=a_post(file.township), seen_version=1, outcome="met", satisfaction="satisfied")
    with pytest.raises(Stale, match="欧阳小满 衣物"):
        hold_meeting(by=clerk, answers=said(), items=items)
    assert read(own).holder_id == file.township_id
    assert not Meeting.objects.exists()


def test_what_went_on_meanwhile_is_told_though_nothing_was_to_move(file, clerk, own):
    items = [decided(own, "go_on", by_on=today())]
    pass_up(read(own), by=a_post(file.township), seen_version=1, reason="没有办法")
    with pytest.raises(Stale):
        hold_meeting(by=clerk, answers=said(), items=items)


def test_sent_twice_it_is_one(clerk, own):
    pk, items = uuid.uuid4(), [decided(own, "pass_up")]
    first = hold_meeting(by=clerk, answers=said(), items=items, pk=pk)
    again = hold_meeting(by=clerk, answers=said(), items=items, pk=pk)
    assert first.pk == again.pk
    assert own.events.filter(action="pass_up").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"held_on": None}, "held_on"), ({"held_on": datetime.date(2999, 1, 1)}, "held_on"), ({"chair": ""}, "chair"),
     ({"present": ""}, "present"), ({"text": ""}, "text"), ({"text": "长" * 2001}, "text"),
     ({"place": "长" * 61}, "place")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(clerk, own, given, field):
    with pytest.raises(ValidationError) as error:
        hold_meeting(by=clerk, answers=said(**given), items=[decided(own, "pass_up")])
    assert list(error.value.message_dict) == [field]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("decision", "given", "field"),
    [("nothing", {}, "decision"), ("pass_up", {"text": ""}, "text"), ("pass_up", {"text": "长" * 301}, "text"),
     ("go_on", {}, "by_on"), ("go_on", {"by_on": datetime.date(1999, 1, 1)}, "by_on"),
     ("pass_down", {"by_on": datetime.date(2999, 1, 1)}, "by_on"), ("settle", {"outcome": "met"}, "satisfaction"),
     ("settle", {"satisfaction": "satisfied"}, "outcome")],
)  # fmt: skip
def test_what_is_wrong_with_one_need_is_told_there(clerk, own, decision, given, field):
    with pytest.raises(ValidationError) as error:
        hold_meeting(by=clerk, answers=said(), items=[decided(own, decision, **given)])
    assert list(error.value.message_dict) == [f"items.{own.pk}.{field}"]
    assert not Meeting.objects.exists()


def test_what_a_village_holds_is_not_settled_above_its_head(clerk, below):
    with pytest.raises(ValidationError, match="只有它能交下级或办结"):
        hold_meeting(
            by=clerk, answers=said(), items=[decided(below, "settle", outcome="met", satisfaction="satisfied")]
        )


def test_a_meeting_without_a_need_is_none(clerk):
    with pytest.raises(ValidationError) as error:
        hold_meeting(by=clerk, answers=said(), items=[])
    assert list(error.value.message_dict) == ["items"]


def test_a_village_holds_none_and_nobody_about_needs_elsewhere(file, own):
    for post in (a_post(file.village), a_post(a_village().township)):
        with pytest.raises(PermissionDenied):
            hold_meeting(by=post, answers=said(), items=[decided(own, "pass_up")])


def test_it_is_recorded_on_its_page_and_printed(client, file, clerk, own, below):
    sign_in(client, clerk)
    page = client.get(f"{reverse('meeting-new')}?need={below.pk}")
    assert [item.need.pk for item in page.context["form"].items] == [below.pk, own.pk]
    data = said(pk=uuid.uuid4()) | {
        f"n-{own.pk}-decision": "pass_up", f"n-{own.pk}-text": "请县里派心理老师", f"n-{own.pk}-version": "1",
        f"n-{below.pk}-decision": "", f"n-{below.pk}-version": "1",
    }  # fmt: skip
    answer = client.post(reverse("meeting-new"), data, follow=True)
    assert "请县里派心理老师" in answer.content.decode()
    meeting = Meeting.objects.get()
    assert read(own).holder_id == file.county_id
    assert read(below).version == 1
    printed = client.get(reverse("meeting-print", args=[meeting.pk])).content.decode()
    assert "请县里派心理老师" in printed
    assert "a4-sign" in printed
    assert "刘志强" in client.get(reverse("meeting-list")).content.decode()


def test_a_refused_form_keeps_what_was_typed(client, clerk, own):
    sign_in(client, clerk)
    data = said(pk=uuid.uuid4(), chair="") | {
        f"n-{own.pk}-decision": "go_on", f"n-{own.pk}-text": "每周去一次", f"n-{own.pk}-version": "1",
    }  # fmt: skip
    answer = client.post(reverse("meeting-new"), data)
    assert answer.status_code == 422
    assert "每周去一次" in answer.content.decode()
    assert "请填写何时前办好" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_how_far_a_need_may_be_put_off_stands_beside_its_day(client, clerk, own, below):
    sign_in(client, clerk)
    fields = {item.need.pk: item.fields["by_on"] for item in client.get("/meetings/new/").context["form"].items}
    assert "本级只能延一次" in fields[own.pk].help_text
    assert "需求的期限跟着改" in fields[below.pk].help_text and "只能延" not in fields[below.pk].help_text
    move_due(read(own), by=clerk, seen_version=1, due_on=today() + 12 * DAY, reason="路断了")
    fields = {item.need.pk: item.fields["by_on"] for item in client.get("/meetings/new/").context["form"].items}
    assert "已经延期过一次" in fields[own.pk].help_text


def test_each_need_that_may_not_be_put_off_is_told_there_and_all_that_was_typed_stays(client, file, clerk, own):
    move_due(read(own), by=clerk, seen_version=1, due_on=today() + 12 * DAY, reason="路断了")
    far, near = a_need(file, by=clerk, kind="living.clothes"), a_need(file, by=clerk, kind="health.aids")
    days = {own: 15, far: 60, near: 12}
    data = said(pk=uuid.uuid4())
    for need, number in days.items():
        data |= {
            f"n-{need.pk}-decision": "go_on", f"n-{need.pk}-text": f"{number} 天里每周去一次",
            f"n-{need.pk}-version": str(read(need).version), f"n-{need.pk}-by_on": str(today() + number * DAY),
        }  # fmt: skip
    sign_in(client, clerk)
    answer = client.post(reverse("meeting-new"), data)
    assert answer.status_code == 422
    wrong = {item.need.pk: item.errors.get("by_on", [""])[0] for item in answer.context["form"].items}
    assert "已经延期过一次" in wrong[own.pk] and "最多延到" in wrong[far.pk] and not wrong[near.pk]
    for number in days.values():
        assert f"{number} 天里每周去一次" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_how_far_each_may_go_is_asked_at_once(clerk, file, own, below, django_assert_num_queries):
    needs = [read(own), read(below), read(a_need(file, by=clerk, kind="living.clothes"))]
    with django_assert_num_queries(2):
        last_days_of(needs, by=clerk)


def test_the_county_reads_it_and_the_village_and_the_neighbour_do_not(client, file, clerk, own):
    meeting = hold_meeting(by=clerk, answers=said(), items=[decided(own, "pass_up")])
    for post, status in (
        (a_post(file.county), 200), (a_post(file.village), 403), (a_post(file.city), 403),
        (a_post(a_unit(file.county)), 404),
    ):  # fmt: skip
        sign_in(client, post)
        assert client.get(reverse("meeting-detail", args=[meeting.pk])).status_code == status


def test_over_the_api(client, file, clerk, own):
    sign_in(client, clerk)
    item = {"need": str(own.pk), "version": 1, "decision": "pass_up", "text": "请县里派人"}
    body = said(held_on=str(today())) | {"items": [item]}
    answer = client.post("/api/v1/meetings/", body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["items"][0]["decision"] == "pass_up"
    assert read(own).holder_id == file.county_id
    assert len(client.get("/api/v1/meetings/").json()["results"]) == 1
    body["items"] = [item | {"need": str(uuid.uuid4())}]
    assert client.post("/api/v1/meetings/", body, content_type="application/json").status_code == 404
    body["items"] = []
    assert client.post("/api/v1/meetings/", body, content_type="application/json").status_code in (400, 422)


def test_the_same_form_with_another_outcome_or_day_is_told(clerk, own, below):
    pk, answers = uuid.uuid4(), said()

    def send(outcome="met", days=2):
        settling = decided(own, "settle", outcome=outcome, satisfaction="satisfied", text="")
        going_on = decided(below, "go_on", by_on=read(below).due_on - days * DAY)
        return hold_meeting(by=clerk, answers=answers, items=[settling, going_on], pk=pk)

    first = send()
    assert send() == first
    for other in ({"outcome": "partly"}, {"days": 1}):
        with pytest.raises(SentBefore):
            send(**other)


def test_a_need_decided_twice_is_told(clerk, own):
    twice = [decided(own, "go_on", by_on=today() + DAY), decided(own, "pass_up")]
    with pytest.raises(ValidationError, match="写了两次"):
        hold_meeting(by=clerk, answers=said(), items=twice)
