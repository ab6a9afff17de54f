"""Two who act on the plans of one child at once."""

import pytest

from childwelfare.workflow.refusals import Refused
from registry.plans.models import Plan
from registry.plans.services.goals import end_goal
from registry.plans.workflow import PLAN
from tests.builders import a_post
from tests.registry.plans.plans import a_plan, a_running_plan, today
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_write_a_plan_one_is_told_of_the_other(file, director, clerk):
    outcomes = at_once(lambda: a_plan(file, director), lambda: a_plan(file, clerk), refusals=Refused)
    assert Plan.objects.count() == 1 and sum(isinstance(each, Refused) for each in outcomes) == 1


def test_of_two_who_decide_one_does(file, director, clerk):
    plan, colleague = a_plan(file, director), a_post(file.township)
    outcomes = at_once(
        lambda: PLAN.apply("approve", Plan.objects.get(), by=clerk, seen_version=1),
        lambda: PLAN.apply("return", Plan.objects.get(), by=colleague, seen_version=1, reason="太笼统"),
        refusals=Refused,
    )
    plan.refresh_from_db()
    assert sum(isinstance(each, Refused) for each in outcomes) == 1 and plan.events.count() == 2


def test_of_two_who_end_a_goal_one_does(file, director, clerk):
    plan = a_running_plan(file, director, clerk)

    def end(by, result):
        mine = Plan.objects.get()
        given = {"state": "done", "result": result, "done_on": today()}
        return end_goal(mine, mine.goals.get(), by=by, seen_version=2, **given)

    outcomes = at_once(lambda: end(director, "好了"), lambda: end(clerk, "也好了"), refusals=Refused)
    assert sum(isinstance(each, Exception) for each in outcomes) == 1
    assert plan.events.filter(action="goal_done").count() == 1
