"""The work of ordered registers of help: assessments, needs, plans. What stands sealed is told to who may read the
record itself; a child whose file is not open to the reader, as to the city, has a masked name."""

import datetime
import uuid
from collections.abc import Callable, Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from childwelfare.text.masking import masked_name
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.needs.models import Need
from registry.plans.models import Plan, PlanState
from reports.exports.excel.people import Column
from reports.exports.excel.registers import BATCH, PATH, Register, after, place_of, write_register
from reports.exports.services import orderer, unit_of_order
from reports.rollup.periods import Period

NOT_RUN = (PlanState.SUBMITTED, PlanState.RETURNED, PlanState.WITHDRAWN)


def export_assessments(record: Job, progress: Progress) -> tuple[str, str]:
    """评估花名册: the assessments of the period by the day on which they were made, whatever became of them."""
    post, period = orderer(record), Period.of(record.params["period"])
    rows = Assessment.objects.visible_to(post, "view_assessment").within(unit_of_order(record)).first_ones()
    rows = rows.filter(assessed_on__gte=period.first, assessed_on__lte=period.last).order_by("assessed_on", "id")
    columns = (
        Column("评估日期", 12), Column("姓名", 10.5), Column("乡镇、村（居）", 22, "left"), Column("评估原因", 13),
        Column("得分", 7), Column("不清楚（%）", 8), Column("按分数的等级", 9), Column("等级", 9),
        Column("监护情况判断", 13), Column("下次评估", 12), Column("书面告知家庭", 12), Column("评估人", 10.5),
        Column("状态", 10),
    )  # fmt: skip

    def cells(assessment: Assessment, name: str) -> Iterator[list]:
        yield [
            _date(assessment.assessed_on), name, place_of(assessment), str(assessment.get_occasion_display()),
            "" if assessment.score is None else assessment.score, assessment.unknown,
            str(assessment.get_proposed_display()) or "未完成", str(assessment.get_level_display()) or "未完成",
            assessment.guardianship_words, _date(assessment.next_on), _date(assessment.notified_on),
            assessment.made_by.name, str(assessment.get_state_display()),
        ]  # fmt: skip

    return write_register(record, progress, Register(columns, _each(rows, post, cells), rows.count()))


def export_needs(record: Job, progress: Progress) -> tuple[str, str]:
    """需求台账: what was open on any day of the period. The words of a need are told to who may open it."""
    post, period = orderer(record), Period.of(record.params["period"])
    rows = Need.objects.visible_to(post, "view_need").within(unit_of_order(record))
    rows = rows.filter(made_at__lt=after(period.last)).filter(Q(settled_on=None) | Q(settled_on__gte=period.first))
    rows = rows.order_by("found_on", "id")
    columns = (
        Column("发现日期", 12), Column("姓名", 10.5), Column("乡镇、村（居）", 22, "left"), Column("体系", 10),
        Column("需要什么", 13), Column("紧急程度", 8), Column("具体情况", 30, "left"), Column("现在谁在办", 15),
        Column("何时起", 12), Column("应办结日期", 12), Column("状态", 10), Column("办结日期", 12),
        Column("结果", 12), Column("结果说明", 26, "left"), Column("家庭是否满意", 9),
    )  # fmt: skip

    def cells(need: Need, name: str) -> Iterator[list]:
        is_open_to = need.pk in readable
        yield [
            _date(need.found_on), name, place_of(need), str(need.get_system_display()), str(need.get_kind_display()),
            str(need.get_urgency_display()), need.words if is_open_to else "", need.holder.short_name,
            _date(timezone.localdate(need.held_since)), _date(need.due_on), str(need.get_state_display()),
            _date(need.settled_on), str(need.get_outcome_display()), need.outcome_words if is_open_to else "",
            str(need.get_satisfaction_display()),
        ]  # fmt: skip

    readable = set(Need.objects.open_to(post).filter(pk__in=rows.order_by().values("pk")).values_list("pk", flat=True))
    found = _each(rows.select_related("holder"), post, cells)
    return write_register(record, progress, Register(columns, found, rows.count()))


def export_plans(record: Job, progress: Progress) -> tuple[str, str]:
    """帮扶方案台账: a row a goal of the plans that ran on any day of the period."""
    post, period = orderer(record), Period.of(record.params["period"])
    rows = Plan.objects.visible_to(post, "view_plan").within(unit_of_order(record)).exclude(state__in=NOT_RUN)
    rows = rows.filter(made_at__lt=after(period.last)).filter(Q(closed_on=None) | Q(closed_on__gte=period.first))
    rows = rows.order_by("made_at", "id")
    columns = (
        Column("方案编号", 11), Column("姓名", 10.5), Column("乡镇、村（居）", 22, "left"), Column("等级", 9),
        Column("牵头人", 10.5), Column("方案状态", 9), Column("复查日期", 12), Column("目标", 26, "left"),
        Column("措施", 26, "left"), Column("谁来做", 14), Column("何时前", 12), Column("进展", 10),
        Column("完成日期", 12), Column("结果", 26, "left"),
    )  # fmt: skip

    def cells(plan: Plan, name: str) -> Iterator[list]:
        head = [
            plan.number, name, place_of(plan), str(plan.get_level_display()), plan.lead.person.name,
            str(plan.get_state_display()), _date(plan.review_on),
        ]  # fmt: skip
        for goal in plan.goals.all():
            who = goal.who or (goal.owner.person.name if goal.owner else "")
            yield [
                *head, goal.goal, goal.measure, who, _date(goal.by_on), str(goal.get_state_display()),
                _date(goal.done_on), goal.result,
            ]  # fmt: skip

    found = rows.select_related("lead__person").prefetch_related("goals__owner__person")
    count = rows.order_by().values_list("goals", flat=True).exclude(goals=None).count()
    return write_register(record, progress, Register(columns, _each(found, post, cells), count))


def _each(rows: QuerySet, post: Appointment, cells: Callable[..., Iterator[list]]) -> Iterator[list]:
    """The cells of ``rows`` in their order, with the name as the reader may know it; so many at a time."""
    found = rows.select_related("child", "made_by", *PATH)
    keys: list[uuid.UUID] = list(rows.values_list("pk", flat=True))  # once, so that none is doubled or missed
    for start in range(0, len(keys), BATCH):
        here = keys[start : start + BATCH]
        batch = {row.pk: row for row in found.filter(pk__in=here)}
        children = [row.child_id for row in batch.values()]
        named = set(
            ChildFile.objects.visible_to(post, "export_roster").filter(pk__in=children).values_list("pk", flat=True)
        )
        for row in (batch[pk] for pk in here if pk in batch):
            yield from cells(row, row.child.name if row.child_id in named else masked_name(row.child.name))


def _date(day: datetime.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
