"""A form's key comes again with other content, back and changed after it was saved: what is new is not lost unsaid."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from childwelfare.workflow.refusals import SentBefore
from orgs.access.api.schema import description
from orgs.publicity.models import Publicity
from orgs.publicity.services import log_publicity
from registry.assessments.models import Assessment
from registry.assessments.services.assess import assess_child, instrument_for
from registry.changes.models import Change
from registry.changes.services import propose_change
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.services import entrust, guide_guardian
from registry.meetings.models import Meeting
from registry.meetings.services import Decided, hold_meeting
from registry.needs.models import Need, NeedStep
from registry.needs.services.recording import add_step as add_need_step
from registry.needs.services.recording import record_need
from registry.papers.models import Paper
from registry.papers.services import add_paper
from registry.plans.models import Plan
from registry.plans.services.writing import write_plan
from registry.stays.models import Stay
from registry.stays.services import begin_stay
from registry.transfers.models import Transfer
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_need,
    a_post,
    a_report,
    a_small_instrument,
    a_village,
    an_agreement,
    an_alert,
    an_approved_file,
    an_upload,
    answers,
    facts,
    found,
    sign_in,
)
from visits.alerts.models import Alert, AlertStep
from visits.alerts.services.handling import add_step
from visits.alerts.services.raising import raise_alert
from visits.schedule.models import ExtraVisit, VisitRound
from visits.schedule.services.extra_visits import order_extra
from visits.schedule.services.rounds import add_round
from visits.visit.models import Visit
from visits.visit.services.log import log_visit

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _media_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class World:
    def __init__(self):
        self.file = an_approved_file(a_village())
        self.place, self.alert, self.made = a_village(), an_alert(self.file.village), facts()
        self.director, self.clerk = a_post(self.file.village), a_post(self.file.township)
        self.county, self.called_at = a_post(self.file.county), timezone.now()
        self._need = None

    @property
    def need(self):
        self._need = self._need or a_need(self.file, by=self.director, kind="safety.internet")
        return self._need


def visit(world, words, pk):
    given = answers(help_given=words)
    return log_visit(world.file, by=world.director, answers=given, hazards_looked_at=True, pk=pk)


def visit_with_change(world, words, pk):
    changes = {"address": {"base": world.file.address, "value": words}}
    return log_visit(world.file, by=world.director, answers=answers(), hazards_looked_at=True, pk=pk, changes=changes)


def change(world, words, pk):
    fields = {"address": {"base": world.file.address, "value": words}}
    return propose_change(world.file, by=world.director, fields=fields, pk=pk)


def guidance(world, words, pk):
    given = {"given_on": today(), "guardian": "李桂英", "topics": ["safety"], "advice": words}
    return guide_guardian(world.file, by=world.director, answers=given, pk=pk)


def agreement(world, words, pk):
    return entrust(world.file, by=world.director, answers=an_agreement(reason=words), unfit=[], pk=pk)


def publicity(world, words, pk):
    given = {"held_on": today(), "where": "村委会", "topic": words, "audience": ["children"], "people": 20}
    return log_publicity(by=world.director, answers=given, pk=pk)


def report(world, words, pk):
    return raise_alert(by=world.director, answers=a_report(seen=words, called_at=world.called_at), pk=pk)


def step(world, words, pk):
    return add_step(world.alert, by=world.clerk, kind="seen", text=words, pk=pk)


def child(world, words, pk):
    given = world.made | {"child": world.made["child"] | {"address": words}}
    return make_file(by=world.director, village=world.file.village, pk=pk, **given)


def extra(world, words, pk):
    return order_extra(world.file, by=world.clerk, due_on=today() + timedelta(days=5), reason=words, pk=pk)


def visit_round(world, words, pk):
    return add_round(by=world.county, name=words, since=today(), until=today() + timedelta(days=5), pk=pk)


def stay(world, words, pk):
    given = {"village": world.place, "since": today(), "reason": words, "seen_version": world.file.version}
    return begin_stay(world.file, by=world.clerk, pk=pk, **given)


def stay_with_phone(world, words, pk):
    phone = {"五组": "138 0013 8000", "六组12号": "13900139000"}[words]
    given = {"village": world.place, "since": today(), "reason": "务工", "seen_version": world.file.version}
    return begin_stay(world.file, by=world.clerk, pk=pk, host_phone=phone, **given)


def transfer(world, words, pk):
    given = {"target": world.place, "reason": words, "seen_version": world.file.version}
    return ask_transfer(world.file, by=world.clerk, pk=pk, **given)


def paper(world, words, pk):
    return add_paper(world.file, by=world.director, upload=an_upload(size=(60, 40)), kind="id_card", note=words, pk=pk)


def paper_with_another_file(world, words, pk):
    upload = an_upload(size=(60, 40), colour="teal" if words == "五组" else "white")
    return add_paper(world.file, by=world.director, upload=upload, kind="id_card", pk=pk)


def need(world, words, pk):
    return record_need(world.file, by=world.director, kind="mind.mood", words=words, pk=pk)


def need_step(world, words, pk):
    return add_need_step(world.need, by=world.director, service="contact", text=words, pk=pk)


def assessment(world, words, pk):
    if instrument_for(world.file) is None:
        a_small_instrument(world.file.city)
    return assess_child(world.file, by=world.director, given=found(child_view=words), pk=pk)


def plan(world, words, pk):
    later = today() + timedelta(days=30)
    said = {"lead": world.director.uid, "review_on": later, "child_heard": words, "guardian_heard": "愿意"}
    goal = {"goal": "睡得好", "measure": "辅导", "who": "张红梅", "by_on": later}
    return write_plan(world.file, by=world.director, answers=said, lines=[goal], pk=pk)


def meeting(world, words, pk):
    said = {"held_on": today(), "chair": "刘志强", "present": "派出所李刚", "text": words, "place": ""}
    decided = Decided(need=world.need, seen_version=world.need.version, decision="go_on", text="每周去一次",
                      by_on=today() + timedelta(days=9))  # fmt: skip
    return hold_meeting(by=world.clerk, answers=said, items=[decided], pk=pk)


FORMS = [
    (visit, Visit), (visit_with_change, Visit), (change, Change), (guidance, Guidance), (agreement, Entrustment),
    (publicity, Publicity), (report, Alert), (step, AlertStep), (child, ChildFile), (extra, ExtraVisit),
    (visit_round, VisitRound), (stay, Stay), (transfer, Transfer), (paper, Paper), (paper_with_another_file, Paper),
    (stay_with_phone, Stay), (need, Need), (need_step, NeedStep), (assessment, Assessment), (plan, Plan),
    (meeting, Meeting),
]  # fmt: skip


@pytest.mark.parametrize(("send", "model"), FORMS)
def test_the_same_content_is_the_first_record_and_other_content_is_refused_in_words(send, model):
    world, pk = World(), uuid.uuid4()
    first = send(world, "五组", pk)
    count = model.objects.count()
    assert send(world, "五组", pk).pk == first.pk == pk
    with pytest.raises(SentBefore, match=r"已经用过，内容不同.*第一次填的已经存上.*另存一条"):
        send(world, "六组12号", pk)
    assert model.objects.count() == count


OF_A_CHILD = [visit, change, guidance, agreement, extra, stay, transfer, paper, need, assessment, plan]


@pytest.mark.parametrize("send", OF_A_CHILD)
def test_the_same_content_about_another_child_is_other_content(send):
    world, pk = World(), uuid.uuid4()
    first, world.place = send(world, "五组", pk), a_village()
    sibling = an_approved_file(world.file.village)
    world.file, world.called_at = sibling, timezone.now()
    with pytest.raises(SentBefore, match="内容不同"):
        send(world, "五组", pk)
    assert type(first).objects.count() == 1


def test_a_step_under_the_key_of_another_reports_step_is_other_content():
    world, pk = World(), uuid.uuid4()
    step(world, "五组", pk)
    world.alert = an_alert(world.file.village)
    with pytest.raises(SentBefore):
        step(world, "五组", pk)


API = {
    "/api/v1/alerts/": report, "/api/v1/alerts/{id}/step/": step, "/api/v1/changes/": change,
    "/api/v1/children/": child, "/api/v1/children/{child}/extra-visit/": extra,
    "/api/v1/children/{child}/papers/": paper, "/api/v1/children/{id}/stay/": stay,
    "/api/v1/children/{id}/transfer/": transfer, "/api/v1/entrustments/": agreement, "/api/v1/guidance/": guidance,
    "/api/v1/needs/": need, "/api/v1/needs/{id}/steps/": need_step, "/api/v1/assessments/": assessment,
    "/api/v1/plans/": plan, "/api/v1/meetings/": meeting,
    "/api/v1/publicity/": publicity, "/api/v1/visit-rounds/": visit_round, "/api/v1/visits/": visit,
}  # fmt: skip


def test_every_creation_of_the_api_that_takes_a_key_is_tried_here():
    schema = description(settings.LANGUAGE_CODE)
    bodies = schema["components"]["schemas"]

    def takes_a_key(operation):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            body = bodies.get(content["schema"].get("$ref", "").rpartition("/")[2], {})
            if body.get("properties", {}).get("id", {}).get("format") == "uuid":
                return True
        return False

    keyed = {path for path, methods in schema["paths"].items() if takes_a_key(methods.get("post", {}))}
    # a draft begins with what stands already: there is no other content
    assert keyed == set(API) | {"/api/v1/instruments/"}
    assert set(API.values()) <= {send for send, _model in FORMS}


def test_the_api_answers_409_with_what_to_do(client):
    world, pk = World(), uuid.uuid4()
    sign_in(client, world.county)
    sent = {"id": str(pk), "name": "暑期走访", "since": today().isoformat(), "until": today().isoformat()}
    first, same, other = [
        client.post("/api/v1/visit-rounds/", sent | {"name": name}, content_type="application/json")
        for name in ("暑期走访", "暑期走访", "开学走访")
    ]
    assert [first.status_code, same.status_code, other.status_code] == [201, 201, 409]
    assert "内容不同" in other.text and VisitRound.objects.get().name == "暑期走访"


def test_the_page_of_a_visit_shows_what_was_typed_and_saves_it_as_another_one_if_sent_again(client):
    world, pk = World(), uuid.uuid4()
    first = visit(world, "孩子很好", pk)
    sign_in(client, world.director)
    sent = {name: value for name, value in answers().items() if value not in (None, "")}
    sent |= {"pk": str(pk), "hazard": "no", "help_given": "奶奶说孩子发烧了"}
    page = client.post(f"/children/{world.file.pk}/visit/", sent)
    assert page.status_code == 409, page.context["form"].errors
    assert "第一次填的已经存上" in page.text and "编号" not in page.text and "处要改" not in page.text
    assert "请重新选择" not in page.text, "no file was chosen"
    page = client.post(f"/children/{world.file.pk}/visit/", sent | {"photos": an_upload()})
    assert page.status_code == 409 and "照片和文件页面留不住，请重新选择" in page.text
    assert "奶奶说孩子发烧了" in page.text
    form = page.context["form"]
    assert form["pk"].value() not in (str(pk), None)
    assert client.post(f"/children/{world.file.pk}/visit/", sent | {"pk": form["pk"].value()}).status_code == 302
    assert Visit.objects.count() == 2 and Visit.objects.get(pk=first.pk).help_given == "孩子很好"


def test_the_api_answers_409(client):
    world, pk = World(), uuid.uuid4()
    guidance(world, "按时接送", pk)
    sign_in(client, world.director)
    sent = {"id": str(pk), "given_on": today().isoformat(), "guardian": "李桂英", "topics": ["safety"]}
    where, sent["child"] = "/api/v1/guidance/", str(world.file.pk)
    answer = client.post(where, sent | {"advice": "不要打骂"}, content_type="application/json")
    assert answer.status_code == 409 and "第一次填的已经存上" in answer.json()["detail"]
    assert Guidance.objects.get().advice == "按时接送"
