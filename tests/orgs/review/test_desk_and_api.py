"""Desk and API are one: for every kind, role, state and writer they list the same, offer the same, do the same, and
refuse in the same words. A county decides by API what it decides on the page."""

import pytest
from django.contrib.messages import get_messages
from django.db import transaction

from orgs.audit.models import Audit
from orgs.posts.models import Appointment
from orgs.review import queue, views
from orgs.review.kinds import REVIEW_KINDS, UNDO
from orgs.workbench.unfinished import unfinished
from tests.builders import (
    a_change,
    a_city,
    a_plan,
    a_plan_of_high,
    a_post,
    a_submitted_file,
    a_unit,
    a_visit,
    an_approved_file,
    an_assessment,
    an_assessment_to_sign,
    sign_in,
)
from tests.roles import ROLES

STATES = ("submitted", "returned", "passed")
WRITERS = ("village", "station", "own")


# {kind: (village, by) → a record of it that waits for review}
BUILDERS = {
    "file": lambda village, by: a_submitted_file(village, by=by),
    "change": lambda village, by: a_change(an_approved_file(village), by=by, address="五组"),
    "visit": lambda village, by: a_visit(an_approved_file(village), by=by, hazards=["water"]),
    "assessment": lambda village, by: an_assessment(an_approved_file(village), by=by),
    "assessment_sign": lambda village, by: an_assessment_to_sign(an_approved_file(village), by=by),
    "plan": lambda village, by: a_plan(an_approved_file(village), by=by),
    "plan_high": lambda village, by: a_plan_of_high(an_approved_file(village), by=by),
}
OF_COUNTY = {"assessment_sign", "plan_high"}  # decided at the county alone


def test_every_kind_has_a_builder():
    missing = sorted(REVIEW_KINDS.keys() - BUILDERS)
    assert not missing, f"BUILDERS: how to make a record of {missing} that waits for review"


def made(kind: str, village, by=None):
    """A record of the kind, waiting for review, written by ``by``, else by the village's director."""
    assert kind in BUILDERS, f"BUILDERS: how to make a record of {kind!r} that waits for review"
    return BUILDERS[kind](village, by)


def judge_of(kind, station):
    """Who decides records of the kind: ``station``, or somebody of its county."""
    return a_post(station.unit.county) if kind.key in OF_COUNTY else station


def decide(kind, record, action: str, by):
    kind.apply(record, action, by=by, seen_version=record.version, reason="请补充", payload=None)


@pytest.fixture(scope="module")
def world(shared_world):
    """{(kind, state, writer): record} in one village, and a post of each role there. ``own``: by the clerk herself."""
    village = a_unit(a_unit(a_unit(a_city())))
    posts = {role: a_post(getattr(village, tier), role) for role, tier in ROLES.items()}
    writers = {"village": a_post(village), "station": a_post(village.township), "own": posts["township_clerk"]}
    judge, records = a_post(village.township), {}
    for key, kind in REVIEW_KINDS.items():
        for state in STATES:
            for name, writer in writers.items():
                record = records[key, state, name] = made(key, village, writer)
                if state != "submitted":
                    action = kind.returning if state == "returned" else kind.passing
                    decide(kind, record, action, judge_of(kind, judge))
    return {"records": records, "posts": posts}


class Reader:
    """One role before both. Everything that is written is taken back."""

    def __init__(self, client, world, role):
        self.client, self.records = client, world["records"]
        sign_in(client, Appointment.objects.with_unit().get(pk=world["posts"][role].pk))

    def listed_on_desk(self):
        page = self.client.get("/review/")
        if page.status_code != 200:
            return page.status_code
        return [(item.kind, str(item.pk), item.actions) for item in page.context["queue"]]

    def listed_by_api(self):
        answer = self.client.get("/api/v1/reviews/", {"page_size": 200})
        if answer.status_code != 200:
            return answer.status_code
        return [(row["kind"], row["id"], row["actions"]) for row in answer.json()["results"]]

    def read_on_desk(self, key, record):
        page = self.client.get(f"/review/{key}/{record.pk}/")
        if page.status_code == 200:
            return page.context["may_decide"]
        return 404 if page.status_code == 302 else page.status_code  # it leads back to the queue

    def read_by_api(self, key, record):
        answer = self.client.get(f"/api/v1/reviews/{key}/{record.pk}/")
        return bool(answer.json()["actions"]) if answer.status_code == 200 else answer.status_code

    def decide_on_desk(self, key, record, action, said):
        with transaction.atomic():
            page = self.client.post(f"/review/{key}/{record.pk}/{action}/", said)
            done = self._state_of(record)
            transaction.set_rollback(True)
        if page.status_code in (403, 404):
            return page.status_code
        if page.status_code == 302:
            *_before, said_last = get_messages(page.wsgi_request)
            return str(said_last) if said_last.level_tag == "error" else done
        return page.context["problem"]

    def decide_by_api(self, key, record, action, said):
        with transaction.atomic():
            body = said | {"action": action}
            where = f"/api/v1/reviews/{key}/{record.pk}/decide/"
            answer = self.client.post(where, body, content_type="application/json")
            done = self._state_of(record)
            transaction.set_rollback(True)
        if answer.status_code in (403, 404):
            return answer.status_code
        return done if answer.status_code == 200 else answer.json()["detail"]

    @staticmethod
    def _state_of(record):
        return type(record).objects.values_list("state", "version").get(pk=record.pk)


@pytest.fixture
def queues_read_once(monkeypatch):
    """Everything that is written is taken back: around the same case waits the same, whatever is tried on it. Reading
    that anew for each attempt was half of the work."""
    read = {}

    def queue_of(post, kind="", pk=None):
        if (post.pk, kind, pk) not in read:
            read[post.pk, kind, pk] = queue.queue_of(post, kind, pk)
        return list(read[post.pk, kind, pk])

    monkeypatch.setattr(views, "queue_of", queue_of)


COUNTY_MAY = (
    "a county gets 403 for what stands on its desk where a deciding move lacks it: instead=COUNTY_INSTEAD in the"
    " workflow.py of the kind, of both moves, or county_too=False in its review.py"
)


REVIEWERS = {"township_clerk", "county_officer"}  # nobody else has a desk


def attempts(kind, state: str, version: int):
    """(name, action, what is said with it). What is wrong with the words is asked where a decision is due."""
    right = {"version": version, "reason": "请补充"}
    yield "pass", kind.passing, right | {"reason": ""}
    yield "return", kind.returning, right
    yield "undo", UNDO, right | {"reason": ""}
    if state == "submitted":
        yield "return without a reason", kind.returning, right | {"reason": " "}
        yield "pass what was read before", kind.passing, right | {"version": version + 1}


@pytest.mark.exhaustive
@pytest.mark.django_db
@pytest.mark.usefixtures("no_drawing", "queues_read_once")
@pytest.mark.parametrize("role", ROLES)
def test_both_list_show_allow_and_refuse_the_same(client, world, role):
    reader, wrong, answers = Reader(client, world, role), [], set()
    assert reader.listed_on_desk() == reader.listed_by_api()
    for (key, state, writer), record in world["records"].items():
        if role not in REVIEWERS and (state, writer) != ("submitted", "village"):
            continue  # refused before anything is read
        kind, what = REVIEW_KINDS[key], f"{role}: {key} {state} by {writer}"
        pairs = {"read": (reader.read_on_desk(key, record), reader.read_by_api(key, record))}
        for name, action, said in attempts(kind, state, record.version):
            on_desk = reader.decide_on_desk(key, record, action, said)
            pairs[name] = (on_desk, reader.decide_by_api(key, record, action, said))
            answers.add(on_desk if isinstance(on_desk, int) else type(on_desk).__name__)
        wrong += [f"{what}: {name}: {both}" for name, both in pairs.items() if both[0] != both[1]]
    assert not wrong, "\n".join(wrong)
    # done, refused, not there
    assert answers == ({"tuple", "str", 404} if role in REVIEWERS else {403}), COUNTY_MAY


@pytest.mark.django_db
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("key", [key for key, kind in REVIEW_KINDS.items() if kind.county_too])
def test_the_county_decides_by_api_what_stations_wrote(client, world, key, writer):
    record, kind = world["records"][key, "submitted", writer], REVIEW_KINDS[key]
    sign_in(client, Appointment.objects.with_unit().get(pk=world["posts"]["county_officer"].pk))
    where = f"/api/v1/reviews/{key}/{record.pk}/"
    read = client.get(where)
    assert read.status_code == (404 if writer == "village" else 200)
    body = {"version": record.version, "action": kind.passing}
    done = client.post(where + "decide/", body, content_type="application/json")
    assert done.status_code != 403, f"{key}: {COUNTY_MAY}"
    if writer == "village":
        assert done.status_code == 404
        return
    assert read.json()["actions"] == [kind.passing, kind.returning], f"{key}: {COUNTY_MAY}"
    assert read.json()["record"]["id"] == str(record.pk)
    assert done.status_code == 200 and done.json()["state"] != "submitted"
    undone = client.post(
        where + "decide/", {"version": done.json()["version"], "action": UNDO}, content_type="application/json"
    )
    assert (undone.status_code, undone.json()["state"]) == (200, "submitted")


@pytest.mark.django_db
@pytest.mark.parametrize("key", list(REVIEW_KINDS))
def test_reading_a_case_leaves_the_same_trace(client, world, key):
    record, traces = world["records"][key, "submitted", "village"], []
    role = "county_officer" if key in OF_COUNTY else "township_clerk"
    sign_in(client, Appointment.objects.with_unit().get(pk=world["posts"][role].pk))
    for where in (f"/review/{key}/{record.pk}/", f"/api/v1/reviews/{key}/{record.pk}/"):
        before = set(Audit.objects.values_list("pk", flat=True))
        assert client.get(where).status_code == 200
        case = Audit.objects.exclude(pk__in=before).exclude(action="read_list")  # the queue beside it
        traces.append(list(case.values("action", "record", "unit", "data", "post")))
    assert traces[0] == traces[1] and [row["action"] for row in traces[0]] == [REVIEW_KINDS[key].reads]
    client.get("/api/v1/reviews/")
    assert [row.action for row in Audit.objects.order_by("-pk")[:1]] == ["read_list"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", list(REVIEW_KINDS))
def test_what_came_back_stands_on_its_directors_day(client, here, clerk, key):
    """She has no workbench: elsewhere she would never see it. It says since when and why, and opens."""
    director, kind = a_post(here), REVIEW_KINDS[key]
    record = made(key, here, director)
    decide(kind, record, kind.returning, judge_of(kind, clerk))
    shown = unfinished(Appointment.objects.with_unit().get(pk=director.pk))
    assert [row.pk for row in shown] == [record.pk], (
        f"what came back of {key!r}: an UnfinishedKind (orgs/workbench/unfinished.py), its `records` what is returned"
    )
    (row,) = shown
    mend = f"UnfinishedKind {row.kind!r}, in the workbench.py of its concept"
    assert row.at, f"{mend}: since when is read from the last arrival in the state 'returned'"
    assert row.title, f"{mend}: `title`"
    assert kind.name_of(record) in row.words and "请补充" in row.words, f"{mend}: `about`, `columns`: {row.words!r}"
    sign_in(client, director)
    assert client.get("/today/").status_code == 200, f"{mend}: /today/ does not show it"
    page = client.get(row.url)
    assert page.status_code == 200, f"{mend}: its director gets {page.status_code} at its `page`, {row.url}"


@pytest.mark.django_db
def test_by_api_a_change_is_decided_field_by_field_and_a_conflict_settled(client, here, clerk):
    file = an_approved_file(here, address="三组")
    change, rival = a_change(file, address="五组", grade="三年级"), a_change(file, address="九组")
    sign_in(client, clerk)

    def send(record, **said):
        where = f"/api/v1/reviews/change/{record.pk}/decide/"
        return client.post(where, {"action": "approve"} | said, content_type="application/json")

    part = send(change, version=1, fields=["address"])
    assert (part.status_code, part.json()["state"]) == (200, "submitted")
    verdicts = {line["name"]: line["verdict"] for line in part.json()["record"]["lines"]}
    assert verdicts == {"address": "approved", "grade": "pending"}
    assert send(rival, version=1).status_code == 409
    assert send(rival, version=1, settle={"address": "三组"}).status_code == 409  # not what the file says now
    settled = send(rival, version=1, settle={"address": "五组"})
    assert (settled.status_code, settled.json()["state"]) == (200, "decided")
    wrong = send(change, version=part.json()["version"], action="accept")
    assert wrong.status_code == 400 and "action" in wrong.json()


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["nothing/{pk}", "visit/{pk}", "file/x"])
def test_what_is_not_there_is_not_found(client, here, clerk, where):
    file = a_submitted_file(here)
    sign_in(client, clerk)
    address = f"/api/v1/reviews/{where.format(pk=file.pk)}/"
    assert client.get(address).status_code == 404
    assert client.post(address + "decide/", {}, content_type="application/json").status_code == 404


@pytest.mark.django_db
def test_a_desk_asks_few_questions(client, here, clerk, django_assert_max_num_queries):
    """However much waits. Three for who reads, one for the badges, two for the trace, one a kind and what it joins,
    one for what may be a file of the same child, one for the reasons that the station wrote last."""
    of_station = REVIEW_KINDS.keys() - OF_COUNTY
    for kind in of_station:
        for _ in range(4):
            made(kind, here)
    sign_in(client, clerk)
    first = {kind: next(item for item in _queue(client) if item.kind == kind) for kind in of_station}
    # of the kind's own case; of a file in the registry also whether care is entrusted by an agreement
    beyond_the_queue = {"file": 13, "change": 20, "visit": 16, "assessment": 16, "plan": 16}
    missing = sorted(of_station - beyond_the_queue.keys())
    assert not missing, f"beyond_the_queue: how many questions a case of {missing} costs besides one a kind"
    budgets = {kind: len(REVIEW_KINDS) + more for kind, more in beyond_the_queue.items()}
    for kind, item in first.items():
        client.get(item.url)
        with django_assert_max_num_queries(budgets[kind], info=f"A case of {kind!r}: `beyond_the_queue`."):
            assert client.get(item.url).status_code == 200
    with django_assert_max_num_queries(9 + len(REVIEW_KINDS)):  # two: that the queue was read; one: similar files
        assert client.get("/api/v1/reviews/").status_code == 200


def _queue(client):
    return client.get("/review/").context["queue"]
