"""Tables of moves are data; what a move does is declared beside them, once, and nothing is left without."""

import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.utils import timezone

from childwelfare.workflow.outcomes import Outcome
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.transitions import Transition, Workflow
from registry.changes.workflow import CHANGE
from registry.child.workflow import FILE, Leaving
from registry.closing.services import close_file
from registry.findings.workflow import FINDING
from registry.guidance.workflow import ENTRUSTMENT, End
from registry.stays.workflow import STAY
from registry.transfers.workflow import TRANSFER
from tests.builders import a_change, a_post, a_stay, an_approved_file, an_entrustment
from visits.alerts.workflow import ALERT
from visits.visit.workflow import VISIT

WORKFLOWS = {
    "file": FILE,
    "change": CHANGE,
    "visit": VISIT,
    "transfer": TRANSFER,
    "alert": ALERT,
    "finding": FINDING,
    "stay": STAY,
    "entrustment": ENTRUSTMENT,
}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_move_has_its_service_and_every_undoable_one_its_way_back(name):
    assert WORKFLOWS[name].undeclared() == set()


def test_a_service_for_no_move_or_for_one_that_has_its_own_is_a_mistake_of_the_code():
    workflow = Workflow(Transition("go", "去", ("here",), "there", "view_unit"), moves="tests.builders")
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


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_table_says_who_may_try(name):
    for action, move in WORKFLOWS[name].transitions.items():
        asked = WORKFLOWS[name].permissions(action)
        assert asked[:1] == ((move.permission,) if move.permission else ())
        assert len(asked) == bool(move.permission) + bool(move.instead)


def test_a_move_of_several_targets_without_an_outcome_is_undeclared():
    workflow = Workflow(Transition("go", "去", ("here",), ("there", "away"), "view_unit"), moves="tests.builders")
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
