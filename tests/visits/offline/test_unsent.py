"""What the header of the offline screens counts."""

import pytest

from tests.visits.offline.machine import Outbox


@pytest.fixture
def outbox():
    made = Outbox()
    yield made
    made.close()


def row(key, kind="visit", state="saved", after=None):
    return {"id": key, "kind": kind, "state": state, "after": after}


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([row("a"), row("b", "photo", after="a"), row("c", "photo", after="a")], 1),
        ([row("a", state="sent"), row("b", "photo", after="a"), row("c", "photo", after="a")], 1),
        ([row("a"), row("b", "photo", after="a"), row("d"), row("e", "alert")], 3),
        ([row("a", state="sent"), row("b", "photo", "sent", after="a")], 0),
    ],
)
def test_a_visit_and_its_photos_are_one(outbox, rows, count):
    assert outbox("count", rows=rows) == count
