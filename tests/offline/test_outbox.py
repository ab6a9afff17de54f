"""Whatever the line and the phone do, what was saved arrives, each once; the machine that says so finds mistakes."""

import base64
import json
import os

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.builders import a_post, a_village, an_approved_file, an_upload, sign_in
from tests.offline.machine import MISTAKES, BadLine, Outbox, PlainServer
from visits.models import Visit, VisitPhoto
from visits.receipt import receipt_of

RUNS = int(os.environ.get("OUTBOX_RUNS", "200"))  # of script and view together; 2000 before a release
QUICK = settings(
    max_examples=400, stateful_step_count=20, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
PICTURE = base64.b64encode(an_upload(size=(8, 8)).read()).decode()


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
    run_state_machine_as_test(machine(outbox(), PlainServer()), settings=settings(QUICK, max_examples=2000))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_script_is_found(outbox, mistake):
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(outbox(MISTAKES[mistake]), PlainServer()), settings=QUICK)


class View:
    """The real view behind the real address, one example a savepoint."""

    def __init__(self, client, director, child):
        self.client, self.child, self.director, self.arrivals = client, child, director, 0
        self.account = str(director.person.uid)

    def anew(self):
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
        said = {"nonce": serial, "child": str(self.child.pk), "visit": visit, "data": PICTURE}
        return json.dumps(said | {"post": str(self.director.uid)})

    def post(self, envelope: dict) -> dict:
        self.arrivals += len(envelope["items"])
        answer = self.client.post("/api/v1/sync/", json.dumps(envelope), content_type="application/json")
        return {"status": answer.status_code, "redirected": False, "body": answer.json()}

    def receipts(self) -> dict[str, str]:
        ours = Visit.objects.filter(child=self.child)
        photos = VisitPhoto.objects.filter(visit__in=ours).values_list("pk", flat=True)
        return {str(visit.pk): visit.receipt for visit in ours} | {str(pk): receipt_of(pk) for pk in photos}


@pytest.mark.both
@pytest.mark.django_db
def test_script_and_view_keep_it_together(outbox, client):
    director = a_post(a_village())
    child = an_approved_file(director.unit, by=director)
    sign_in(client, director)
    view = View(client, director, child)
    whole = settings(QUICK, max_examples=RUNS, stateful_step_count=12)
    run_state_machine_as_test(machine(outbox(), view), settings=whole)
    assert view.arrivals > RUNS
