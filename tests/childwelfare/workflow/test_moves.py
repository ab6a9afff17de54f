"""Tables of moves are data; what a move does is declared beside them, once, and nothing is left without."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils import timezone

from childwelfare.workflow.models import RETURNS
from childwelfare.workflow.outcomes import Outcome
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.tables import WORKFLOWS
from childwelfare.workflow.transitions import Transition, Workflow
from childwelfare.workflow.writers import WRITES
from orgs.review.kinds import REVIEW_KINDS
from registry.changes.workflow import CHANGE
from registry.child.workflow import FILE, Leaving
from registry.closing.services import close_file
from registry.guidance.workflow import ENTRUSTMENT, End
from registry.stays.workflow import STAY
from tests.builders import a_change, a_post, a_stay, an_approved_file, an_entrustment


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_every_move_has_its_service_and_every_undoable_one_its_way_back(name):
    assert WORKFLOWS[name].undeclared() == set()


def test_a_service_for_no_move_or_for_one_that_has_its_own_is_a_mistake_of_the_code():
    workflow = Workflow(Transition("go", "去", ("here",), "there", "view_unit"), model="", moves="tests.builders")
    workflow.effect("go")(lambda record, event, payload: None)
    for action in ("go", "stay"):
        with pytest.raises(ImproperlyConfigured, match=action):
            workflow.effect(action)(lambda record, event, payload: None)


@pytest.mark.django_db
def test_a_move_takes_what_it_declares_and_nothing_else(here, clerk):
    file = an_approved_file(here)
    with pytest.raises(TypeError):
        FILE.apply("close", file, by=clerk, seen_version=file.version, payload="moved")
    with pytest.raises(TypeError):
        FILE.apply("submit", file, by=clerk, seen_version=file.version, payload=Leaving(file.birth_date, "moved"))
    assert not hasattr(
        close_file(file, by=clerk, seen_version=file.version, on=timezone.localdate(), reason="moved"), "leaving"
    )


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_the_table_says_who_may_try(name):
    for action, move in WORKFLOWS[name].transitions.items():
        asked = WORKFLOWS[name].permissions(action)
        assert asked[:1] == ((move.permission,) if move.permission else ())
        assert len(asked) == bool(move.permission) + bool(move.instead)


def test_a_move_of_several_targets_without_an_outcome_is_undeclared():
    workflow = Workflow(
        Transition("go", "去", ("here",), ("there", "away"), "view_unit"), model="", moves="tests.builders"
    )
    workflow.effect("go")(lambda record, event, payload: None)
    assert workflow.undeclared() == {"go"}


@pytest.mark.django_db
def test_an_outcome_that_is_none_of_the_targets_is_a_mistake_of_the_code(here, clerk, monkeypatch):
    change = a_change(an_approved_file(here), address="五组")
    CHANGE.load()
    monkeypatch.setitem(CHANGE._outcomes, "approve", lambda record, attempt: Outcome(state="withdrawn"))
    with pytest.raises(TypeError, match="withdrawn"):
        CHANGE.apply("approve", change, by=clerk, seen_version=change.version)
    assert (change.state, change.version) == ("submitted", 1) and change.events.count() == 1


@pytest.mark.django_db
def test_a_move_of_nobody_is_made_by_no_button_and_follows_from_another_act(here, clerk):
    stay = a_stay(an_approved_file(here), since=timezone.localdate() + datetime.timedelta(days=3))
    with pytest.raises(PermissionDenied):
        STAY.apply("begin", stay, by=clerk, seen_version=stay.version)
    assert [move.action for move in STAY.open_to(clerk, stay)] == ["end"]
    with pytest.raises(Stale):
        STAY.follow("expire", stay, by=clerk)
    event = STAY.follow("begin", stay, by=clerk)
    assert (event.was, event.now, stay.version) == ("announced", "running", 2)


@pytest.mark.both
@pytest.mark.django_db
def test_a_state_that_the_database_works_out_is_the_one_that_the_table_names(here, clerk):
    file = an_approved_file(here)
    stay, agreement = a_stay(file, by=clerk), an_entrustment(file)
    assert (stay.state, type(agreement).objects.get().state) == ("running", "agreed")
    STAY.apply("end", stay, by=clerk, seen_version=stay.version, reason="已回家")
    by, ends = a_post(here), End(timezone.localdate())
    ENTRUSTMENT.apply("end", agreement, by=by, seen_version=agreement.version, reason="父母返乡", payload=ends)
    for record in (stay, agreement):
        held = type(record).objects.get()
        assert (held.state, held.version) == (record.state, record.version) == ("ended", 2)
        assert [event.now for event in record.events.all()][-1] == "ended"


CHECKED = Transition("check", "核对", ("sent",), "checked", "approve_change", decides=True)


@pytest.mark.parametrize(
    "move",
    [
        Transition("send_again", "重报", ("returned",), "sent", "propose_change"),
        Transition("add", "补充", ("returned",), "returned", "propose_change", payload=dict),
    ],
)
def test_a_move_that_may_write_what_is_decided_says_whether_it_does(move):
    with pytest.raises(ImproperlyConfigured, match=f"{move.action}.*writes=True"):
        Workflow(CHECKED, move, model="", moves="tests.builders")
    for said in (True, False):
        Workflow(CHECKED, replace(move, writes=said), model="", moves="tests.builders")


@pytest.fixture
def as_before():
    """The tables that a test adds are gone after it."""
    before = dict(WORKFLOWS)
    yield
    WORKFLOWS.clear()
    WORKFLOWS.update(before)


def test_which_moves_write_is_not_asked_before_all_tables_are_there(monkeypatch):
    """A query that a module puts together would keep what there was then."""
    monkeypatch.setattr(WORKFLOWS, "complete", False)
    with pytest.raises(ImproperlyConfigured, match="before every workflow.py"):
        list(RETURNS)


def test_which_moves_write_and_send_back_is_read_in_the_tables(as_before):
    assert "send_again" not in WRITES and "hand_back" not in RETURNS
    moves = (
        Transition("send_again", "重报", ("returned",), "sent", "propose_change", writes=True),
        Transition("hand_back", "退回", ("sent",), "returned", "approve_change", decides=True, returns=True),
    )
    Workflow(*moves, model="registry.NoSuchRecord", moves="tests.builders")
    assert "send_again" in WRITES and list(RETURNS).count("hand_back") == 1
    with pytest.raises(ImproperlyConfigured, match="NoSuchRecord has a table"):
        Workflow(*moves, model="registry.NoSuchRecord", moves="tests.builders")
    with pytest.raises(ImproperlyConfigured, match="'send_again' says writes=False, that of registry.NoSuchRecord"):
        Workflow(replace(moves[0], writes=False), model="registry.NoSuchRecordEither", moves="tests.builders")


def test_what_the_desk_returns_by_is_a_move_that_returns():
    """Else who completes it reads no reason, and finds it nowhere."""
    tables_of = {kind.key: WORKFLOWS[kind.model._meta.label].transitions for kind in REVIEW_KINDS.values()}
    silent = [key for key, moves in tables_of.items() if not moves[REVIEW_KINDS[key].returning].returns]
    assert not silent, f"say returns=True of the returning move of {silent}"
