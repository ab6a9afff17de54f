"""A few mandatory reports around the demo director's village, made by the services themselves: one that nobody signed
for yet, one that is dealt with, one that the county closed; and one of a neighbour's, passed on to county and city."""

import datetime

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment, Role
from registry.child.models import ChildFile
from visits.alerts.models import Alert
from visits.alerts.services.escalation import escalate
from visits.alerts.services.handling import add_step, close
from visits.alerts.services.raising import acknowledge, raise_alert

HOUR = datetime.timedelta(hours=1)


def make_alerts(demo: Demo) -> int:
    """Reports in the county of the demo director, as far as there are children and posts. Returns how many."""
    posts = Appointment.objects.with_unit().current()
    director = posts.filter(person__username="demo_director").first()
    clerk = posts.filter(person__username="demo_clerk").first()
    county = posts.filter(person__username="demo_county").first()
    if not (director and clerk and county):
        return 0
    now = timezone.now()
    own = ChildFile.objects.in_registry().filter(village=director.unit_id).order_by("file_number")
    called = {"call": "made", "called_at": now, "police_unit": f"{director.unit.township.short_name}派出所"}
    closed = _report(
        director,
        called | {"police_receipt": "J410199000012"},
        situations=["abandoned"],
        child_words="四五岁的女孩，穿红棉袄，说不出家在哪里",
        where="村口候车亭",
        seen="清早独自在候车亭，冻得发抖",
    )
    _acknowledge(closed, clerk)
    add_step(closed, by=clerk, kind="seen", text="到场后将孩子带到乡卫生院，身体无大碍")
    add_step(closed, by=clerk, kind="handed_over", organ="police", text="派出所登记走失信息，发布协查")
    add_step(closed, by=clerk, kind="answered", text="已电话告知报告人孩子安全")
    _acknowledge(closed, county)
    close(
        closed,
        by=county,
        seen_version=closed.version,
        outcome="temporary",
        grounds=["t1"],
        placement="protection",
        text="暂时查找不到父母，送县未成年人救助保护机构，继续协查",
    )
    if child := own.filter(risk="high").first() or own.first():
        running = _report(
            director,
            called,
            situations=["many_injuries"],
            child=child.pk,
            where="孩子家中",
            seen="走访时看到双臂有多处淤青，孩子说是父亲打的",
        )
        _acknowledge(running, clerk)
        add_step(running, by=clerk, kind="seen", text="与派出所民警一同到场，孩子暂住祖母家")
    fresh = _report(
        director,
        {"call": "busy"},
        situations=["other"],
        child_words="十岁左右男孩，外乡口音",
        where="集市南头",
        seen="被几个大孩子围着要钱，推搡",
        told_by="卖豆腐的老周，村口第三家",
    )
    Alert.objects.filter(pk=fresh.pk).update(made_at=now - datetime.timedelta(minutes=20))
    _passed_on(director, now)
    return Alert.objects.count()


def _passed_on(director: Appointment, now: datetime.datetime) -> None:
    """At another station of the county nobody signed for two hours, so county and city were told."""
    others = Appointment.objects.with_unit().current().filter(role=Role.VILLAGE_DIRECTOR)
    others = others.filter(unit__county=director.unit.county).exclude(unit__township=director.unit.township)
    neighbour = others.order_by("pk").first()
    if neighbour is None:
        return
    passed = _report(
        neighbour,
        {"call": "busy"},
        situations=["other"],
        child_words="七八岁的女孩，常独自在河边",
        where="村东河堤",
        seen="傍晚一个人在河堤上，问不出家里有谁",
    )
    since = now - 2 * HOUR - datetime.timedelta(minutes=5)
    Alert.objects.filter(pk=passed.pk).update(made_at=since, clock_from=since)
    escalate(since + 1.5 * HOUR)
    escalate(now)


def _report(director: Appointment, call: dict, **said) -> Alert:
    return raise_alert(by=director, answers=call | said)


def _acknowledge(alert: Alert, by: Appointment) -> None:
    alert.refresh_from_db()
    acknowledge(alert, by=by, seen_version=alert.version)


MAKERS.add(make_alerts, order=80)
