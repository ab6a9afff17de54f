"""What happened last to a record is what was done last, be the clock of the server that did it behind another's."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from childwelfare.workflow.history import without_undone
from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFileEvent
from registry.child.services.files import note_writer
from registry.child.workflow import FILE
from registry.merging.services.merge import merge_files
from registry.transfers.services import ask_transfer
from tests.builders import a_file, a_stay, a_submitted_file, a_unit, a_visit, an_alert, an_approved_file
from visits.visit.models import VisitEvent
from visits.visit.workflow import VISIT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
AHEAD = datetime.timedelta(minutes=5)


def told(visit) -> list[str]:
    return list(VisitEvent.objects.filter(record=visit).values_list("action", flat=True))


@pytest.mark.both
def test_a_move_by_a_clock_that_is_behind_is_still_the_last_move(here, director, clerk):
    with time_machine.travel(timezone.now() + AHEAD):
        visit = a_visit(an_approved_file(here), by=director)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请补充")
    assert told(visit) == ["log", "return"]
    sent, returned = VisitEvent.objects.filter(record=visit)
    assert returned.at >= sent.at, "it did not wait for less than nothing"


@pytest.mark.both
def test_what_a_clock_that_is_ahead_wrote_can_be_taken_back_by_one_that_is_behind(here, director, clerk):
    visit = a_visit(an_approved_file(here), by=director)
    with time_machine.travel(timezone.now() + AHEAD):
        VISIT.apply("accept", visit, by=clerk, seen_version=1)
    VISIT.undo(visit, by=clerk, seen_version=2)
    VISIT.apply("return", visit, by=clerk, seen_version=3, reason="请补充")
    assert told(visit) == ["log", "accept", "undo", "return"]


def test_who_wrote_in_a_draft_by_a_clock_that_is_behind_wrote_last(here, director, clerk):
    with time_machine.travel(timezone.now() + AHEAD):
        file = a_file(here, by=director)
    note_writer(file, clerk)
    assert list(ChildFileEvent.objects.filter(record=file).values_list("action", flat=True))[-1] == "complete"


def _stays(file, here, clerk):
    a_stay(file, by=clerk)


def _is_merged(file, here, clerk):
    other = an_approved_file(here, name=file.name, birth_date=file.birth_date, id_number="")
    merge_files(file, other, by=clerk, seen_versions=(file.version, other.version))


def _moves(file, here, clerk):
    ask_transfer(file, by=clerk, target=a_unit(here.township), reason="搬家", seen_version=file.version)


@pytest.mark.both
@pytest.mark.parametrize(("follows", "action"), [(_stays, "stay"), (_is_merged, "merge"), (_moves, "move")])
def test_an_approval_by_a_clock_that_is_ahead_is_not_taken_back_once_something_followed(here, clerk, follows, action):
    """Nobody moved the file by it, but it is what happened last."""
    file = a_submitted_file(here)
    with time_machine.travel(timezone.now() + AHEAD):
        FILE.apply("approve", file, by=clerk, seen_version=file.version)
    follows(file, here, clerk)
    file.refresh_from_db()
    assert file.events.last().action == action
    assert not FILE.may_undo(clerk, file)
    with pytest.raises(Refused, match="这一步不能撤销"):
        FILE.undo(file, by=clerk, seen_version=file.version)


@pytest.mark.both
def test_what_was_told_of_a_call_after_a_report_is_closed_by_a_clock_that_is_ahead_comes_after_it(here, director):
    with time_machine.travel(timezone.now() + AHEAD):
        alert = an_alert(here, by=director)
        alert.events.create(action="close", was="raised", now="closed", person=director.person, post=director)
    alert.events.create(action="call", was="closed", now="closed", person=director.person, post=director)
    assert [event.action for event in alert.events.all()] == ["raise", "close", "call"]


@pytest.mark.both
@pytest.mark.parametrize("undone", ["accept", "return"])
def test_what_was_taken_back_in_the_same_moment_did_not_happen(here, director, clerk, undone):
    """Of one moment the later row is the later event: the clock stood still between the move and its taking back."""
    with time_machine.travel(timezone.now(), tick=False):
        visit = a_visit(an_approved_file(here), by=director)
        VISIT.apply(undone, visit, by=clerk, seen_version=1, reason="请补充")
        VISIT.undo(visit, by=clerk, seen_version=2)
    assert len({event.at for event in visit.events.all()}) == 1
    standing = without_undone(VisitEvent.objects.filter(record=visit))
    assert [event.action for event in standing] == ["log", "undo"]
    assert not without_undone(VisitEvent.objects.filter(record=visit, action=undone)).exists()
