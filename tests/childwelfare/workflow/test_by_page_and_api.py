"""What the tables say is what page and API do: a move of each workflow that has no queue, allowed and refused. Those of
the review desk: test_writers.py."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from registry.transfers.services import ask_transfer
from tests.builders import (
    a_change,
    a_finding,
    a_post,
    a_stay,
    a_submitted_file,
    a_unit,
    a_visit,
    an_alert,
    an_approved_file,
    an_entrustment,
    sign_in,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Move:
    """One move at the addresses ``page`` and ``api`` (blank where there is none), and the state where it ends.

    ``allowed``, ``refused``: at which tier of the village sits who makes it, and who may not; "made" is who wrote the
    record. ``says``: what is sent besides the version.
    """

    page: str
    api: str
    done: str
    allowed: str
    refused: str
    says: dict | None = None


MOVES = {
    "transfer": Move(
        "/transfers/{pk}/withdraw/", "/api/v1/transfers/{pk}/withdraw/", "withdrawn", "township", "village"
    ),
    "alert": Move(
        "/alerts/{pk}/acknowledge/", "/api/v1/alerts/{pk}/acknowledge/", "handled", "township", "village"
    ),
    "stay": Move("/stays/{pk}/end/", "/api/v1/stays/{pk}/end/", "ended", "township", "county", {"reason": "已回家"}),
    "entrustment": Move(
        "/entrustments/{pk}/end/", "/api/v1/entrustments/{pk}/end/", "ended", "village", "county",
        {"on": "today", "reason": "父母返乡"},
    ),
    "change": Move("/changes/{pk}/withdraw/", "/api/v1/changes/{pk}/withdraw/", "withdrawn", "made", "township"),
    "visit": Move("/visits/{pk}/recall/", "/api/v1/visits/{pk}/recall/", "returned", "made", "township"),
    "file": Move("/children/{pk}/recall/", "/api/v1/children/{pk}/recall/", "returned", "made", "township"),
    "finding": Move(
        "/eligibility/findings/{pk}/", "", "decided", "county", "village", {"decision": "keep", "reason": "已核实"}
    ),
}  # fmt: skip


@pytest.fixture
def made(here):
    """The director who wrote what is written."""
    return a_post(here)


@pytest.fixture
def record(request, here, made):
    return RECORDS[request.getfixturevalue("kind")](an_approved_file(here), made)


RECORDS = {
    "transfer": lambda file, made: ask_transfer(
        file, by=a_post(file.township), target=a_unit(a_unit(file.county)), reason="搬家", seen_version=file.version
    ),
    "alert": lambda file, made: an_alert(file=file, by=made),
    "stay": lambda file, made: a_stay(file, a_unit(a_unit(file.county)), days=3),
    "entrustment": lambda file, made: an_entrustment(file, by=made),
    "change": lambda file, made: a_change(file, by=made, address="五组"),
    "visit": lambda file, made: a_visit(file, by=made),
    "file": lambda file, made: a_submitted_file(file.village, by=made),
    "finding": lambda file, made: a_finding(file),
}


def who(name: str, here, made):
    return made if name == "made" else a_post(getattr(here, name))


def said(move: Move, record) -> dict:
    sent = {"version": record.version} | (move.says or {})
    return {name: str(timezone.localdate()) if value == "today" else value for name, value in sent.items()}


@pytest.mark.parametrize("kind", MOVES)
def test_by_page(client, here, made, record, kind):
    move = MOVES[kind]
    sign_in(client, who(move.refused, here, made))
    answer = client.post(move.page.format(pk=record.pk), said(move, record))
    record.refresh_from_db()
    assert answer.status_code in (403, 404, 422) and record.state != move.done
    sign_in(client, who(move.allowed, here, made))
    answer = client.post(move.page.format(pk=record.pk), said(move, record))
    record.refresh_from_db()
    assert answer.status_code == 302 and record.state == move.done
    assert record.events.last().now == move.done


@pytest.mark.parametrize("kind", [kind for kind, move in MOVES.items() if move.api])
def test_by_api(client, here, made, record, kind):
    move = MOVES[kind]
    address = move.api.format(pk=record.pk)
    sign_in(client, who(move.refused, here, made))
    answer = client.post(address, said(move, record), content_type="application/json")
    record.refresh_from_db()
    assert answer.status_code in (403, 404) and record.state != move.done
    sign_in(client, who(move.allowed, here, made))
    sent = said(move, record)
    stale = client.post(address, sent | {"version": record.version + 5}, content_type="application/json")
    assert stale.status_code == 409
    answer = client.post(address, sent, content_type="application/json")
    record.refresh_from_db()
    assert answer.status_code == 200 and record.state == move.done
    again = client.post(address, sent | {"version": record.version}, content_type="application/json")
    assert again.status_code == 409
