"""A child has one plan that runs and one that waits, whatever is taken back. Who approves is asked anew, and no goal
is lost."""

import uuid

import pytest
from django.urls import reverse

from childwelfare.workflow.refusals import Refused, SentBefore
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.merging.services.merge import merge_files
from registry.plans.models import Goal, Plan
from registry.plans.queues import plans_due
from registry.plans.services.goals import end_goal
from registry.plans.services.writing import amend_plan, close_plan, write_plan
from registry.plans.workflow import PLAN
from registry.transfers.services import ask_transfer
from tests.builders import HIGH, a_post, a_small_instrument, a_unit, a_village, an_approved_file, an_assessment, sign_in
from tests.registry.plans.plans import DAY, a_line, a_plan, a_running_plan, said, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="欧阳小满")
    a_small_instrument(file.city)
    return file


@pytest.fixture
def director(file):
    return a_post(file.village)


@pytest.fixture
def clerk(file):
    return a_post(file.township)


def now(record):
    return type(record).objects.get(pk=record.pk)


def ended(plan, director) -> Plan:
    for goal in plan.goals.all():
        end_goal(
            now(plan), goal, by=director, seen_version=now(plan).version, state="done", result="好", done_on=today()
        )
    return close_plan(now(plan), by=director, seen_version=now(plan).version, words="都办好了")


def test_an_end_is_not_taken_back_once_another_plan_was_sent(file, director, clerk):
    first = ended(a_running_plan(file, director, clerk), director)
    second = a_plan(now(file), director)
    with pytest.raises(Refused, match=f"已有另一份方案（{second.number}）"):
        PLAN.undo(now(first), by=director, seen_version=now(first).version)
    PLAN.apply("approve", now(second), by=clerk, seen_version=1)
    assert [now(first).state, now(second).state] == ["closed", "approved"]


def test_an_approval_is_not_taken_back_once_the_next_was_sent(client, file, director, clerk):
    first = a_running_plan(file, director, clerk)
    second = a_plan(now(file), director, a_line(carried_from=str(first.goals.get().pk)))
    sign_in(client, clerk)
    page = client.post(reverse("plan-undo", args=[first.pk]), {"version": now(first).version}, follow=True)
    assert page.status_code == 200 and f"已另送一份方案（{second.number}）" in page.text
    assert now(first).state == "approved"


def test_after_a_merge_an_end_is_not_taken_back_beside_the_plan_that_runs(file, director, clerk):
    first = ended(a_running_plan(file, director, clerk), director)
    other = an_approved_file(file.village, name="欧阳小满", sex="male")
    a_running_plan(other, director, clerk)
    merge_files(now(file), now(other), by=clerk, seen_versions=(now(file).version, now(other).version))
    with pytest.raises(Refused, match="已有另一份方案"):
        PLAN.undo(now(first), by=director, seen_version=now(first).version)


def test_beside_a_plan_that_runs_another_is_sent_back_and_then_continues_it(file, director, clerk):
    """As after two files were made one: one of them had a plan that ran, the other one that waited."""
    waiting = a_plan(file, director)
    other = an_approved_file(file.village, name="欧阳小满", sex="male")
    runs = a_running_plan(other, director, clerk)
    merge_files(now(file), now(other), by=clerk, seen_versions=(now(file).version, now(other).version))
    with pytest.raises(Refused, match=f"另有一份执行中的方案（{now(runs).number}）"):
        PLAN.apply("approve", now(waiting), by=clerk, seen_version=now(waiting).version)
    PLAN.apply("return", now(waiting), by=clerk, seen_version=now(waiting).version, reason="请接续")
    lines = [a_line(), a_line(carried_from=str(runs.goals.get().pk))]
    amend_plan(now(waiting), by=director, seen_version=now(waiting).version, answers=said(director), lines=lines)
    PLAN.apply("approve", now(waiting), by=clerk, seen_version=now(waiting).version)
    assert (now(waiting).before, now(waiting).state, now(runs).state) == (runs, "approved", "closed")


def test_sent_again_it_goes_to_the_tier_that_the_level_asks_by_then(file, director, clerk):
    plan = a_plan(file, director)
    PLAN.apply("return", plan, by=clerk, seen_version=1, reason="请补充")
    assessment = an_assessment(now(file), by=director, answers=HIGH)
    ASSESSMENT.apply("confirm", assessment, by=clerk, seen_version=assessment.version)
    amend_plan(now(plan), by=director, seen_version=now(plan).version, answers=said(director), lines=[a_line()])
    assert (now(plan).level, now(plan).approver, now(plan).assessment_id) == ("high", 2, assessment.pk)


def test_a_level_that_rose_since_it_was_sent_keeps_the_station_from_approving(file, director, clerk):
    plan = a_plan(file, director)
    assessment = an_assessment(now(file), by=director, answers=HIGH)
    ASSESSMENT.apply("confirm", assessment, by=clerk, seen_version=assessment.version)
    with pytest.raises(Refused, match="要由县级审批"):
        PLAN.apply("approve", now(plan), by=clerk, seen_version=now(plan).version)


def test_open_goals_of_a_plan_that_ended_with_the_file_are_carried_on_when_the_child_is_back(file, director, clerk):
    first = a_running_plan(file, director, clerk, a_line(goal="每周通话"))
    close_file(now(file), by=clerk, seen_version=now(file).version, reason="moved", on=today())
    reopened = {"left_behind": {"since": today()}}
    reopen_file(now(file), by=clerk, seen_version=now(file).version, reason="回来了", categories=reopened)
    with pytest.raises(Exception, match="每周通话"):
        a_plan(now(file), director)
    second = a_plan(now(file), director, a_line(carried_from=str(first.goals.get().pk)))
    PLAN.apply("approve", second, by=clerk, seen_version=1)
    assert (second.before, first.goals.get().state) == (first, "carried")
    PLAN.undo(now(second), by=clerk, seen_version=now(second).version)
    assert (now(first).state, first.goals.get().state) == ("closed", "open")


def test_the_same_key_with_another_doer_is_told(file, director, clerk):
    pk = uuid.uuid4()
    given = {"by": director, "answers": said(director), "pk": pk}
    first = write_plan(file, lines=[a_line(who="王老师")], **given)
    assert write_plan(now(file), lines=[a_line(who="王老师")], **given) == first
    for other in (a_line(who="李老师"), a_line(who="王老师", owner=str(clerk.uid))):
        with pytest.raises(SentBefore):
            write_plan(now(file), lines=[other], **given)
    assert Goal.objects.get().who == "王老师"


def test_a_plan_that_was_ended_is_asked_for_no_more(file, director, clerk):
    assessment = an_assessment(file, by=director, answers=HIGH)
    ASSESSMENT.apply("confirm", assessment, by=clerk, seen_version=assessment.version)
    assert plans_due(clerk).count() == 1
    plan = a_plan(now(file), director)
    PLAN.apply("approve_high", plan, by=a_post(file.county), seen_version=1)
    ended(plan, director)
    assert not plans_due(clerk).exists()


def test_an_older_assessment_that_is_confirmed_later_leaves_the_plan_asked_for(director, clerk):
    file = an_approved_file(director.unit, on=today() - 60 * DAY)
    newest = an_assessment(file, by=director, answers=HIGH)
    ASSESSMENT.apply("confirm", newest, by=clerk, seen_version=newest.version)
    older = an_assessment(now(file), by=a_post(file.village), assessed_on=today() - 20 * DAY)
    ASSESSMENT.apply("confirm", older, by=clerk, seen_version=older.version)
    assert ChildFile.objects.get(pk=file.pk).risk == "high"
    assert [each.pk for each in plans_due(clerk)] == [newest.pk]


def test_what_is_to_be_written_stands_in_what_is_next_and_its_row_leads_there(client, file, director, clerk):
    assessment = an_assessment(file, by=director, answers=HIGH)
    ASSESSMENT.apply("confirm", assessment, by=clerk, seen_version=assessment.version)
    sign_in(client, director)
    where = reverse("plan-due", args=[assessment.pk])
    assert where in client.get(reverse("plan-list"), {"tab": "due"}).text
    line = client.get(reverse("child-line", args=[file.pk])).text
    assert where in line and "制定帮扶方案" in line
    assert client.get(where).url == reverse("plan-new", args=[file.pk])


def test_papers_are_of_the_unit_that_made_them_and_say_what_became_of_each_goal(client, file, director, clerk):
    first = a_running_plan(file, director, clerk)
    second = a_plan(now(file), director, a_line(carried_from=str(first.goals.get().pk)))
    PLAN.apply("approve", second, by=clerk, seen_version=1)
    there = a_unit(file.township)
    ask_transfer(now(file), by=clerk, target=there, reason="搬家", seen_version=now(file).version)
    assert now(file).village == there
    sign_in(client, clerk)
    paper = client.get(reverse("plan-print", args=[first.pk])).text
    assert file.village.name in paper and "已结束" in paper and "转入下一方案" in paper
