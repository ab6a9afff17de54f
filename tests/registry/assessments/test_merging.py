"""Two files of one child made one and parted again: each has the level, and the last day, of its own assessments."""

import pytest

from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.services.assess import assess_child
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.merging.services.merge import merge_files
from registry.merging.services.unmerge import undo_merge
from registry.status.models import ChildStatus
from tests.builders import HIGH, a_post, a_small_instrument, a_village, an_approved_file, an_assessment, found
from visits.schedule.models import VisitDue

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    village = a_village()
    a_small_instrument(village.city)
    return tuple(an_approved_file(village, name="欧阳小满", risk=risk) for risk in ("unknown", "watch"))


@pytest.fixture
def clerk(pair):
    return a_post(pair[0].township)


def merged(survivor, other, by):
    files = [ChildFile.objects.get(pk=file.pk) for file in (survivor, other)]
    return merge_files(*files, by=by, seen_versions=(files[0].version, files[1].version))


def move(action, assessment, by, reason=""):
    now = Assessment.objects.get(pk=assessment.pk)
    ASSESSMENT.apply(action, now, by=by, seen_version=now.version, reason=reason)
    return now


def sent_for_the_merged(file, **given):
    """As a phone sends it that does not know of the merge."""
    return assess_child(ChildFile.objects.get(pk=file.pk), by=a_post(file.village), given=found(**given))


def risks(pair) -> tuple:
    return tuple(ChildFile.objects.values_list("risk", flat=True).get(pk=file.pk) for file in pair)


def test_what_was_confirmed_while_they_were_one_is_the_level_of_the_file_that_was_assessed(pair, clerk):
    waiting = an_assessment(pair[1], answers=HIGH)
    merge = merged(*pair, clerk)
    move("confirm", waiting, clerk)
    assert risks(pair)[0] == "high"
    kept = undo_merge(merge, by=clerk)
    assert risks(pair) == ("unknown", "high") and "风险等级" not in kept
    status = [ChildStatus.objects.filter(child=file).known().order_by("since").last().risk for file in pair]
    assert status == ["unknown", "high"]
    one, other = (VisitDue.objects.open().get(child=file).days for file in pair)
    assert other < one
    assert list(AssessmentDue.objects.filter(child__in=pair).order_by("occasion").values_list("child", "occasion")) == [
        (pair[0].pk, "first"), (pair[1].pk, "regular"),
    ]  # fmt: skip


def test_what_was_sent_for_the_merged_file_counts_for_that_file_when_it_is_given_back(pair, clerk):
    merge = merged(*pair, clerk)
    late = sent_for_the_merged(pair[1], answers=HIGH)
    move("confirm", late, clerk)
    undo_merge(merge, by=clerk)
    assert risks(pair) == ("unknown", "high")


def test_what_the_county_sent_back_while_they_were_one_counts_for_neither(pair, clerk):
    officer = a_post(pair[0].county)
    assessment = move("confirm", an_assessment(pair[1], answers=HIGH), clerk)
    merge = merged(*pair, clerk)
    assert risks(pair)[0] == "high"
    assessment = move("send_back", assessment, officer, "请见到孩子再评")
    undo_merge(merge, by=clerk)
    assert risks(pair) == ("unknown", "watch")


def test_a_confirmation_that_is_taken_back_after_the_parting_brings_the_files_own_estimate(pair, clerk):
    waiting = an_assessment(pair[1], answers=HIGH)
    merge = merged(*pair, clerk)
    move("confirm", waiting, clerk)
    undo_merge(merge, by=clerk)
    now = Assessment.objects.get(pk=waiting.pk)
    ASSESSMENT.undo(now, by=clerk, seen_version=now.version)
    assert risks(pair) == ("unknown", "watch")


def test_both_were_assessed_and_each_has_its_own_level_again(pair, clerk):
    move("confirm", an_assessment(pair[0], answers={"hazards": ["water"]}), clerk)
    merge = merged(*pair, clerk)
    late = sent_for_the_merged(pair[1], answers=HIGH, worse_because={"duty": "父亲走了", "conflict": "常吵架"})
    move("confirm", late, clerk)
    assert risks(pair)[0] == "high"
    undo_merge(merge, by=clerk)
    assert risks(pair) == ("general", "high")
