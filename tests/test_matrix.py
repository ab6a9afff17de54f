"""Every URL and every API action against every role at its own unit, a sibling and a parent: nobody reaches what the
declared table does not give, by whatever method the page takes. One world, built once; a test a role, which names every
cell that is wrong."""

import base64
import datetime
import inspect
import json
import re
import uuid

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from childwelfare.jobs.models import Job
from orgs.access.declarations import PUBLIC, SIGNED_IN, Reads, ReadsNothing
from orgs.access.permissions import ACTIONS, MATRIX
from orgs.account_requests.services import ask_post
from orgs.accounts.models import ApiToken, Person
from orgs.audit.models import Audit
from orgs.audit.readings import as_reads
from orgs.audit.words import AUDIT_ACTS
from orgs.inbox.models import Message
from orgs.posts.models import Appointment
from orgs.publicity.services import log_publicity
from orgs.reorganisation.rules import Part
from orgs.reorganisation.services import order_reorganisation
from orgs.review.kinds import REVIEW_KINDS
from orgs.units.models import OrgUnit
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.child.panels import PANELS, Panel
from registry.closing.services import close_file
from registry.lists.models import SavedView
from registry.merging.services.merge import merge_files
from registry.plans.workflow import PLAN
from registry.stays.services import end_stay
from registry.transfers.services import ask_transfer
from reports.ledgers.services import save_template
from tests.builders import (
    a_change,
    a_city,
    a_data_request,
    a_file,
    a_finding,
    a_holiday,
    a_meeting,
    a_need,
    a_paper,
    a_plan,
    a_plan_of_high,
    a_post,
    a_round,
    a_rule,
    a_snapshot,
    a_stay,
    a_submission,
    a_submitted_file,
    a_try_out,
    a_unit,
    a_variant,
    a_visit,
    an_alert,
    an_amendment,
    an_approved_file,
    an_assessment,
    an_assessment_to_sign,
    an_entrustment,
    an_extra_visit,
    an_instrument,
    an_upload,
    fresh,
    search_for,
    sign_in,
    the_answer,
)
from tests.roles import ROLES
from tests.routes import routes
from visits.oversight.services import draw_checks
from visits.phones.models import SyncItem, SyncPhone
from visits.visit.services.photos import add_photos, check_photos
from visits.visit.workflow import VISIT

PAGES = [(path, name, view) for path, name, view in routes() if not path.startswith("api/")]
API = [(path, name, view) for path, name, view in routes() if path.startswith("api/") and "format" not in path]
# Django's own views, which show nothing of the registry
FOREIGN = {"set_language"}


def test_every_page_declares_who_may_open_it():
    """Those that don't: decorate them with needs, signed_in or public."""
    known = set(ACTIONS) | {PUBLIC, SIGNED_IN}
    declared = {path: set(getattr(view, "permissions", ())) for path, name, view in PAGES if name not in FOREIGN}
    assert len(declared) > 100
    assert not [path for path, names in declared.items() if not names or not names <= known]


def test_every_api_action_declares_its_permission():
    known, wrong = set(ACTIONS) | {PUBLIC, SIGNED_IN}, []
    assert len(API) > 70
    for path, _name, view in API:
        actions = getattr(view, "actions", None) or {"get": "get" if "schema" in path or "docs" in path else "post"}
        for action in actions.values():
            names = view.cls.permissions.get(action) or ()
            names = {names} if isinstance(names, str) else set(names)
            wrong += [] if names and names <= known else [f"{path} {action}"]
    assert not wrong


# whose key an address takes, by the beginning of its name; the longest one counts, "file" where none fits: a page of
# another record needs a line here, and the record in a_place
RECORDS = {
    "account-request-": "request", "api-account-request": "request", "offer-": "request",
    "extra-new": "unordered", "alert-": "alert", "api-alert": "alert", "change-": "change", "api-change": "change",
    "child-edit": "draft", "child-submit": "draft", "child-recall": "submitted", "child-reopen": "closed",
    "api-child-reopen": "closed",
    "child-undo": "closed", "api-child-undo": "closed",
    "assessment-": "assessment", "assessment-due": "assessment_due",
    "assessment-correct": "assessment_back", "api-assessment-correct": "assessment_back",
    "api-assessment": "assessment",
    "entrustment-": "entrustment", "api-entrustment": "entrustment", "export-": "export", "api-export": "export",
    "extra-withdraw": "extra", "api-extra": "extra", "figure-job": "recount",
    "figure-recount": "county", "finding-": "finding",
    "inbox-": "message", "api-inbox": "message",
    "handed-over-photo": "handed_photo", "handed-over-settle": "handed", "holiday-remove": "holiday",
    "api-holiday": "holiday", "merge-": "merge", "api-merge": "merge", "api-paper": "paper", "password-reset": "post",
    "phone-wipe": "phone", "post-end": "post", "publicity-photo": "publicity_photo", "review-": "submitted",
    "api-review": "submitted",
    "api-schedule-rule": "rule", "api-schedule-round": "round", "spot-check": "check", "stay-": "stay",
    "api-stay": "stay", "transfer-": "transfer", "api-transfer": "transfer", "variant-end": "variant",
    "view-delete": "view", "visit-detail": "visit", "visit-edit": "returned", "visit-photo": "photo",
    "visit-round": "round", "visit-rule-end": "rule", "api-visit": "visit",
    "submission-": "ledger", "api-submission": "ledger", "amendment-": "amended", "amendment-new": "ledger",
    "api-amendment": "amended", "ledger-": "own_ledger", "api-ledger-template": "own_ledger",
    "period-": "period", "api-period": "period", "api-snapshot": "snapshot",
    "visit-recall": "visit", "api-visit-resubmit": "returned",
    "unit-change-detail": "order", "unit-change-cancel": "order", "api-unit-change": "order",
    "placing-place": "left",
    "request-": "data_request", "api-request": "data_request",
    "request-answer": "data_answer", "api-request-answer": "data_answer",
    "instrument-": "instrument", "api-instrument": "instrument",
    **dict.fromkeys(
        (
            "instrument-edit", "instrument-change", "instrument-section", "instrument-dimension",
            "instrument-indicator", "instrument-publish", "instrument-discard", "instrument-differences",
        ),
        "instrument_draft",
    ),
    "plan-": "plan", "plan-new": "unplanned", "plan-amend": "plan_back", "plan-due": "assessment",
    "plan-task": "goal", "api-plan": "plan",
    "need-": "need", "need-new": "file", "api-need": "need", "meeting-": "meeting", "api-meeting": "meeting",
}  # fmt: skip
# withheld by a way back to a list or a file instead of 403 or 404; nothing is shown and nothing written
LED_AWAY = {
    "holiday-remove": "the list: holidays are the city's, a county reads them",
    "review-case": "the queue, where the case is not",
    "visit-rule-end": "the rules, where the neighbour's may be read but not ended",
}


def a_place(city, name: str, number: int) -> dict:
    """A county with a township, a village and one of each record there."""
    village = a_unit(a_unit(a_unit(city)))
    director, clerk = a_post(village), a_post(village.township)
    file = an_approved_file(village, name=name, by=director, clerk=clerk)
    visit, others = a_visit(file, by=director), [an_approved_file(village, name=name, by=director) for _n in range(7)]
    made = {"village": village, "file": file, "visit": visit, "post": director}
    made |= {
        "county": village.county,
        "change": a_change(file, by=clerk, address="五组"),
        "paper": a_paper(file, by=director),
    }
    made |= {"finding": a_finding(file), "stay": a_stay(file), "alert": an_alert(file=file)}
    made |= {"entrustment": an_entrustment(file), "extra": an_extra_visit(file)}
    made |= {"assessment": an_assessment(file, by=director), "assessment_sign": an_assessment_to_sign(others[4])}
    made["assessment_back"] = an_assessment(others[4], by=director)
    ASSESSMENT.apply("return", made["assessment_back"], by=clerk, seen_version=1, reason="请补充")
    made["assessment_due"] = made["assessment_sign"].child.assessment_due
    made["plan"] = a_plan(file, by=director)
    made |= {"goal": made["plan"].goals.first(), "unplanned": others[2], "plan_back": a_plan(others[6], by=director)}
    PLAN.apply("return", made["plan_back"], by=clerk, seen_version=1, reason="请补充")
    made["plan_high"] = a_plan_of_high(others[5], by=director)
    made |= {"need": a_need(file, by=director), "meeting": a_meeting(clerk, a_need(file, by=clerk))}
    made |= {"rule": a_rule(village.county), "round": a_round(village.county), "variant": a_variant(village.county)}
    day = datetime.date(2031, 1, number)
    made |= {"holiday": a_holiday(day, day), "draft": a_file(village, name=name, by=director, id_number="")}
    made["submitted"] = a_submitted_file(village, name=name, by=director)
    made["closed"] = close_file(others[0], by=clerk, seen_version=others[0].version, reason="other", note="去外地",
                                on=others[0].approved_on)  # fmt: skip
    made["transfer"] = ask_transfer(others[1], by=clerk, target=a_unit(a_unit(village.county)), reason="搬家",
                                    seen_version=others[1].version)  # fmt: skip
    made["merge"] = merge_files(others[2], others[3], by=clerk, seen_versions=(others[2].version, others[3].version))
    made["unordered"], made["returned"] = others[2], a_visit(others[2], by=director)
    VISIT.apply("return", made["returned"], by=clerk, seen_version=made["returned"].version, reason="请补充")
    stay = a_stay(others[4], by=clerk)
    made["ended"] = end_stay(stay, by=clerk, seen_version=stay.version, reason="回家了")
    add_photos(visit, check_photos([an_upload(size=(60, 40))]))
    made["photo"] = visit.photos.get()
    made["phone"] = SyncPhone.objects.create(post=director, device=f"phone-{number}", app="1")
    (made["check"],) = draw_checks(clerk, timezone.localdate().replace(day=1))[:1]
    made["request"] = ask_post(
        by=a_post(village.county, "city_admin"),
        unit=village.county,
        role="auditor",
        username=f"asked{number}",
        name="周敏",
    ).request
    made["order"], made["left"] = an_order_to_come(village), a_closed_village(village.township, name)
    made |= {"ledger": a_submission(village), "amended": an_amendment(village), "snapshot": a_snapshot(village)}
    made["period"] = made["ledger"].period
    made["data_request"] = a_data_request(village.township, title=f"{name}要数")
    made["data_answer"] = the_answer(made["data_request"], village)
    made["instrument"] = an_instrument(village.county)
    a_try_out(made["instrument"])
    made["instrument_draft"] = an_instrument(village.county, state="draft")
    made["own_ledger"] = save_template(by=a_post(village.county), title="走访台账", columns=["registered"])
    return made | handed_over(file, director) | {"publicity_photo": a_shown_activity(director)}


def an_order_to_come(village):
    """A village that is to get another name."""
    day = timezone.localdate() + datetime.timedelta(days=20)
    admin = a_post(village.county, "city_admin")
    parts, said = [Part(village, name="新名")], {"effective_on": day, "document": "郑政〔2031〕1号"}
    return order_reorganisation(by=admin, kind="rename", parts=parts, **said)


def a_closed_village(township, name):
    """One of whose children nobody has said yet where it belongs now."""
    left = a_unit(township)
    a_file(left, name=name, by=a_post(left), id_number="")
    OrgUnit.objects.filter(pk=left.pk).update(valid_to=timezone.localdate())
    return left


def handed_over(file, director) -> dict:
    """A visit and a photo that came from a phone after the child had gone."""
    picture = {"data": base64.b64encode(an_upload(size=(60, 40)).read()).decode()}
    made = {}
    for name, kind, payload in (("handed", "visit", {"child": str(file.pk)}), ("handed_photo", "photo", picture)):
        item = SyncItem(
            pk=uuid.uuid4(), person=director.person, post=director, device="phone-1", app="1", kind=kind,
            hash="0" * 64, verdict="gone", receipt="3F2K", made_at=timezone.now(), payload=json.dumps(payload),
        )  # fmt: skip
        item.place(file)
        item.save(force_insert=True)
        made[name] = item
    return made


def a_shown_activity(director):
    answers = {
        "held_on": timezone.localdate(),
        "where": "村委会",
        "topic": "防溺水",
        "audience": ["children"],
        "people": 30,
    }
    return log_publicity(by=director, answers=answers, photos=[an_upload(size=(60, 40))]).photos.get()


def of_ones_own(post) -> dict:
    """What belongs to a post alone."""
    said = {"title": "表", "post": post, "due_at": timezone.now(), "params": {"unit": str(post.unit.uid)}}
    kinds = {"export": "export_summary", "recount": "rollup"}
    jobs = {name: Job.objects.create(kind=kind, **said) for name, kind in kinds.items()}
    told = Message.objects.create(kind="file_returned", key="1", recipient=post, record=uuid.uuid4())
    return jobs | {"view": SavedView.objects.create(name="名单", made_in=post, unit=post.unit), "message": told}


@pytest.fixture(scope="module")
def world(shared_world, tmp_path_factory):
    """Two counties of one city, everything at both; everybody in place. Built once; what is written is taken back."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        city = a_city()
        here, there = (a_place(city, name, number) for number, name in enumerate(("欧阳此处", "司马彼处"), 1))
        posts = {
            role: a_post(city if tier == "city" else getattr(here["village"], tier), role)
            for role, tier in ROLES.items()
        }
        there |= of_ones_own(there["post"])
        mine = {role: of_ones_own(post) for role, post in posts.items()}
        yield {"here": here, "there": there, "posts": posts, "mine": mine}


def record_of(name: str | None) -> str:
    """Which record's key the address takes."""
    fitting = [start for start in RECORDS if (name or "").startswith(start)]
    return RECORDS[max(fitting, key=len)] if fitting else "file"


# the one that an address with several takes here, where it is not to approve
ACTIONS_OF = {
    "transfer-answer": "accept", "amendment-move": "open_amendment", "request-move": "close",
    "request-answer-move": "take_back", "need-move": "move_due",
}  # fmt: skip


def address(path: str, record: dict, name: str | None, *, kind="file", action="approve") -> str | None:
    """The pattern with the record's keys filled in."""
    village, key = record["village"], record_of(name)
    assert key in record, f"{path}: a_place has to make a {key!r}, whose key RECORDS gives this address"
    chosen = record[key]
    if key == "submitted" and kind != "file":
        assert kind in record, f"a_place has to make a {kind!r} that waits for review"
        chosen = record[kind]
    uid = chosen.uid if record_of(name) in ("post", "county", "left") else village.uid
    action = ACTIONS_OF.get(name or "", action)
    filled = path
    for token, value in {
        "<uuid:pk>": chosen.pk, "<int:pk>": chosen.pk, "<uuid:uid>": uid, "<uuid:unit>": uid,
        "<slug:kind>": kind, "(?P<kind>[^/.]+)": kind, "<slug:action>": action,
        "<slug:indicator>": "registered", "<slug:page>": "today",
        "(?P<hash>[0-9a-f]{64})": record["snapshot"].hash,
        "<uuid:series>": record["own_ledger"].series, "(?P<series>[0-9a-f-]{36})": record["own_ledger"].series,
        "(?P<uid>[^/.]+)": uid, "<uuid:paper>": record["paper"].pk, "<uuid:goal>": record["goal"].pk,
         "(?P<child>[^/.]+)": record["file"].pk,
        "(?P<id>[^/.]+)": uid if name and "unit" in name and record_of(name) != "order" else chosen.pk,
        "(?P<id>[0-9]+)": chosen.pk,
        "<slug:section>": "screen", "<int:n>": 0, "<int:m>": 0,
    }.items():  # fmt: skip
        filled = filled.replace(token, str(value))
    filled = filled.removeprefix("^").replace("$", "").replace("^", "").replace("\\.", ".")
    return None if "<" in filled or "(" in filled else "/" + filled


# what pages and API read of a body, so that nothing but the place can refuse it; versions are the records' own
SAID = {
    "reason": "搬家", "note": "去外地", "field": "id_number", "role": "village_director", "name": "刘雨欣",
    "username": "liu-yuxin", "document": "测民〔2026〕1号", "decision": "agree", "call": "made", "kind": "checked",
    "text": "已到场", "ground": "other", "categories": "left_behind", "verdict": "done",
}  # fmt: skip
SAID_TO = {
    "api-change-amend": {"fields": {"address": "六组"}},
    "api-review-decide": {"action": "return"},
}  # of which every other action reads something else


def body(name: str | None, record: dict) -> dict:
    """A form that fits as many pages as can be."""
    day = timezone.localdate().isoformat()
    said = SAID | dict.fromkeys(("on", "since", "until", "due_on", "visited_on", "held_on", "notified_on"), day)
    said |= {"version": getattr(record[record_of(name)], "version", 1), **SAID_TO.get(name, {})}
    said |= {"village": str(record["village"].uid)}
    return said | {"child": str(record["file"].pk), "called_at": timezone.now().isoformat()}


class Asking:
    """One role before the pages and the API of the world. ``wrong`` names each cell that is not as the table has it."""

    def __init__(self, client, world, role):
        client.raise_request_exception = False
        self.client, self.role, self.wrong = client, role, []
        self.here, self.there = world["here"] | world["mine"][role], world["there"]
        self.rows_there = rows_of(self.there)
        self.before = as_they_lie(self.rows_there)
        self.post = Appointment.objects.with_unit().get(pk=world["posts"][role].pk)
        sign_in(client, self.post)

    def cell(self, method, path, name, allowed: bool, as_json: bool = False, **filled):
        """The role at its own record, and at the neighbour's."""
        here, there = (address(path, record, name, **filled) for record in (self.here, self.there))
        assert here, f"{path}: the matrix does not know how to fill it in"
        what = f"{self.role}: {method} {name or here}"
        if method == "post" and path.endswith(".pdf"):
            return  # typeset as for get: nothing is read of a body
        own = self._send(method, here, self.here, name, as_json)
        if own.status_code == 405:  # nobody's way to the page: another test sees that it takes one
            self._expect(method != "get", what, "takes only a form: say so by require_POST")
            return
        if not allowed:
            self._expect(own.status_code == 403, what, f"answers {own.status_code} to who may not")
            self._expect(self.here["file"].name not in own.text, what, "names the child to who may not")
            return
        self._expect(own.status_code < 500, what, f"answers {own.status_code}")
        if here != there and (self.post.unit.level > 1 or record_of(name) in OF_ONES_OWN):
            self._beyond(method, there, name, what, as_json)

    def reaches(self, path, name) -> bool:
        """Whether the page shows the role something of its own, or takes it."""
        here = address(path, self.here, name)
        return any(
            self._send(method, here, self.here, name, as_json=False).status_code not in (404, 405) for method in METHODS
        )

    def leaves(self, reads: Reads, path, name) -> bool:
        """Whether the trail says by a declared act that the role read its own record."""
        with transaction.atomic():
            last = Audit.objects.order_by("-pk").values_list("pk", flat=True).first()
            where = address(path, self.here, name) + ABOUT_A_CHILD.get(name, "").format(self.here["file"].pk)
            if name == "search":
                search_for(self.client, where, {"q": "x"})  # without a word it shows nothing
            elif name.endswith("-search"):
                self.client.post(where, {"search": "x"})
            else:
                self.client.get(where)
            left = Audit.objects.filter(pk__gt=last, post=self.post, action__in=list(reads.acts)).exists()
            transaction.set_rollback(True)
        return left

    def _beyond(self, method, there, name, what, as_json):
        """The neighbour's record is withheld, stays as it is and is not named. 405 or a complaint about the body is no
        refusal: it says nothing of whose the record is."""
        with transaction.atomic():
            beyond = self._send(method, there, self.there, name, as_json, keep=True)
            self._expect(
                method == "get" or as_they_lie(self.rows_there) == self.before, what, "writes to the next county"
            )
            if beyond.status_code in (403, 404) and (child := child_at(there, self.there)):
                about = Q(record__endswith=f":{child}") | Q(data__contains=child)
                refused = Audit.objects.filter(about, action="refused", post=self.post)
                self._expect(refused.exists(), what, "leaves no trace of the refusal under the child")
            transaction.set_rollback(True)
        withheld = (302, 403, 404) if name in LED_AWAY else (403, 404)
        self._expect(beyond.status_code in withheld, what, f"answers {beyond.status_code} to the next county")
        self._expect(self.there["file"].name not in beyond.text, what, "names the child to the next county")

    def _send(self, method, where, record, name, as_json, keep=False):
        """What was written is taken back."""
        more = {"content_type": "application/json"} if as_json else {}
        sent = () if method == "get" else (body(name, record),)
        with transaction.atomic():
            answer = getattr(self.client, method)(where, *sent, **(more if sent else {}))
            transaction.set_rollback(not keep)
        return answer

    def _expect(self, right: bool, what: str, said: str):
        if not right:
            self.wrong.append(f"{what} {said}")


def child_at(where: str, record: dict) -> str | None:
    """The key of the child whose record the address names, if it names one."""
    for row in record.values():
        if isinstance(row.pk, uuid.UUID) and str(row.pk) in where:
            visit = getattr(row, "visit", row)  # a photo, a spot check
            child = row if isinstance(row, ChildFile) else getattr(row, "survivor", getattr(visit, "child", None))
            key = child.pk if child else getattr(row, "child_id", None)  # of what a phone sent
            return str(key) if key else None
    return None


def rows_of(record: dict) -> tuple[str, list]:
    """One statement, with its parameters, that asks for each row of a record: made once, asked after every act."""
    asked = [type(row)._base_manager.filter(pk=row.pk).query.sql_with_params() for row in record.values()]
    texts = ", ".join(f"(SELECT one::text FROM ({statement}) one)" for statement, _parameters in asked)
    return f"SELECT {texts}", [value for _statement, parameters in asked for value in parameters]


def as_they_lie(rows: tuple[str, list]) -> tuple:
    """The rows in the database itself, each as its text."""
    with connection.cursor() as cursor:
        cursor.execute(*rows)
        return cursor.fetchone()


OF_ONES_OWN = {"export", "recount", "view", "message"}
METHODS = ("get", "post")
GUARDED = [(path, name, view) for path, name, view in PAGES if name not in FOREIGN]
GUARDED = [row for row in GUARDED if not set(row[2].permissions) & {PUBLIC, SIGNED_IN}]
KINDS = dict.fromkeys(("review-decide", "review-case", "api-review-case", "api-review-decide"), tuple(REVIEW_KINDS))


@pytest.fixture
def no_typesetting(monkeypatch):
    """A form on A4 takes seconds and says nothing more of who may have it."""
    for module in ("registry.printing.views", "visits.schedule.views.plan"):
        monkeypatch.setattr(f"{module}.as_pdf", lambda sheet: b"%PDF")


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_typesetting", "no_frame")
@pytest.mark.parametrize("role", ROLES)
def test_no_page_opens_beyond_the_table(client, world, role):
    asking = Asking(client, world, role)
    for path, name, view in GUARDED:
        for method in METHODS[takes_only_post(view) :]:
            for kind in KINDS.get(name, ("file",)):
                action = REVIEW_KINDS[kind].passing
                asking.cell(method, path, name, bool(set(view.permissions) & MATRIX[role]), kind=kind, action=action)
    assert not asking.wrong, "\n".join(asking.wrong)


API_CELLS = [
    (path, name, view, method, action)
    for path, name, view in API
    for method, action in (getattr(view, "actions", None) or {}).items()
]


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_drawing")
@pytest.mark.parametrize("role", ROLES)
def test_no_api_action_answers_beyond_the_table(client, world, role):
    asking = Asking(client, world, role)
    for path, name, view, method, action in API_CELLS:
        names = view.cls.permissions[action]
        allowed = bool(set([names] if isinstance(names, str) else names) & (MATRIX[role] | {SIGNED_IN}))
        for kind in KINDS.get(name, ("file",)):
            asking.cell(method, path, name, allowed, as_json=True, kind=kind)
    assert not asking.wrong, "\n".join(asking.wrong)


INVALID = ({}, [], {"version": "x", "fields": 1, "kind": [], "village": "x", "reason": None})


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_an_invalid_body_does_not_ask_the_api_about_a_neighbours_record(client, world, role):
    """The record first, then the body: 400 for one that is not there to the reader would say that it might be."""
    asking, wrong = Asking(client, world, role), []
    for path, name, view, method, action in API_CELLS:
        names = view.cls.permissions[action]
        allowed = set([names] if isinstance(names, str) else names) & MATRIX[role]
        for kind in KINDS.get(name, ("file",)):
            there = address(path, asking.there, name, kind=kind)
            apart = there != address(path, asking.here, name, kind=kind) and asking.post.unit.level > 1
            if method == "get" or not (allowed and apart):
                continue
            for body in INVALID:
                answer = getattr(client, method)(there, body, content_type="application/json")
                if answer.status_code not in (403, 404):
                    wrong.append(f"{role}: {method} {there} {body} answers {answer.status_code} to the next county")
    assert not wrong, "\n".join(wrong)


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_typesetting", "no_frame")
def test_what_only_takes_a_form_says_so_and_leads_on(client, world):
    """By what is typed into the address bar: words and a page that opens; by HEAD and OPTIONS as HTTP has it."""
    left, wrong, found = dict.fromkeys(name for _path, name, _view in SHOWING), [], []
    # any other that takes only a form is found where no page opens beyond the table
    rows = [row for row in SHOWING if takes_only_post(row[2]) or SIGNED_IN in getattr(row[2], "permissions", ())]
    for role in ROLES:
        asking = Asking(client, world, role)
        for path, name, view in rows:
            if name not in left or not set(view.permissions) & (MATRIX[role] | {SIGNED_IN}):
                continue
            here = address(path, asking.here, name)
            typed = client.get(here)
            if typed.status_code == 404:
                continue  # another role sees the record
            del left[name]
            if typed.status_code != 405:
                continue
            found.append(name)
            ways = re.findall(r'class="btn btn-sm[^"]*" href="([^"]+)"', typed.text)
            onward = client.get(ways[0], follow=True) if ways else typed
            words = "这个地址只接收表格里提交的内容" in typed.text
            above = onward.status_code == 200 and (name == "sign-out" or ways[0] != "/") and "</h1>" in onward.text
            head, options = client.head(here), client.options(here)
            plain = (head.status_code, head.content, head["Allow"]) == (405, b"", "POST")
            plain &= (options.status_code, options.content, options["Allow"]) == (204, b"", "POST, OPTIONS")
            if not (words and above and plain):
                wrong.append(f"{name} as {role}: {ways} answers {onward.status_code}, {head}, {options}")
    assert len(found) > 25 and not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_a_neighbours_record_is_not_led_to(client, world):
    """The list above it is, and asking whether the record opens leaves nothing in the trail."""
    asking, before = Asking(client, world, "township_clerk"), Audit.objects.count()
    for name, above in {"alert-call": "alert-list", "child-submit": "child-list"}.items():
        (path,) = [path for path, at, _view in PAGES if at == name]
        for record, way in ((asking.here, address(path, asking.here, name).rpartition("/")[0].rpartition("/")[0] + "/"),
                            (asking.there, reverse(above))):  # fmt: skip
            assert f'btn-primary" href="{way}"' in client.get(address(path, record, name)).text
    assert Audit.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "方法"), ("en", "not allowed")])
def test_the_api_says_405_in_json_in_the_reader_s_language(client, world, language, words):
    sign_in(client, world["posts"]["township_clerk"])
    client.cookies["django_language"] = language
    answer = client.put("/api/v1/children/", {}, content_type="application/json")
    assert answer.status_code == 405 and words in answer.json()["detail"]


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_drawing")
def test_no_cell_is_empty(client, world):
    """A neighbour's record that is not found proves nothing where nobody finds the own one either."""
    left = {name: (path, view) for path, name, view in GUARDED if not path.endswith(".pdf")}
    for role in ROLES:
        asking = Asking(client, world, role)
        for name, (path, view) in list(left.items()):
            if set(view.permissions) & MATRIX[role] and asking.reaches(path, name):
                del left[name]
    assert not left, f"nobody reaches {', '.join(left)}"


SHOWING = [
    (path, name, view) for path, name, view in PAGES if not set(getattr(view, "permissions", [PUBLIC])) & {PUBLIC}
]


@pytest.mark.django_db
def test_without_signing_in_every_page_leads_to_the_sign_in_page(client, world):
    wrong, here = [], world["here"] | world["mine"]["city_officer"]
    for path, name, _view in SHOWING:
        for method in METHODS:
            answer = getattr(client, method)(address(path, here, name))
            if answer.status_code != 302 or not answer.url.startswith("/accounts/login/"):
                wrong.append(f"{method} {path} answers {answer.status_code}")
    assert len(SHOWING) > 100 and not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_without_a_token_the_api_answers_401(client, world):
    wrong, here = [], world["here"] | world["mine"]["city_officer"]
    for path, name, view in API:
        if view.cls.permissions.get("post") == PUBLIC:
            continue
        for method in list(getattr(view, "actions", None) or ("get",)):
            answer = getattr(client, method)(address(path, here, name), content_type="application/json")
            if answer.status_code != 401:
                wrong.append(f"{method} {path} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_drawing")
@pytest.mark.parametrize("way", ["session", "token"])
def test_with_a_password_that_others_set_every_way_in_is_closed_but_changing_it(client, world, way):
    post, wrong, here = fresh(world["posts"]["township_clerk"]), [], world["here"] | world["mine"]["township_clerk"]
    ask = {"HTTP_AUTHORIZATION": f"Token {ApiToken.objects.issue(post)}"} if way == "token" else {}
    Person.objects.filter(pk=post.person_id).update(must_change_password=True)
    if way == "session":
        sign_in(client, post)
        for path, name, _view in SHOWING:
            answer = client.get(address(path, here, name))
            if name not in ("password", "sign-out") and getattr(answer, "url", "") != "/accounts/password/":
                wrong.append(f"get {path} answers {answer.status_code}")
    for path, name, view in API:
        if view.cls.permissions.get("post") == PUBLIC:
            continue
        for method in list(getattr(view, "actions", None) or ("get",)):
            answer = getattr(client, method)(address(path, here, name), content_type="application/json", **ask)
            if answer.status_code != 403:
                wrong.append(f"{method} {path} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert "请先在网页登录并修改初始密码" in client.get("/api/v1/children/", **ask).json()["detail"]


@pytest.mark.django_db
def test_no_panel_of_a_childs_page_shows_itself_without_a_permission(rf, world):
    """Each has something of one of these files for somebody of its county, and nothing for anybody of the next."""
    here, there = world["here"], world["there"]
    files = [*ChildFile.objects.filter(village=here["village"])]
    neighbours = [there["post"], a_post(there["village"].township), a_post(there["village"].county)]

    def shown(panel, post):
        request = rf.get("/")
        request.post = Appointment.objects.with_unit().get(pk=post.pk)
        return [file for file in files if panel(request, file) not in (None, Panel())]

    assert len(PANELS) > 7
    # what one did just now is taken back by oneself alone
    done = [here[name].events.last() for name in ("closed", "ended")]
    readers = [*world["posts"].values(), *(event.post for event in done)]
    # the world was built for the whole of this file, which may take longer than what was done can be taken back
    with time_machine.travel(max(event.at for event in done), tick=False):
        assert not [panel for panel in PANELS if not any(shown(panel, post) for post in readers)]
        assert not [panel for panel in PANELS if any(shown(panel, post) for post in neighbours)]


# --- what reading records


def takes_only_post(view) -> bool:
    """By its decorator: what such a page does, its service records."""
    while view:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods and "GET" not in methods:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def reading_views():
    """(path, name, what it declares) of each page and API action that answers GET, or a search."""
    for path, name, view in PAGES:
        if name not in FOREIGN and not takes_only_post(view):
            yield path, name, getattr(view, "reads", None)
    for path, name, view in API:
        actions = getattr(view, "actions", None) or {method: method for method in view.cls.permissions}
        reads = getattr(view.cls, "reads", {})
        if "get" in actions:
            yield path, name, reads.get(actions["get"])
        elif "search" in actions.values():
            yield path, name, reads.get("search")


READING = list(reading_views())
ABOUT_A_CHILD = {"child-new": "?sibling={}", "alert-new": "?child={}"}  # empty they show none
# what this world does not have: whose own tests see what they record
NOT_MADE_HERE = {
    "export-download": "an export that is done: test_exports.py",
    "api-export-download": "an export that is done: test_exports.py",
    "figure-csv": "figures that were counted: test_csv.py",
    "crossing": "cells that were chosen: test_page_and_api.py",
    "child-stay": "a child who stays nowhere yet: test_stay_pages_and_api.py",
}


def test_every_page_and_api_action_that_is_read_declares_what_that_records():
    """Those that don't: say reads= with an act of the trail, or ReadsNothing with the reason."""
    assert len(READING) > 100
    assert not [path for path, _name, reads in READING if reads is None]
    acts = {act for _path, _name, reads in READING if (one := as_reads(reads)) for act in one.acts}
    assert len(acts) > 20 and not acts - set(AUDIT_ACTS)
    assert not [path for path, _name, reads in READING if isinstance(reads, ReadsNothing) and len(reads.why) < 10]


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_typesetting", "no_frame")
def test_each_reading_is_in_the_trail_once_it_was_answered(client, world):
    recorded = {(path, name): as_reads(reads) for path, name, reads in READING if name not in NOT_MADE_HERE}
    left = {where: reads for where, reads in recorded.items() if reads}
    assert len(left) > 60
    for role in ROLES:
        asking = Asking(client, world, role)
        for path, name in list(left):
            if asking.leaves(left[path, name], path, name):
                del left[path, name]
    assert not left, "no role's reading is recorded: " + ", ".join(path for path, _name in left)
