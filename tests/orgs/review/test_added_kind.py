"""A new kind of what is reviewed costs its own folder and an entry: desk, API, badge, workbench and the API's own
description read the registry. The kind of this test has a table of its own, made for it and dropped after it."""

import re
import uuid
from dataclasses import replace

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, models
from django.utils import timezone
from rest_framework import serializers

from childwelfare.workflow.models import Event
from childwelfare.workflow.tables import WORKFLOWS
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.access import permission_rows
from orgs.access.api.schema import description
from orgs.access.permissions import ACTIONS, MATRIX
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.audit.models import Audit
from orgs.review.kinds import REVIEW_KINDS, Card, InBulk, ReviewKind
from orgs.workbench.kinds import TODO_KINDS
from tests.builders import a_post, a_village, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


class MadeUps(ScopedQuerySet):
    def awaiting_review(self):
        return self.filter(state="submitted").order_by("made_at")


@pytest.fixture(scope="module")
def made_up_model(django_db_setup, django_db_blocker):
    """The models: a made-up request and its events, in tables of their own."""

    class MadeUp(Placed):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        name = models.CharField(max_length=40)
        wanted = models.CharField(max_length=40)
        state = models.CharField(max_length=10, default="submitted")
        version = models.PositiveIntegerField(default=1)
        made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
        made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
        made_at = models.DateTimeField(default=timezone.now)

        objects = MadeUps.as_manager()

        class Meta:
            app_label = "registry"

    class MadeUpEvent(Event):
        append_only = False
        record = models.ForeignKey(MadeUp, models.PROTECT, related_name="events")

        class Meta(Event.Meta):
            app_label = "registry"

    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(MadeUp)
        editor.create_model(MadeUpEvent)
    yield MadeUp
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(MadeUpEvent)
        editor.delete_model(MadeUp)
    for name in ("madeup", "madeupevent"):
        del apps.all_models["registry"][name]
    apps.clear_cache()


@pytest.fixture
def kind(made_up_model, monkeypatch):
    """Its permission, its moves, its entry."""
    monkeypatch.setitem(ACTIONS, "decide_made_up", "批准演练")
    monkeypatch.setitem(MATRIX, "township_clerk", MATRIX["township_clerk"] | {"decide_made_up"})
    permission_rows.sync_permission_rows()
    moves = Workflow(
        Transition(
            "grant", "批准", ("submitted",), "granted", "decide_made_up", decides=True, undoable=True, payload=str
        ),
        Transition(
            "return",
            "退件",
            ("submitted",),
            "returned",
            "decide_made_up",
            needs_reason=True,
            decides=True,
            returns=True,
        ),
        Transition("send_again", "重报", ("returned",), "submitted", "log_visit", writes=True),
        model="registry.MadeUp",
        moves="orgs.review.kinds",
    )

    @moves.check("grant")
    def _is_affordable(record, amount):
        if record.wanted == "购房":
            raise ValidationError("超过本级的限额。")

    @moves.undo_effect("grant")
    def _nothing_follows(record, event):
        """The table alone."""

    class MadeUpOut(serializers.ModelSerializer):
        class Meta:
            model = made_up_model
            fields = ["id", "name", "wanted", "state"]

    class AmountIn(serializers.Serializer):
        amount = serializers.CharField(required=False)

    made = ReviewKind(
        key="made_up",
        label="演练申请",
        tone="warm",
        model=made_up_model,
        permission="decide_made_up",
        workflow=moves,
        passing="grant",
        county_too=False,
        card=lambda record, post: Card(at=record.made_at, detail=record.wanted),
        name_of=lambda record: record.name,
        reads="view_file",
        template="orgs/review/review.html",
        serializer=MadeUpOut,
        done_words=lambda record: f"{record.name}的演练申请已批准。",
        in_bulk=InBulk(
            objection=lambda record: "",
            button=lambda number: f"批准 {number} 份",
            question=lambda number: f"批准 {number} 份申请？",
            done=lambda number: f"已批准 {number} 份。",
        ),
        body=AmountIn,
        payload_of_form=lambda form, record, action: form.get("amount"),
        payload_of_data=lambda data, record, action: data.get("amount"),
        columns={"since": "made_at", "name": "name", "words": "wanted"},
        todo_words=lambda row: f"演练申请：{row.words}",
    )
    REVIEW_KINDS.add(made, order=900)
    description.cache_clear()
    yield made
    description.cache_clear()
    for registry in (REVIEW_KINDS, TODO_KINDS):
        del registry["made_up"], registry._orders["made_up"]
    del WORKFLOWS["registry.MadeUp"]
    apps.get_model("registry.MadeUpEvent").objects.all().delete()
    made_up_model.objects.all().delete()
    monkeypatch.undo()
    permission_rows.sync_permission_rows()


@pytest.fixture
def waiting(kind):
    """(what a director asked for, a clerk of the station)."""
    village = a_village()
    director = a_post(village)
    record = kind.model(name="张子涵", wanted="临时救助", made_by=director.person, made_in=director)
    record.place(village)
    record.save()
    record.events.create(action="make", was="", now="submitted", person=director.person, post=director)
    return record, a_post(village.township)


def test_desk_api_badge_workbench_and_schema_have_it(client, waiting):
    record, clerk = waiting
    sign_in(client, clerk)
    desk = client.get("/review/")
    assert "张子涵" in desk.text and "演练申请 · 临时救助" in desk.text
    assert f"/review/made_up/{record.pk}/grant/" in desk.text
    (badge,) = [entry["count"] for entry in desk.context["nav"] if entry["url"] == "/review/"]
    assert badge == 1
    bench = client.get("/workbench/")
    assert "演练申请：临时救助" in bench.text and f"/review/made_up/{record.pk}/" in bench.text
    (row,) = client.get("/api/v1/reviews/").json()["results"]
    assert (row["kind"], row["child_name"], row["actions"]) == ("made_up", "张子涵", ["grant", "return"])
    one = client.get(f"/api/v1/reviews/made_up/{record.pk}/").json()
    assert one["record"]["wanted"] == "临时救助"
    schema = client.get("/api/schema/?format=json").json()
    described = schema["components"]["schemas"]
    assert {"MadeUpReviewOut", "MadeUpDecisionIn"} <= set(described)
    parameters = schema["paths"]["/api/v1/reviews/{kind}/{id}/"]["get"]["parameters"]
    assert "made_up" in next(each for each in parameters if each["name"] == "kind")["schema"]["enum"]


def test_it_is_decided_on_the_desk_and_taken_back(client, waiting):
    record, clerk = waiting
    sign_in(client, clerk)
    where = f"/review/made_up/{record.pk}"
    without = client.post(f"{where}/return/", {"version": 1, "reason": ""})
    assert without.status_code == 422 and "请写明原因" in without.text
    done = client.post(f"{where}/grant/", {"version": 1}, follow=True)
    assert "张子涵的演练申请已批准。" in done.text and "刚批准：张子涵" in done.text
    record.refresh_from_db()
    assert record.state == "granted"
    client.post(f"{where}/undo/", {"version": record.version})
    record.refresh_from_db()
    assert record.state == "submitted"
    assert Audit.objects.filter(action="view_file", record__endswith=str(record.pk)).exists()


def kinds_named(page) -> list[str]:
    """What an empty desk says will appear on it."""
    (words,) = re.findall("等您审核的会出现在这里，最急的在前：(.*?)。", page.text)
    return words.split("、")


def test_desk_and_api_speak_of_it_in_its_own_words(client, waiting):
    record, clerk = waiting
    record.made_by.name = "张玉兰"
    record.made_by.save()
    sign_in(client, clerk)
    where = f"/review/made_up/{record.pk}"
    page = client.get(f"{where}/").text
    foot = page[page.index('<form class="foot"') :]
    assert "批准<kbd" in foot and "退件<kbd" in foot and "退件给张玉兰" in foot
    assert "通过" not in foot and "退回" not in foot
    done = client.post(f"{where}/return/", {"version": 1, "reason": "请写明用途"}, follow=True)
    assert "已退件张子涵，张玉兰会看到您写的原因。" in done.text
    assert "演练申请" in kinds_named(done)
    assert "`grant` - 批准" in client.get("/api/schema/").text
    sign_in(client, a_post(record.county))  # which has none of them on its desk
    named = kinds_named(client.get("/review/"))
    assert "走访" in named and "演练申请" not in named


def test_it_is_decided_by_api_and_not_by_who_wrote_it_or_has_no_permission(client, waiting):
    record, clerk = waiting
    where = f"/api/v1/reviews/made_up/{record.pk}/decide/"
    body = {"action": "return", "version": 1, "reason": "请写明用途"}
    sign_in(client, a_post(record.county))  # a county: the kind is not for it
    assert client.post(where, body, content_type="application/json").status_code == 404
    record.events.create(action="complete", was="submitted", now="submitted", person=clerk.person, post=clerk)
    sign_in(client, clerk)
    assert client.get("/review/").context["queue"][0].own
    refused = client.post(where, body, content_type="application/json")
    assert refused.status_code == 422 and "补充或提出过" in refused.json()["detail"]
    sign_in(client, a_post(record.township))
    assert client.post(where, body, content_type="application/json").json()["state"] == "returned"


def test_what_is_refused_without_a_field_is_said_on_the_page_and_by_api(client, waiting):
    record, clerk = waiting
    type(record).objects.update(wanted="购房")
    sign_in(client, clerk)
    page = client.post(f"/review/made_up/{record.pk}/grant/", {"version": 1})
    assert page.status_code == 422 and page.context["problem"] == "超过本级的限额。"
    together = client.post("/review/accept/", {"made_up": [f"{record.pk}:1"]}, follow=True)
    assert "没有批准 张子涵：超过本级的限额。" in together.text
    where = f"/api/v1/reviews/made_up/{record.pk}/decide/"
    answer = client.post(where, {"action": "grant", "version": 1}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, ["超过本级的限额。"])


def test_who_wrote_in_it_by_a_move_of_whatever_name_leaves_it_to_a_colleague(client, waiting):
    record, clerk = waiting
    record.events.create(action="send_again", was="returned", now="submitted", person=clerk.person, post=clerk)
    sign_in(client, clerk)
    assert client.get("/review/").context["queue"][0].own
    assert not client.get("/workbench/").text.count("演练申请：临时救助")
    client.post(f"/review/made_up/{record.pk}/grant/", {"version": 1})
    record.refresh_from_db()
    assert record.state == "submitted"
    assert list(WORKFLOWS[record._meta.label].transitions) == ["grant", "return", "send_again"]


def test_after_it_nothing_of_it_is_left(client):
    sign_in(client, a_post(a_village().township))
    assert "made_up" not in REVIEW_KINDS and "made_up" not in TODO_KINDS
    assert "MadeUp" not in client.get("/api/schema/").text


@pytest.mark.parametrize(
    "forgotten, says", [({"decides": False}, "decides=True"), ({"instead": None}, "COUNTY_INSTEAD")]
)
def test_a_kind_whose_moves_anybody_could_make_is_refused_when_the_program_starts(forgotten, says):
    """Else who wrote a record could decide it, or a county would see cases that it can't decide."""
    visits = REVIEW_KINDS["visit"]
    moves = [replace(move, **forgotten) for move in visits.workflow.transitions.values()]
    loose = Workflow(*moves, model="", moves="visits.visit.moves")
    with pytest.raises(ImproperlyConfigured, match=says):
        replace(visits, workflow=loose)
