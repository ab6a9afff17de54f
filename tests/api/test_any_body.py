"""Whatever the API's own description allows, and much that it does not: no operation answers with a fault (5xx).

Each operation is asked by a role that may, about records that are there: its examples first, then bodies and queries
that are made from the schema.
"""

import json
import re
import traceback
import uuid
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core import NOT_SET

from orgs.access.declarations import SIGNED_IN
from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment
from tests.builders import sign_in
from tests.depth import examples
from tests.test_matrix import API, ROLES, address, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.exhaustive

# "post /api/v1/…/": what is wrong there and waits to be mended; everything else must answer
KNOWN: dict[str, str] = {}
NOBODY = "00000000-0000-0000-0000-000000000000"  # in the examples, in the place of a key
EACH = settings(
    max_examples=examples(30), deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Operation:
    """One method of one address, for the first role that may."""

    def __init__(self, path, name, view, method, action):
        names = view.cls.permissions[action]
        names = {names} if isinstance(names, str) else set(names)
        self.role = next(role for role in ROLES if names & (MATRIX[role] | {SIGNED_IN}))
        self.path, self.name, self.method = path, name, method
        self.template = "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path).replace("^", "").replace("$", "")

    def __str__(self):
        return f"{self.method} {self.template}"


OPERATIONS = [
    Operation(path, name, view, method, action)
    for path, name, view in API
    for method, action in (getattr(view, "actions", None) or {}).items()
]


class Caller:
    """Sends as somebody and takes back what was written; ``faults``: what went wrong inside."""

    def __init__(self, client):
        client.raise_request_exception = False
        self.client, self.faults = client, []
        got_request_exception.connect(self._note)

    def _note(self, sender, **_signal):
        self.faults.append(traceback.format_exc().strip().splitlines()[-5:])

    def send(self, method, where, body=NOT_SET, query=None, form=False):
        self.faults.clear()
        if form and isinstance(body, dict):
            said = {"data": {name: _part(value) for name, value in body.items() if value is not None}}
        else:
            said = {
                "data": b"" if body is NOT_SET else json.dumps(body, default=str),
                "content_type": "application/json",
            }
        asked = urlencode({name: _plain(value) for name, value in (query or {}).items()}, doseq=True)
        with transaction.atomic():
            if form and isinstance(body, dict):
                answer = self.client.post(where, **said)
            else:
                answer = self.client.generic(method.upper(), where, QUERY_STRING=asked, **said)
            transaction.set_rollback(True)
        return answer


def _part(value):
    return SimpleUploadedFile("x.jpg", value, "image/jpeg") if isinstance(value, bytes) else _plain(value)


def _plain(value):
    return json.dumps(value, default=str) if isinstance(value, (dict, list)) else str(value)


@pytest.fixture
def caller(client):
    made = Caller(client)
    yield made
    got_request_exception.disconnect(made._note)


@pytest.fixture(scope="module")
def described(world, django_db_blocker):  # noqa: F811
    from django.test import Client

    with django_db_blocker.unblock():
        raw = sign_in(Client(), world["posts"]["city_officer"]).get("/api/schema/?format=json").json()
    return raw, schemathesis.openapi.from_dict(raw)


def examples_of(raw: dict, record: dict):
    """The bodies that the description shows, about records that are there."""
    keys = {"village": str(record["village"].uid), "child": str(record["file"].pk)}
    for content in raw.get("requestBody", {}).get("content", {}).values():
        for example in content.get("examples", {}).values():
            value = example["value"]
            if isinstance(value, dict):
                value = value | {name: key for name, key in keys.items() if value.get(name) == NOBODY}
            yield value


def faults_of(caller, operation, where, bodies, described) -> dict:
    """{the operation: what it answered to what}, of the last fault found; empty where there is none."""
    found = {}

    def judge(answer, said):
        if answer.status_code >= 500:
            found[str(operation)] = (answer.status_code, said, list(caller.faults))

    for body in bodies:
        judge(caller.send(operation.method, where, body), body)

    @EACH
    @given(case=described.as_strategy())
    def whatever(case):
        form = (case.media_type or "").startswith(("multipart", "application/x-www-form"))
        judge(caller.send(operation.method, where, case.body, case.query, form), (case.query, case.body))

    whatever()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted({operation.role for operation in OPERATIONS}))
def test_no_operation_answers_with_a_fault(caller, world, described, role):  # noqa: F811
    sign_in(caller.client, Appointment.objects.with_unit().get(pk=world["posts"][role].pk))
    raw, schema = described
    record, wrong = world["here"] | world["mine"][role], {}

    for operation in OPERATIONS:
        if operation.role == role and str(operation) not in KNOWN:
            where, told = address(operation.path, record, operation.name), raw["paths"][operation.template]
            bodies = list(examples_of(told[operation.method], record))
            wrong |= faults_of(caller, operation, where, bodies, schema[operation.template][operation.method])
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())


def test_the_examples_name_operations_that_are_there(described):
    raw, _schema = described
    assert {operation.template for operation in OPERATIONS} <= set(raw["paths"])
    assert set(KNOWN) <= {str(operation) for operation in OPERATIONS}
    assert any(list(examples_of(method, {"village": Keyed(), "file": Keyed()})) for path in raw["paths"].values()
               for method in path.values() if isinstance(method, dict))  # fmt: skip


class Keyed:
    uid = pk = uuid.UUID(int=1)
