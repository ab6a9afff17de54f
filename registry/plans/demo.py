"""Plans of help for children of the demo, made by the services: running, waiting, returned, late, and one that carries
another on."""

import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.needs.models import Need
from registry.plans.models import Goal, Plan
from registry.plans.services.goals import end_goal
from registry.plans.services.writing import write_plan
from registry.plans.workflow import PLAN
from registry.signals import help_written

DAY = datetime.timedelta(days=1)
GOALS = (
    ("愿意说话，睡得好", "每两周心理辅导一次，父母每周日晚视频", "县中心 张红梅", 40),
    ("补上近一年体检，配好眼镜", "陪着去乡卫生院，联系镇上眼镜店", "", 20),
    ("本学期寄宿补助补上", "请中学补报资助名单", "高村中学 王老师", 30),
)
SAID = {"child_heard": "想妈妈每周打电话，想有副眼镜", "guardian_heard": "愿意陪着去，白天地里忙"}


def make_plans(demo: Demo) -> None:
    posts = Appointment.objects.with_unit().current()
    director = posts.filter(person__username="demo_director").first()
    clerk = posts.filter(person__username="demo_clerk").first()
    if director is None or clerk is None:
        return
    with_needs = Exists(Need.objects.open().filter(child=OuterRef("pk")))
    own = ChildFile.objects.in_registry().filter(village=director.unit_id).annotate(has_need=with_needs)
    files = list(own.order_by("-has_need", "file_number")[:5])
    for number, file in enumerate(files):
        plan = _write(file, director, GOALS[: 1 + number % 3])
        if number == 1:
            PLAN.apply("return", plan, by=clerk, seen_version=plan.version, reason="目标写得太笼统，请写成看得见的结果")
        elif number != 0:
            _approve(plan, clerk)
    if len(files) == 5:
        _late(Plan.objects.get(child=files[3]))
        _carried_on(Plan.objects.get(child=files[4]), director, clerk)


def _write(file: ChildFile, director: Appointment, goals: tuple) -> Plan:
    today = timezone.localdate()
    needs = list(Need.objects.open().filter(child=file).values_list("pk", flat=True)[: len(goals)])
    lines = [
        {
            "goal": goal, "measure": measure, "who": who, "owner": None if who else director.uid,
            "by_on": today + days * DAY, "need": needs[place] if place < len(needs) else None,
        }
        for place, (goal, measure, who, days) in enumerate(goals)
    ]  # fmt: skip
    answers = SAID | {"lead": director.uid, "review_on": today + 60 * DAY}
    return write_plan(file, by=director, answers=answers, lines=lines)


def _approve(plan: Plan, clerk: Appointment) -> None:
    """By the tier that the plan asks: where that is the county, by its officer, if the demo has one."""
    if plan.approver == clerk.unit.level:
        PLAN.apply("approve", plan, by=clerk, seen_version=plan.version)
        return
    county = Appointment.objects.with_unit().current().filter(unit=plan.county_id, role="county_officer").first()
    if county:
        PLAN.apply("approve_high", plan, by=county, seen_version=plan.version)


def _late(plan: Plan) -> None:
    """As if it had been written some time ago."""
    Goal.objects.filter(plan=plan, place=1).update(by_on=timezone.localdate() - 4 * DAY)
    Plan.objects.filter(pk=plan.pk).update(review_on=timezone.localdate() - DAY)
    help_written.send(Plan, child=plan.child)


def _carried_on(plan: Plan, director: Appointment, clerk: Appointment) -> None:
    goals = list(plan.goals.all())
    if plan.state != "approved" or len(goals) < 2:
        return
    end_goal(
        plan, goals[0], by=director, seen_version=plan.version, state="done", result="每周都通话，睡得好多了",
        done_on=timezone.localdate(),
    )  # fmt: skip
    today = timezone.localdate()
    lines = [
        {
            "goal": goal.goal,
            "measure": goal.measure,
            "who": goal.who,
            "by_on": today + 45 * DAY,
            "carried_from": goal.pk,
        }
        for goal in goals[1:]
    ]
    answers = SAID | {"lead": director.uid, "review_on": today + 90 * DAY}
    _approve(write_plan(plan.child, by=director, answers=answers, lines=lines), clerk)


MAKERS.add(make_plans, order=140)
