"""What tests of plans write."""

import datetime

from django.utils import timezone

from registry.plans.models import Plan
from registry.plans.services.writing import write_plan
from registry.plans.workflow import PLAN

DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


def said(lead, /, **given):
    return {
        "lead": str(lead.uid),
        "review_on": today() + 90 * DAY,
        "child_heard": "想妈妈每周打电话",
        "guardian_heard": "愿意陪着去",
        "not_heard": "",
    } | given


def a_line(**given):
    return {
        "goal": "愿意说话，睡得好",
        "measure": "每两周心理辅导一次",
        "who": "县中心 张红梅",
        "by_on": today() + 40 * DAY,
    } | given


def a_plan(file, by, *lines, **given) -> Plan:
    return write_plan(file, by=by, answers=said(by, **given), lines=lines or [a_line()])


def a_running_plan(file, by, clerk, *lines, **given) -> Plan:
    plan = a_plan(file, by, *lines, **given)
    PLAN.apply("approve", plan, by=clerk, seen_version=plan.version)
    return plan
