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


@pytest.mark.parametrize(
    ("rows", "state", "photos"),
    [
        ([row("a"), row("b", "photo", after="a")], "saved", 0),
        ([row("a", state="sending")], "saved", 0),
        ([row("a", "alert", "sent"), row("z")], "sent", 0),
        ([row("a", state="sent"), row("b", "photo", after="a"), row("c", "photo", "sent", after="a")], "sent", 1),
        ([row("a", "correction", "conflict"), row("b", "photo", after="a")], "conflict", 0),
        ([row("a", state="sent"), row("b")], "saved", 0),
        ([row("a", state="sent"), row("b", state="refused")], "refused", 0),
    ],
)
def test_what_became_of_what_was_saved_together(outbox, rows, state, photos):
    """Words said at its saving stand until then, and no longer."""
    assert outbox("became", rows=rows, ids=["a", "b", "c"]) == {"state": state, "photos": photos}
