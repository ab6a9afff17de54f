"""A child is assessed within a week after its urgent report was closed, whatever happens to its file and its reports
meanwhile."""

import datetime
import uuid

import pytest
from django.utils import timezone

from orgs.units.models import OrgUnit
from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.services.dues import fill_dues
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.closing.services import close_file, undo_act
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from tests.builders import HIGH, a_post, a_small_instrument, a_village, an_alert, an_approved_file, an_assessment
from visits.alerts.models import Alert
from visits.alerts.services.handling import add_step, close, reopen, undo_close
from visits.alerts.services.raising import acknowledge

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def village():
    return a_village()


@pytest.fixture
def clerk(village):
    return a_post(village.township)


@pytest.fixture
def officer(village):
    return a_post(village.county)


@pytest.fixture
def file(village, clerk):
    return assessed(village, clerk)


def assessed(village: OrgUnit, clerk) -> ChildFile:
    """Whose next assessment is months away."""
    file = an_approved_file(village)
    ASSESSMENT.apply("confirm", an_assessment(file), by=clerk, seen_version=1)
    return file


def fresh(file: ChildFile) -> ChildFile:
    return ChildFile.objects.get(pk=file.pk)


def closed(file: ChildFile, clerk, officer, outcome: str = "with_guardian") -> Alert:
    """A report of ``file``, dealt with and closed today."""
    alert = an_alert(file=fresh(file))
    acknowledge(alert, by=clerk, seen_version=alert.version)
    for kind in ("seen", "answered"):
        add_step(alert, by=officer, kind=kind, text="已到场", pk=uuid.uuid4())
    alert.refresh_from_db()
    return close(
        alert, by=officer, seen_version=alert.version, outcome=outcome, grounds=[], placement="", text="已查明"
    )


def due(file: ChildFile) -> tuple:
    """(why, in how many days) ``file`` is assessed next."""
    row = AssessmentDue.objects.get(child=file.pk)
    return row.occasion, (row.due_on - timezone.localdate()).days


WITHIN_A_WEEK = ("after_alert", 7)


def merged(survivor, other, by):
    files = fresh(survivor), fresh(other)
    return merge_files(*files, by=by, seen_versions=(files[0].version, files[1].version))


def test_it_stays_when_another_file_is_merged_into_it_or_it_into_another(village, file, clerk, officer):
    closed(file, clerk, officer)
    assert due(file) == WITHIN_A_WEEK
    merged(file, assessed(village, clerk), clerk)
    assert due(file) == WITHIN_A_WEEK
    third = assessed(village, clerk)
    merge = merged(third, file, clerk)
    assert due(third) == WITHIN_A_WEEK
    undo_merge(merge, by=clerk)
    assert due(file) == WITHIN_A_WEEK and due(third)[0] == "regular"


def test_of_two_files_that_are_merged_the_earlier_day_stands(village, file, clerk, officer):
    other = assessed(village, clerk)
    for each, days in ((file, 0), (other, 3)):
        alert = closed(each, clerk, officer)
        Alert.objects.filter(pk=alert.pk).update(closed_at=timezone.now() - days * DAY)
    Assessment.objects.update(assessed_on=timezone.localdate() - 9 * DAY)
    merged(file, other, clerk)
    assert due(file) == ("after_alert", 4)


def test_it_stays_when_the_file_is_closed_and_the_closing_taken_back(file, clerk, officer):
    closed(file, clerk, officer)
    now = fresh(file)
    close_file(now, by=clerk, seen_version=now.version, reason="not_eligible", on=timezone.localdate())
    assert not AssessmentDue.objects.exists()
    now = fresh(file)
    undo_act(now, by=clerk, seen_version=now.version)
    assert due(file) == WITHIN_A_WEEK


def test_taking_one_closing_back_leaves_what_another_closed_report_asks_for(file, clerk, officer):
    closed(file, clerk, officer)
    second = closed(file, clerk, officer)
    undo_close(second, by=officer, seen_version=second.version, text="办错了")
    assert due(file) == WITHIN_A_WEEK


def test_the_only_report_is_dealt_with_anew_and_nothing_is_due_before_it_is_closed_again(file, clerk, officer):
    alert = closed(file, clerk, officer)
    reopen(alert, by=officer, seen_version=alert.version, text="又打了")
    assert due(file)[0] == "regular"


def test_a_report_in_which_nothing_was_true_asks_for_none(file, clerk, officer):
    closed(file, clerk, officer, outcome="not_confirmed")
    assert due(file)[0] == "regular"


def test_it_is_due_again_when_the_county_sends_back_the_assessment_that_was_made_after_it(file, clerk, officer):
    closed(file, clerk, officer)
    worse = {"duty": "父亲走了", "conflict": "常吵架"}
    after = an_assessment(fresh(file), answers=HIGH, worse_because=worse, occasion="after_alert")
    ASSESSMENT.apply("confirm", after, by=clerk, seen_version=after.version)
    assert due(file)[0] == "regular"
    ASSESSMENT.apply("send_back", after, by=officer, seen_version=after.version, reason="请见到孩子再评")
    assert due(file) == WITHIN_A_WEEK


def test_who_was_never_assessed_is_due_after_it_although_no_day_was_written_yet(village, clerk, officer):
    a_small_instrument(village.city)
    file = an_approved_file(village, on=timezone.localdate())
    closed(file, clerk, officer)
    AssessmentDue.objects.all().delete()
    fill_dues()
    assert due(file) == WITHIN_A_WEEK


def test_a_report_that_was_closed_before_the_city_assessed_anybody_asks_for_none(village, clerk, officer):
    file = an_approved_file(village)
    alert = closed(file, clerk, officer)
    Alert.objects.filter(pk=alert.pk).update(closed_at=timezone.now() - 5 * DAY)
    a_small_instrument(village.city, since=timezone.localdate() - DAY)
    fill_dues()
    assert due(file)[0] == "first"


def test_a_report_that_was_opened_for_a_merged_file_goes_back_with_its_assessment():
    survivor = an_approved_file(a_village(), name="张子涵")
    other = an_approved_file(survivor.village, name="张子涵", sex="male")
    a_small_instrument(survivor.city)
    clerk, director = a_post(survivor.township), a_post(survivor.village)
    seen = (survivor.version, other.version)
    merge = merge_files(survivor, other, by=clerk, seen_versions=seen)
    made = an_assessment(ChildFile.objects.get(pk=other.pk), by=director, screen={"harm": "yes"})
    assert Alert.objects.get().child == survivor
    undo_merge(merge, by=clerk)
    assert (Alert.objects.get().child, Assessment.objects.get(pk=made.pk).child) == (other, other)
