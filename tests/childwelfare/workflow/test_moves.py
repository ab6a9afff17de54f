"""Tables of moves are data; what a move does is declared beside them, once, and nothing is left without."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from childwelfare.workflow.transitions import Transition, Workflow
from registry.child.workflow import FILE, Leaving
from registry.closing.services import close_file
from registry.transfers.workflow import TRANSFER
from tests.builders import an_approved_file
from visits.alerts.workflow import ALERT
from visits.visit.workflow import VISIT

WORKFLOWS = {"file": FILE, "visit": VISIT, "transfer": TRANSFER, "alert": ALERT}


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
        assert asked[0] == move.permission and len(asked) == (2 if move.instead else 1)
