"""What assessments add to a child's page: how often, the level with its day, when the next one is due; and to its line
of time, to what is next for it and to what an exit leaves open."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.components import Action, Chip, TimelineEntry, Todo
from childwelfare.text.days import short_day
from orgs.access.requests import PostRequest
from orgs.posts.models import Appointment
from orgs.units.models import Level
from registry.assessments.models import Assessment, AssessmentDue, AssessmentState
from registry.child.codes import RISK_TONES, UNASSESSED, Risk
from registry.child.left_open import LeftOpen
from registry.child.models import ChildFile, FileState
from registry.child.panels import Panel
from registry.timeline.lanes import Bar, Lane, Next, Tick

SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class AssessmentPanel(Panel):
    """``held``: the assessment whose level the file says; ``may_assess``: the reader may begin one."""

    held: Assessment | None
    due: AssessmentDue | None
    is_overdue: bool
    may_assess: bool
    url: str


def assessment_panel(request: PostRequest, file: ChildFile) -> AssessmentPanel | None:
    if not request.post.may("view_assessment", file):
        return None
    found = list(
        Assessment.objects.filter(child=file).exclude(state=AssessmentState.WITHDRAWN).newest_first()[: SHOWN + 1]
    )
    due = AssessmentDue.objects.filter(child=file).first()
    held = next((each for each in found if _sets_level(each)), None)
    url = reverse("child-assessments", args=[file.pk])
    number = len(found) if len(found) <= SHOWN else Assessment.objects.filter(child=file).count()
    may = file.state == FileState.APPROVED and request.post.may("assess_child", file)
    late = due is not None and due.is_overdue()
    waits = any(each.state in (AssessmentState.SUBMITTED, AssessmentState.RETURNED) for each in found)
    todos = []
    if due and late and may and not waits and request.post.unit.level != Level.COUNTY:
        todos.append(
            Todo(
                icon="heart-pulse",
                tone="warm",
                title=_("该评估了，最迟%(day)s") % {"day": short_day(due.due_on)},
                note=str(due.get_occasion_display()),
                url=reverse("child-assess", args=[file.pk]),
                action=_("评估"),
            )
        )
    return AssessmentPanel(
        title=_("评估"),
        anchor="assessments",
        count_label=_("%(n)s 次") % {"n": number},
        template="registry/assessments/_panel.html",
        held=held,
        due=due,
        is_overdue=late,
        may_assess=may,
        url=url,
        todos=tuple(todos),
        risk_chip=_risk_chip(file, held),
        action=_begin(file) if may and request.post.unit.level != Level.COUNTY else None,
        timeline=tuple(
            TimelineEntry(
                at=each.made_at,
                on=each.assessed_on,
                title=_("评估：%(level)s") % {"level": each.level_words},
                note=str(each.get_state_display()),
                tone=each.level_tone,
                url=reverse("assessment-detail", args=[each.pk]),
                kind="assessment",
            )
            for each in found[:SHOWN]
        ),
    )


def _begin(file: ChildFile) -> Action:
    return Action(url=reverse("child-assess", args=[file.pk]), icon="heart-pulse", label=_("评估"), tone="plain")


def _risk_chip(file: ChildFile, held: Assessment | None) -> Chip:
    """The level with the day of its assessment; of a child that was never assessed that nobody has."""
    if held is None and file.risk == UNASSESSED:
        return Chip(label=_("未评估"), tone="outline")
    when = _("%(day)s评估") % {"day": short_day(held.assessed_on)} if held else _("未评估，初步判断")
    level = _("%(level)s风险") % {"level": file.get_risk_display()}
    return Chip(label=level, tone=RISK_TONES.get(file.risk, ""), when=when)


def _sets_level(assessment: Assessment) -> bool:
    counts = assessment.state in (AssessmentState.CHECKED, AssessmentState.APPROVED)
    return counts and bool(assessment.level) and not assessment.is_second


def level_lanes(post: Appointment, file: ChildFile, since: datetime.date, until: datetime.date) -> list[Lane]:
    """One bar a level that held, the next assessment hatched behind it."""
    if not post.may("view_assessment", file):
        return []
    held = list(Assessment.objects.filter(child=file, assessed_on__lte=until).setting_level().newest_first())
    held.reverse()
    due = AssessmentDue.objects.filter(child=file).first()
    today, bars = timezone.localdate(), []
    for number, each in enumerate(held):
        following = held[number + 1].assessed_on if number + 1 < len(held) else None
        if following and following <= max(since, each.assessed_on):
            continue
        bars.append(
            Bar(
                since=each.assessed_on,
                until=following - datetime.timedelta(days=1) if following else None,
                label=Risk(each.level).label,
                title=_("%(day)s评估：%(level)s，%(score)s")
                % {"day": short_day(each.assessed_on), "level": each.level_words, "score": _score_words(each)},
                tone=each.level_tone or "brand",
                url=reverse("assessment-detail", args=[each.pk]),
            )
        )
    ticks = []
    if due:
        if today < due.due_on <= until:
            words = _("下次评估 %(day)s") % {"day": short_day(due.due_on)}
            bars.append(Bar(since=today, until=due.due_on, label=words, is_to_come=True))
        ticks.append(Tick(on=due.due_on, label=short_day(due.due_on), is_late=due.is_overdue()))
    if not bars and not ticks:
        return []
    url = reverse("child-assessments", args=[file.pk])
    return [Lane(key="risk", label=_("风险等级"), url=url, bars=tuple(bars), ticks=tuple(ticks))]


def next_assessment(post: Appointment, file: ChildFile) -> list[Next]:
    """Who has the next step of its assessment: who confirms the one that waits, else who assesses it."""
    if file.state != FileState.APPROVED or not post.may("view_assessment", file):
        return []
    open_ones = Assessment.objects.filter(child=file).exclude(
        state__in=(AssessmentState.APPROVED, AssessmentState.WITHDRAWN)
    )
    steps = [_step(post, each) for each in open_ones.order_by("sent_at")]
    due = AssessmentDue.objects.filter(child=file).first()
    if due and not any(each.state != AssessmentState.CHECKED for each in open_ones):
        may = post.may("assess_child", file) and post.unit.level != Level.COUNTY
        steps.append(
            Next(
                icon="heart-pulse",
                title=due.get_occasion_display(),
                holder=_("村（居）儿童福利主任"),
                since=due.since,
                due_on=due.due_on,
                url=reverse("child-assess", args=[file.pk]) if may else "",
                action=_("评估") if may else "",
            )
        )
    return steps


def _step(post: Appointment, assessment: Assessment) -> Next:
    """What waits of an assessment, and with whom."""
    holders = {
        AssessmentState.SUBMITTED: (_("评估待复核"), _("乡镇（街道）工作站"), "confirm_assessment", "assessment"),
        AssessmentState.CHECKED: (_("高等级评估待确认"), _("县级指导中心"), "sign_assessment", "assessment_sign"),
        AssessmentState.RETURNED: (_("评估退回，待修改"), _("评估人"), "assess_child", ""),
    }
    title, holder, permission, kind = holders[AssessmentState(assessment.state)]
    may = post.may(permission, assessment)
    url = reverse("assessment-detail", args=[assessment.pk])
    if may and kind:
        url = reverse("review-case", args=[kind, assessment.pk])
    return Next(
        icon="clipboard-check",
        title=title,
        holder=holder,
        since=timezone.localdate(assessment.sent_at),
        due_on=None,
        url=url,
        action=_("办理") if may else _("查看"),
    )


def waiting_at_exit(file: ChildFile) -> list[LeftOpen]:
    return [
        LeftOpen(
            label=_("%(day)s的评估，%(state)s")
            % {"day": short_day(each.assessed_on), "state": each.get_state_display()},
            becomes=_("随结案作废"),
            url=reverse("assessment-detail", args=[each.pk]),
        )
        for each in Assessment.objects.filter(child=file).waiting().newest_first()
    ]


def _score_words(assessment: Assessment) -> str:
    if assessment.score is None:
        return _("紧急筛查")
    return _("%(n)s 分") % {"n": assessment.score}
