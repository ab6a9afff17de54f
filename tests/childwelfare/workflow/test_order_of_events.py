"""What happened last to a record is what was done last, be the clock of the server that did it behind another's."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from registry.child.models import ChildFileEvent
from registry.child.services.files import note_writer
from tests.builders import a_file, a_visit, an_approved_file
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
