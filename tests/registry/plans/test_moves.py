"""A plan is approved by the tier that the level asks, returned, taken back, looked through, ended."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from childwelfare.workflow.refusals import Refused, Stale
from orgs.inbox.models import Message
from orgs.posts.services import end_appointment
from orgs.units.models import Level
from registry.child.models import ChildFile
from registry.closing.services import close_file, undo_act
from registry.merging.services.merge import merge_files
from registry.plans.models import Plan, PlanState
from registry.plans.services import writing
from registry.plans.services.goals import end_goal
from registry.plans.workbench import without_lead
from registry.plans.workflow import PLAN
from registry.transfers.services import ask_transfer
from tests.builders import a_post, a_village, an_approved_file
from tests.registry.plans.plans import DAY, a_line, a_plan, a_running_plan, said, today

pytestmark = pytest.mark.django_db


def test_who_wrote_a_plan_does_not_approve_it(file, clerk, officer):
    plan = a_plan(file, clerk)
    with pytest.raises(Refused, match="自己"):
        PLAN.apply("approve", plan, by=clerk, seen_version=1)
    PLAN.apply("approve", plan, by=officer, seen_version=1)  # a station with one person: its county decides
    assert plan.state == PlanState.APPROVED


def test_the_plan_of_a_child_of_the_highest_level_is_approved_by_the_county(file, director, clerk, officer):
    plan = a_plan(file, director)
    Plan.objects.filter(pk=plan.pk).update(approver=Level.COUNTY)
    plan.refresh_from_db()
    with pytest.raises(Stale, match="县级审批"):
        PLAN.apply("approve", plan, by=clerk, seen_version=1)
    with pytest.raises(PermissionDenied):
        PLAN.apply("approve_high", plan, by=clerk, seen_version=1)
    PLAN.apply("approve_high", plan, by=officer, seen_version=1)
    assert plan.state == PlanState.APPROVED


def test_a_returned_plan_is_mended_and_sent_again(file, director, clerk):
    plan = a_plan(file, director)
    PLAN.apply("return", plan, by=clerk, seen_version=1, reason="目标太笼统")
    assert Message.objects.filter(kind="plan_returned", recipient=director).exists()
    with pytest.raises(ValidationError):
        writing.amend_plan(plan, by=director, seen_version=2, answers=said(director), lines=[a_line(goal="")])
    writing.amend_plan(plan, by=director, seen_version=2, answers=said(director), lines=[a_line(goal="每晚睡足九小时")])
    plan.refresh_from_db()
    assert (plan.state, plan.goals.get().goal) == ("submitted", "每晚睡足九小时")


def test_who_wrote_it_takes_it_back_and_may_give_it_up(file, director, clerk):
    plan = a_plan(file, director)
    with pytest.raises(PermissionDenied):
        writing.recall_plan(plan, by=clerk, seen_version=1)
    writing.recall_plan(plan, by=director, seen_version=1)
    writing.withdraw_plan(plan, by=director, seen_version=2)
    assert plan.state == "withdrawn" and a_plan(file, director).number.endswith("-02")


def test_the_next_plan_carries_open_goals_on_and_ends_the_one_before(file, director, clerk):
    before = a_running_plan(file, director, clerk, a_line(), a_line(goal="补上体检"))
    first, second = before.goals.all()
    end_goal(before, first, by=director, seen_version=2, state="done", result="睡得好了", done_on=today())
    plan = a_plan(file, director, a_line(goal="补上体检", carried_from=str(second.pk)))
    assert before.state == "approved"  # it goes on until the next one is approved
    PLAN.apply("approve", plan, by=clerk, seen_version=1)
    before.refresh_from_db(), first.refresh_from_db(), second.refresh_from_db()
    assert (before.state, first.state, second.state) == ("closed", "done", "carried")
    PLAN.undo(plan, by=clerk, seen_version=2)
    before.refresh_from_db(), second.refresh_from_db()
    assert (before.state, before.closed_on, second.state, plan.state) == ("approved", None, "open", "submitted")


def test_a_goal_that_was_opened_since_is_carried_before_the_next_plan_is_approved(file, director, clerk):
    before = a_running_plan(file, director, clerk)
    goal = before.goals.get()
    end_goal(before, goal, by=director, seen_version=2, state="done", result="好了", done_on=today())
    plan = a_plan(file, director)
    goal.state = "open"
    goal.save()
    with pytest.raises(Refused, match="没有转入"):
        PLAN.apply("approve", plan, by=clerk, seen_version=1)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("state", {"state": "carried"}),
        ("result", {"result": " "}),
        ("result", {"result": "长" * 301}),
        ("done_on", {"done_on": None}),
        ("done_on", {"done_on": today() + 2 * DAY}),
        ("done_on", {"done_on": today() - 30 * DAY}),
    ],
)
def test_the_end_of_a_goal_says_what_is_wrong(file, director, clerk, field, given):
    plan = a_running_plan(file, director, clerk)
    end = {"state": "done", "result": "好了", "done_on": today()} | given
    with pytest.raises(ValidationError) as refused:
        end_goal(plan, plan.goals.get(), by=director, seen_version=2, **end)
    assert list(refused.value.message_dict) == [field]


def test_a_goal_is_ended_by_who_makes_plans_there_and_by_whose_task_it_is(file, director, clerk, officer):
    plan = a_running_plan(file, director, clerk, a_line(owner=str(officer.uid), who=""), a_line())
    hers, other = plan.goals.all()
    end = {"state": "done", "result": "好了", "done_on": today()}
    with pytest.raises(PermissionDenied):
        end_goal(plan, other, by=officer, seen_version=2, **end)
    end_goal(plan, hers, by=officer, seen_version=2, **end)
    with pytest.raises(Stale):
        end_goal(plan, hers, by=director, seen_version=3, **end)


def test_a_plan_ends_when_each_goal_has_its_result(file, director, clerk):
    plan = a_running_plan(file, director, clerk)
    with pytest.raises(Stale, match="没写结果"):
        writing.close_plan(plan, by=director, seen_version=2, words="好了")
    end_goal(plan, plan.goals.get(), by=director, seen_version=2, state="given_up", result="搬走了", done_on=today())
    plan = Plan.objects.get(pk=plan.pk)
    with pytest.raises(ValidationError):
        writing.close_plan(plan, by=director, seen_version=3, words=" ")
    writing.close_plan(plan, by=director, seen_version=3, words="今后每月问一次")
    assert (plan.state, plan.closed_on) == ("closed", today())
    PLAN.undo(plan, by=director, seen_version=4)
    plan.refresh_from_db()
    assert (plan.state, plan.closed_on, plan.closing_words) == ("approved", None, "")


def test_a_plan_is_looked_through_and_its_lead_changes(file, director, clerk):
    plan = a_running_plan(file, director, clerk)
    with pytest.raises(ValidationError):
        writing.review_plan(plan, by=director, seen_version=2, review_on=today(), words="")
    writing.review_plan(plan, by=director, seen_version=2, review_on=today() + 30 * DAY, words="睡得好些了")
    assert plan.reviews.get().text == "睡得好些了" and plan.review_on == today() + 30 * DAY
    with pytest.raises(ValidationError, match="就是这位"):
        writing.change_lead(plan, by=director, seen_version=3, lead=str(director.uid))
    writing.change_lead(plan, by=director, seen_version=3, lead=str(clerk.uid))
    plan.refresh_from_db()
    assert plan.lead == clerk and Message.objects.filter(kind="plan_led", recipient=clerk).exists()


def test_plans_end_with_the_file_and_go_on_when_that_is_taken_back(file, director, clerk):
    running = a_running_plan(file, director, clerk)
    waiting = a_plan(file, director, a_line(carried_from=str(running.goals.get().pk)))
    file.refresh_from_db()
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today())
    running.refresh_from_db(), waiting.refresh_from_db()
    assert (running.state, waiting.state) == ("closed", "withdrawn")
    file = ChildFile.objects.get(pk=file.pk)
    undo_act(file, by=clerk, seen_version=file.version)
    running.refresh_from_db(), waiting.refresh_from_db()
    assert (running.state, running.closed_on, waiting.state) == ("approved", None, "submitted")


def test_plans_go_along_to_another_village(file, director, clerk):
    plan, there = a_running_plan(file, director, clerk), a_village(file.township)
    file.refresh_from_db()
    ask_transfer(file, by=clerk, target=there, reason="搬家", seen_version=file.version)
    plan.refresh_from_db()
    assert plan.village == there and plan.state == "approved"


def test_two_files_with_running_plans_are_not_merged_before_one_has_ended(file, director, clerk):
    other = an_approved_file(file.village, name="欧阳小满")
    a_running_plan(file, director, clerk)
    plan = a_running_plan(other, director, clerk)
    file.refresh_from_db(), other.refresh_from_db()
    with pytest.raises(Refused, match="帮扶方案"):
        merge_files(file, other, by=clerk, seen_versions=(file.version, other.version))
    Plan.objects.filter(child=file).update(state="closed", closed_on=today())
    merge_files(file, other, by=clerk, seen_versions=(file.version, other.version))
    plan.refresh_from_db()
    assert plan.child_id == file.pk


def test_a_plan_whose_lead_does_not_see_the_child_any_more_waits_for_another(file, director, clerk):
    plan, there = a_running_plan(file, director, clerk), a_village(file.township)
    assert not without_lead(clerk).exists()
    file.refresh_from_db()
    ask_transfer(file, by=clerk, target=there, reason="搬家", seen_version=file.version)
    assert list(without_lead(clerk)) == [plan]
    writing.change_lead(Plan.objects.get(), by=clerk, seen_version=2, lead=str(clerk.uid))
    assert not without_lead(clerk).exists()
    end_appointment(clerk)
    assert list(without_lead(a_post(file.township))) == [plan]
