"""The station confirms, the county signs high levels: from then on the level is the file's, and visits follow."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.models import Message
from registry.assessments.models import Assessment
from registry.assessments.services.assess import (
    correct_assessment,
    recall_assessment,
    record_notice,
    withdraw_assessment,
)
from registry.assessments.workflow import ASSESSMENT
from registry.changes.conflicts import ChangeConflict
from registry.changes.services import approve_change
from registry.child.models import ChildFile
from registry.closing.services import close_file, undo_act
from registry.status.models import ChildStatus
from tests.builders import a_change, a_post, a_village, an_approved_file, an_assessment, found
from tests.threads import at_once, done_or_told
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
RAISED = {"conflict": "yes", "hazards": ["water"]}  # 35 points; all of 家庭 lifts it
HIGH = {"duty": "none", "contact": "rare", "conflict": "yes"}


@pytest.fixture
def file():
    return an_approved_file(a_village(), name="张子涵", risk="unknown")


@pytest.fixture
def clerk(file):
    return a_post(file.township)


@pytest.fixture
def officer(file):
    return a_post(file.county)


def move(action, assessment, by, reason=""):
    ASSESSMENT.apply(action, assessment, by=by, seen_version=assessment.version, reason=reason)


def risk(file) -> str:
    return ChildFile.objects.values_list("risk", flat=True).get(pk=file.pk)


def test_the_stations_confirmation_makes_it_the_files_level(file, clerk):
    assessment = an_assessment(file, answers={"hazards": ["water"]})
    assert risk(file) == "unknown"
    move("confirm", assessment, clerk)
    assert (assessment.state, risk(file)) == ("approved", "general")
    assert ChildStatus.objects.filter(child=file).known().order_by("since").last().risk == "general"


def test_visits_follow_the_level(file, clerk):
    before = VisitDue.objects.get(child=file)
    move("confirm", an_assessment(file, answers=HIGH), clerk)
    after = VisitDue.objects.filter(child=file).latest("pk")
    assert after.days < before.days


def test_a_high_level_counts_at_once_and_is_signed_by_the_county(file, clerk, officer):
    assessment = an_assessment(file, answers=HIGH)
    with pytest.raises(PermissionDenied):
        move("sign", assessment, clerk)
    move("confirm", assessment, clerk)
    assert (assessment.state, risk(file)) == ("checked", "high")
    assert Message.objects.filter(kind="assessment_to_sign", recipient=officer).exists()
    move("sign", assessment, officer)
    assert assessment.state == "approved"


def test_lowering_a_high_level_is_signed_by_the_county_too(file, clerk):
    assessment = an_assessment(file, answers=HIGH, level="raised", level_reason="祖父母常来")
    move("confirm", assessment, clerk)
    assert (assessment.state, risk(file)) == ("checked", "raised")


def test_what_the_county_sends_back_no_longer_counts(file, clerk, officer):
    move("confirm", an_assessment(file, answers={"hazards": ["water"]}), clerk)
    assessment = an_assessment(
        file, answers=HIGH, worse_because={"duty": "父亲走了", "conflict": "常吵架"}, assessed_on=timezone.localdate()
    )
    move("confirm", assessment, clerk)
    move("send_back", assessment, officer, "请见到孩子再评")
    assert (assessment.state, risk(file)) == ("returned", "general")
    ASSESSMENT.undo(assessment, by=officer, seen_version=assessment.version)
    assert (assessment.state, risk(file)) == ("checked", "high")


def test_taking_the_confirmation_back_restores_what_stood(file, clerk):
    assessment = an_assessment(file, answers=HIGH)
    move("confirm", assessment, clerk)
    ASSESSMENT.undo(assessment, by=clerk, seen_version=assessment.version)
    assert (assessment.state, risk(file)) == ("submitted", "unknown")


def test_an_older_one_that_is_confirmed_later_alters_nothing(file, clerk):
    older = an_assessment(file, assessed_on=timezone.localdate() - 9 * DAY, answers={"hazards": ["water"]})
    newer = an_assessment(file)
    move("confirm", newer, clerk)
    move("confirm", older, clerk)
    assert risk(file) == "watch"


def test_nobody_confirms_the_own_one_the_county_stands_in(file, clerk, officer):
    assessment = an_assessment(file, by=clerk, answers=HIGH)
    with pytest.raises(Refused):
        move("confirm", assessment, clerk)
    move("confirm", assessment, officer)
    assert assessment.state == "approved"  # the county has signed with it


def test_an_assessed_childs_level_is_not_altered_by_hand(file, clerk):
    waits = a_change(file, risk="high")
    move("confirm", an_assessment(file), clerk)
    with pytest.raises(ValidationError) as refused:
        a_change(file, risk="raised")
    assert refused.value.message_dict == {"risk": ["风险等级由评估得出，请做一次评估。"]}
    with pytest.raises(ChangeConflict):
        approve_change(waits, by=clerk, seen_version=waits.version)
    with pytest.raises(ValidationError, match="由评估得出"):
        approve_change(waits, by=clerk, seen_version=waits.version, settle={"risk": "watch"})
    a_change(file, address="五组 3 号")  # the rest may be altered as before


def test_returned_it_is_corrected_and_sent_again(file, clerk):
    director = a_post(file.village)
    assessment = an_assessment(file, by=director, answers={"duty": "unknown"})
    move("return", assessment, clerk, "请再问清")
    with pytest.raises(Stale):
        correct_assessment(assessment, by=director, seen_version=1, given=found())
    correct_assessment(
        assessment, by=director, seen_version=assessment.version, given=found(answers=HIGH, child_view="想爸爸")
    )
    again = Assessment.objects.get(pk=assessment.pk)
    assert (again.state, again.level, again.child_view) == ("submitted", "high", "想爸爸")


def test_its_writer_takes_it_back_or_for_good(file):
    director, colleague = a_post(file.village), a_post(file.village)
    assessment = an_assessment(file, by=director)
    with pytest.raises(PermissionDenied):
        recall_assessment(assessment, by=colleague, seen_version=assessment.version)
    recall_assessment(assessment, by=director, seen_version=assessment.version)
    assert (assessment.state, assessment.taken_back) == ("returned", True)
    withdraw_assessment(assessment, by=director, seen_version=assessment.version)
    assert assessment.state == "withdrawn"


def test_when_the_family_was_told_is_written_down(file, clerk):
    assessment = an_assessment(file)
    with pytest.raises(ValidationError):
        record_notice(assessment, by=clerk, seen_version=1, on=timezone.localdate() + DAY)
    record_notice(assessment, by=clerk, seen_version=assessment.version, on=timezone.localdate())
    assert Assessment.objects.get().notified_on == timezone.localdate()
    assert assessment.state == "submitted"


def test_what_waits_ends_with_the_file_and_comes_back_with_it(file, clerk):
    assessment = an_assessment(file)
    file = ChildFile.objects.get(pk=file.pk)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=timezone.localdate())
    assert Assessment.objects.get().state == "withdrawn"
    undo_act(file, by=clerk, seen_version=file.version)
    assessment.refresh_from_db()
    assert assessment.state == "submitted"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_one_does(file):
    assessment = an_assessment(file, answers=HIGH)
    posts = [a_post(file.township), a_post(file.township)]

    def confirm(post):
        mine = Assessment.objects.get(pk=assessment.pk)
        return lambda: ASSESSMENT.apply("confirm", mine, by=post, seen_version=1)

    assert sorted(done_or_told(*map(confirm, posts))) == ["done", "told"]
    assert risk(file) == "high"


@pytest.mark.django_db(transaction=True)
def test_confirming_meets_recalling_and_closing(file):
    assessment, clerk, colleague = an_assessment(file, answers=HIGH), a_post(file.township), a_post(file.township)
    director = assessment.made_in
    mine, hers = (Assessment.objects.get(pk=assessment.pk) for _ in range(2))
    answers = done_or_told(
        lambda: ASSESSMENT.apply("confirm", mine, by=clerk, seen_version=1),
        lambda: recall_assessment(hers, by=director, seen_version=1),
    )
    assert sorted(answers) == ["done", "told"]
    other = an_assessment(an_approved_file(file.village), answers=HIGH)
    its_file = ChildFile.objects.get(pk=other.child_id)

    def close():
        try:
            close_file(its_file, by=colleague, seen_version=its_file.version, reason="moved", on=timezone.localdate())
        except Refused as refusal:
            return refusal
        return None

    at_once(close, lambda: ASSESSMENT.apply("confirm", other, by=clerk, seen_version=1), refusals=(Refused,))
    closed, state = ChildFile.objects.get(pk=its_file.pk).state, Assessment.objects.get(pk=other.pk).state
    assert (closed, state) in {("closed", "withdrawn"), ("approved", "checked"), ("closed", "checked")}
