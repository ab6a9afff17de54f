"""Whatever the line and the phone do, what was saved arrives, each once; the machine that says so finds mistakes."""

import base64
import io
import json
from functools import lru_cache

import pytest
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from PIL import Image

from orgs.posts.models import Appointment
from tests.builders import a_post, a_village, an_approved_file, sign_in
from tests.depth import examples
from tests.visits.offline.machine import MISTAKES, BadLine, Outbox, PlainServer
from visits.visit.models import Visit, VisitPhoto
from visits.visit.receipt import receipt_of

ADDRESS = "/api/v1/sync/"
PARTS = 4  # in which script and view run together, for as many processes
WHOLE = 2000  # runs of all parts on SQLite, which is quicker; a tenth on PostgreSQL
LEAST = 20  # runs of a part, so that enough arrives
QUICK = settings(
    max_examples=400, stateful_step_count=20, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def outbox():
    made = []

    def start(mistakes=()):
        made.append(Outbox(mistakes))
        return made[-1]

    yield start
    for one in made:
        one.close()


def machine(outbox, server):
    return type("Machine", (BadLine,), {"outbox": outbox, "server": server})


def test_the_script_keeps_the_promise_against_the_protocol(outbox):
    run_state_machine_as_test(machine(outbox(), PlainServer()), settings=settings(QUICK, max_examples=examples(WHOLE)))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_script_is_found(outbox, mistake):
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(outbox(MISTAKES[mistake]), PlainServer()), settings=QUICK)


class View:
    """The real view behind the real address, one example a savepoint. ``middleware``: reached through all of it, as
    from outside; else without, for it takes as long again as the view itself."""

    def __init__(self, client, director, child, middleware: bool):
        self.client, self.child, self.director, self.arrivals, self.runs = client, child, director, 0, 0
        self.account, self.send = str(director.person.uid), self._from_outside if middleware else self._at_the_view

    def anew(self):
        self.held, self.runs = None, self.runs + 1
        self.example = transaction.atomic()
        self.example.__enter__()

    def done(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def payload(self, serial: int) -> str:
        answers = {
            "visited_on": f"{timezone.localdate():%Y-%m-%d}", "method": "home", "outcome": "seen", "carer": "same",
            "care": "good", "living": "good", "attendance": "in_school", "health": "good", "mood": "cheerful",
            "hazards": [], "guardian_words": f"第{serial}次",
        }  # fmt: skip
        return json.dumps(
            {"nonce": "AA==", "child": str(self.child.pk), "post": str(self.director.uid)} | answers, ensure_ascii=False
        )

    def photo(self, serial: int, visit: str) -> str:
        said = {"nonce": serial, "child": str(self.child.pk), "visit": visit, "data": picture(serial)}
        return json.dumps(said | {"post": str(self.director.uid)})

    def post(self, envelope: dict) -> dict:
        self.arrivals, self.held = self.arrivals + len(envelope["items"]), None
        answer = self.send(json.dumps(envelope))
        return {"status": answer.status_code, "redirected": False, "body": json.loads(answer.content)}

    def _from_outside(self, body: str):
        return self.client.post(ADDRESS, body, content_type="application/json")

    def _at_the_view(self, body: str):
        request = RequestFactory().post(ADDRESS, body, content_type="application/json")
        request.post = Appointment.objects.with_unit().get(pk=self.director.pk)
        request.user = request.post.person
        request._dont_enforce_csrf_checks = True
        view, args, named = resolve(ADDRESS)
        return view(request, *args, **named).render()

    def receipts(self) -> dict[str, str]:
        """By visit and photo, as the database says; asked again after each arrival."""
        if self.held is None:
            visits = Visit.objects.filter(child=self.child).values_list("pk", flat=True)
            photos = VisitPhoto.objects.filter(visit__child=self.child).values_list("pk", flat=True)
            self.held = {str(key): receipt_of(key) for key in (*visits, *photos)}
        return self.held


@lru_cache
def picture(serial: int) -> str:
    """Each another one: the same twice is one photo."""
    content = io.BytesIO()
    Image.new("RGB", (16, 16), (serial * 24 % 256, serial // 10 * 24 % 256, 90)).save(content, "JPEG", quality=95)
    return base64.b64encode(content.getvalue()).decode()


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_script_and_view_keep_it_together(outbox, client, part):
    director = a_post(a_village())
    child = an_approved_file(director.unit, by=director)
    sign_in(client, director)
    view = View(client, director, child, middleware=part == 0)
    runs = max(LEAST, examples(WHOLE // PARTS if connection.vendor == "sqlite" else WHOLE // PARTS // 10))
    whole = settings(QUICK, max_examples=runs, stateful_step_count=12)
    run_state_machine_as_test(seed(part)(machine(outbox(), view)), settings=whole)
    assert view.runs >= runs and view.arrivals > runs
