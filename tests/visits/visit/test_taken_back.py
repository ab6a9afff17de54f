"""A visit that its maker took back is recorded on the day on which it is sent again, as a new one is."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.builders import a_visit, answers, sign_in
from visits.phones.pull import pull
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit, recall_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def send_again(visit, by, **said) -> Visit:
    visit = Visit.objects.get(pk=visit.pk)
    return correct_visit(visit, by=by, seen_version=visit.version, answers=answers(**said), hazards_looked_at=True)


@pytest.fixture
def recalled(child, post):
    """A visit of five days ago, recorded that day and taken back that day."""
    with time_machine.travel(timezone.now() - 5 * DAY, tick=True):
        visit = a_visit(child, by=post)
        recall_visit(visit, by=post, seen_version=visit.version)
    return visit


@pytest.mark.both
def test_sent_again_late_it_gives_its_reason_and_is_marked(recalled, post, clerk):
    with pytest.raises(ValidationError) as error:
        send_again(recalled, post, visited_on=recalled.visited_on)
    assert "late_reason" in error.value.message_dict
    visit = send_again(recalled, post, visited_on=recalled.visited_on, late_reason="手机坏了")
    assert visit.flags == ["late"] and visit.late_reason == "手机坏了"
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    with time_machine.travel(timezone.now() + 9 * DAY, tick=True):
        assert Visit.objects.get().recorded_on == timezone.localdate() - 9 * DAY, "the day on which it was sent again"


def test_it_may_tell_of_a_day_after_it_was_taken_back(recalled, post):
    assert send_again(recalled, post, visited_on=timezone.localdate()).flags == []


def test_what_the_station_sent_back_stays_recorded_when_it_was(child, post, clerk):
    with time_machine.travel(timezone.now() - 5 * DAY, tick=True):
        visit = a_visit(child, by=post)
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    assert send_again(visit, post, visited_on=visit.visited_on).flags == []


def test_the_phone_asks_as_of_the_day_on_which_it_is_sent(recalled, post):
    (row,) = pull(post).returned
    assert row["taken_back"] and row["made_on"] == timezone.localdate().isoformat()


def test_its_draft_goes_once_it_is_sent_new_and_again(client, child, post, clerk):
    """Else old words come back into the form, and go out over newer ones."""
    sign_in(client, post)
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    said |= {"hazard": "no", "visited_on": timezone.localdate().isoformat()}
    form = client.get(f"/children/{child.pk}/visit/").text
    assert client.post(f"/children/{child.pk}/visit/", said).status_code == 302
    assert f'data-draft="{client.session["draft_done"]}"' in form
    visit = Visit.objects.get()
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    form = client.get(f"/visits/{visit.pk}/edit/").text
    sent = said | {"version": Visit.objects.get().version, "note": "补充"}
    assert client.post(f"/visits/{visit.pk}/edit/", sent).status_code == 302
    assert f'data-draft="{client.session["draft_done"]}"' in form


def test_what_the_version_before_sent_again_is_not_called_taken_back(recalled, post, clerk):
    """It does not know the column; during an update both run."""
    Visit.objects.filter(pk=recalled.pk).update(state="submitted")
    visit = Visit.objects.get(pk=recalled.pk)
    assert visit.taken_back and visit.get_state_display() == "待审核"
    assert visit.recorded_on == timezone.localdate(visit.made_at)
    VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
    assert Visit.objects.get().get_state_display() == "已退回" and not Visit.objects.get().taken_back


def test_what_the_station_sent_back_and_was_taken_back_later_stays_recorded_when_it_was(child, post, clerk):
    """Else it would be late by the days that it lay with the station, or could be moved into another month."""
    with time_machine.travel(timezone.now() - 9 * DAY, tick=True):
        visit = a_visit(child, by=post)
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
        visit = send_again(visit, post, visited_on=visit.visited_on)
    recall_visit(visit, by=post, seen_version=visit.version)
    assert Visit.objects.get().recorded_on == visit.visited_on
    with pytest.raises(ValidationError, match="请另记一次走访"):
        send_again(visit, post, visited_on=timezone.localdate())
    assert send_again(visit, post, visited_on=visit.visited_on, needs="棉衣").flags == [], "in time, as it was"


def test_a_return_that_was_taken_back_at_once_is_none(child, post, clerk):
    with time_machine.travel(timezone.now() - 5 * DAY, tick=True):
        visit = a_visit(child, by=post)
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
        VISIT.undo(visit, by=clerk, seen_version=visit.version)
    recall_visit(visit, by=post, seen_version=visit.version)
    assert Visit.objects.get().recorded_on == timezone.localdate()


def test_returned_after_it_was_taken_back_it_is_recorded_when_that_was_sent(child, post, clerk):
    with time_machine.travel(timezone.now() - 9 * DAY, tick=True):
        visit = a_visit(child, by=post)
        recall_visit(visit, by=post, seen_version=visit.version)
    with time_machine.travel(timezone.now() - 7 * DAY, tick=True):
        visit = send_again(visit, post)
        VISIT.apply("return", visit, by=clerk, seen_version=visit.version, reason="请补充")
        visit = send_again(visit, post, visited_on=visit.visited_on)
    recall_visit(visit, by=post, seen_version=visit.version)
    assert Visit.objects.get().recorded_on == timezone.localdate() - 7 * DAY
