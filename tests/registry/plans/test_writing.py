"""A plan is written, sent once, checked whole, and goes to who decides it."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from childwelfare.workflow.refusals import Refused, SentBefore, Stale
from orgs.posts.models import Appointment
from registry.closing.services import close_file
from registry.plans.forms import PlanForm
from registry.plans.models import Goal, Plan
from registry.plans.services.writing import write_plan
from tests.builders import a_file, a_post, a_unit, a_village
from tests.registry.plans.plans import DAY, a_line, a_plan, a_running_plan, said, today

pytestmark = pytest.mark.django_db


def test_a_plan_sent_twice_is_one_plan(file, director, need):
    pk, line = uuid.uuid4(), a_line(need=str(need.pk), owner=str(director.uid), who="")
    for _ in range(2):
        plan = write_plan(file, by=director, pk=pk, answers=said(director), lines=[line])
    goal = Goal.objects.get()
    assert Plan.objects.count() == 1 and plan.number == f"{today().year}-01"
    assert (goal.need, goal.who, goal.measure) == (need, director.person.name, "每两周心理辅导一次")
    with pytest.raises(SentBefore):
        write_plan(file, by=director, pk=pk, answers=said(director), lines=[a_line(goal="别的")])


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("goals.0.goal", {"goal": " "}),
        ("goals.0.measure", {"measure": ""}),
        ("goals.0.who", {"who": ""}),
        ("goals.0.by_on", {"by_on": None}),
        ("goals.0.by_on", {"by_on": today()}),
        ("goals.0.by_on", {"by_on": today() + 400 * DAY}),
        ("goals.0.goal", {"goal": "长" * 301}),
        ("goals.0.need", {"need": str(uuid.uuid4())}),
        ("goals.0.need", {"need": "x"}),
        ("goals.0.owner", {"owner": str(uuid.uuid4())}),
    ],
)
def test_a_line_says_what_is_wrong_and_where(file, director, field, given):
    with pytest.raises(ValidationError) as refused:
        write_plan(file, by=director, answers=said(director), lines=[a_line(**given)])
    assert list(refused.value.message_dict) == [field] and not Plan.objects.exists()


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("lead", {"lead": ""}),
        ("lead", {"lead": str(uuid.uuid4())}),
        ("review_on", {"review_on": None}),
        ("review_on", {"review_on": today()}),
        ("child_heard", {"child_heard": ""}),
        ("guardian_heard", {"guardian_heard": " "}),
        ("not_heard", {"not_heard": "长" * 201}),
    ],
)
def test_a_plan_says_what_is_missing(file, director, field, given):
    with pytest.raises(ValidationError) as refused:
        write_plan(file, by=director, answers=said(director, **given), lines=[a_line()])
    assert list(refused.value.message_dict) == [field]


def test_who_could_not_be_heard_is_said_with_why(file, director):
    plan = a_plan(file, director, child_heard="", guardian_heard="", not_heard="两岁，监护人住院")
    assert plan.not_heard == "两岁，监护人住院"


def test_a_plan_without_a_goal_or_with_too_many_is_refused(file, director):
    for lines in ([], [a_line()] * 13):
        with pytest.raises(ValidationError) as refused:
            write_plan(file, by=director, answers=said(director), lines=lines)
        assert list(refused.value.message_dict) == ["goals"]


def test_a_child_has_one_plan_that_waits(file, director, clerk):
    a_plan(file, director)
    with pytest.raises(Stale, match="已有一份方案"):
        a_plan(file, clerk)


def test_only_files_in_the_registry_have_plans(file, director, clerk):
    with pytest.raises(Refused, match="不在册"):
        a_plan(a_file(file.village, by=director), director)
    close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today())
    with pytest.raises(Refused, match="不在册"):
        a_plan(file, director)


def test_only_who_keeps_the_file_writes_plans(file, officer):
    for post in (officer, a_post(a_village()), a_post(a_unit(file.county)), a_post(file.city)):
        with pytest.raises(PermissionDenied):
            a_plan(file, post)


def test_open_goals_of_the_plan_before_are_not_forgotten(file, director, clerk):
    before = a_running_plan(file, director, clerk)
    with pytest.raises(ValidationError, match="没完成的目标"):
        a_plan(file, director, a_line(goal="新的"))
    goal = before.goals.get()
    plan = a_plan(file, director, a_line(carried_from=str(goal.pk)), a_line(goal="新的"))
    assert plan.before == before and plan.number == f"{today().year}-02"
    with pytest.raises(ValidationError, match="转入了两次"):
        twice = a_line(carried_from=str(goal.pk))
        Plan.objects.filter(pk=plan.pk).update(state="withdrawn")
        a_plan(file, director, twice, twice)


def test_a_goal_whose_doer_has_left_asks_for_another(file, director, clerk):
    """Nobody is put in the place unasked, and who it was is said."""
    helper = a_post(file.village)
    mine, theirs = (
        a_line(goal=goal, owner=str(post.uid), who="") for goal, post in (("睡得好", director), ("体检", helper))
    )
    before = a_running_plan(file, director, clerk, mine, theirs)
    Appointment.objects.filter(pk=helper.pk).update(valid_to=today())
    stays, asks = PlanForm(child=file, before=before).rows[:2]
    assert (stays["owner"].value(), stays["owner"].help_text) == (str(director.uid), "")
    assert (asks["owner"].value(), asks["who"].value(), asks["goal"].value()) == ("", "", "体检")
    assert helper.person.name in asks["owner"].help_text and "请另选人" in asks["owner"].help_text
    assert asks.is_carried
