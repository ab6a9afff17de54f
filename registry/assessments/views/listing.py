"""Who is to be assessed, which assessments there are, and how far two assessors of one child agree."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.tables.keyset import page_of
from childwelfare.text.words import Words
from orgs.access.declarations import NUMBERS, ReadsNothing, needs
from orgs.access.scope import TIERS
from orgs.audit.readings import note_reading
from orgs.units.models import OrgUnit
from registry.assessments.forms import ListForm
from registry.assessments.models import Assessment, AssessmentDue, AssessmentState
from registry.assessments.presentation import agreement
from registry.child.codes import UNASSESSED, Risk
from registry.eligibility.conditions import months_after

DAY = datetime.timedelta(days=1)
LED_ON = ReadsNothing("leads on to the form, which records it")
LATEST_PAIRS = 500  # pairs of assessors that the agreement is counted of, the latest


@dataclass(frozen=True)
class Tab:
    key: str
    label: Words


# of children who are to be assessed, by their last day; of assessments, by their state
DUE_TABS = (Tab("overdue", _("逾期")), Tab("due", _("本月到期")), Tab("later", _("以后到期")))
STATE_TABS = (
    Tab("waiting", _("待复核")),
    Tab("county", _("待县级确认")),
    Tab("returned", _("已退回")),
    Tab("all", _("全部评估")),
)
STATES = {
    "waiting": AssessmentState.SUBMITTED,
    "county": AssessmentState.CHECKED,
    "returned": AssessmentState.RETURNED,
}
TABS = {tab.key for tab in (*DUE_TABS, *STATE_TABS)}


@needs("view_assessment", reads="read_list")
def assessment_list(request):
    """The queue, the latest last day first to go; or the records, the newest first."""
    asked = request.GET.get("tab", "")
    tab = asked if asked in TABS else "overdue"
    unit = _unit_asked(request)
    is_due = tab in {each.key for each in DUE_TABS}
    form = ListForm(request.GET)
    level = form.cleaned_data["level"] if form.is_valid() else ""
    if is_due:
        rows = _dues(request.post, tab).filter(child__risk=level) if level else _dues(request.post, tab)
        rows = _in_unit(rows, unit).select_related("child", "village", "township")
        page = page_of(rows, ("due_on", "id"), request.GET.get("page", ""), ascending=True)
        _note_due(request.post, page.rows)
    else:
        records = _in_unit(_records(request.post, tab, level), unit)
        related = ("child", "village", "township", "made_by")
        page = page_of(records.select_related(*related), ("sent_at", "id"), request.GET.get("page", ""))
    note_reading(request, rows=len(page))
    context = {
        "page": page,
        "tab": tab,
        "is_due": is_due,
        "due_tabs": DUE_TABS,
        "state_tabs": STATE_TABS,
        "form": form,
        "level": level,
        "unit": unit,
        "units": _units_below(request.post),
    }
    return render(request, "registry/assessments/list.html", context)


@needs("view_assessment", reads=LED_ON)
def assessment_due(request, pk):
    """Where a child that is due is dealt with: its form for who assesses, else its page."""
    due = get_object_or_404(AssessmentDue.objects.visible_to(request.post, "view_assessment"), pk=pk)
    may = request.post.may("assess_child", due) and request.post.unit.level != 2
    return redirect("child-assess" if may else "child-assessments", due.child_id)


@dataclass(frozen=True)
class AgreementLine:
    """How often two assessors answered one indicator alike."""

    name: str
    number: int
    alike: int


@needs("view_figures", reads=NUMBERS)
def assessment_agreement(request):
    """How far two assessors of one child agree, by indicator, within one's scope: figures only."""
    seconds = Assessment.objects.visible_to(request.post, "view_figures").exclude(second_of=None)
    seconds = seconds.exclude(state=AssessmentState.WITHDRAWN).order_by("-assessed_on", "-id")
    pairs = list(seconds.select_related("instrument", "second_of")[:LATEST_PAIRS])
    number: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    for second in pairs:
        assert second.second_of  # what was left out has none
        content = second.instrument.content
        names = {indicator.key: indicator.name for indicator in content.indicators()}
        for key, agree in agreement(content, second.second_of, second).items():
            number[names[key]] += 1
            alike[names[key]] += agree
    lines = sorted(
        (AgreementLine(name, number[name], alike[name]) for name in number), key=lambda line: line.alike / line.number
    )
    context = {"lines": lines, "pairs": len(pairs), "number": number.total(), "alike": alike.total()}
    return render(request, "registry/assessments/agreement.html", context)


def _dues(post, tab: str):
    today = timezone.localdate()
    dues = AssessmentDue.objects.visible_to(post, "view_assessment").unsent()
    end = months_after(today.replace(day=1), 1) - DAY
    if tab == "overdue":
        return dues.overdue(today)
    return dues.filter(due_on__range=(today, end)) if tab == "due" else dues.filter(due_on__gt=end)


def _note_due(post, dues: list) -> None:
    """Put on each of ``dues`` its days late, and whether its child's level is of an assessment or an estimate still.
    One query."""
    today = timezone.localdate()
    children = [due.child_id for due in dues]
    assessments = Assessment.objects.visible_to(post, "view_assessment").setting_level()
    assessed = set(assessments.filter(child__in=children).values_list("child", flat=True))
    for due in dues:
        due.late = (today - due.due_on).days
        due.is_estimate = due.child.risk != UNASSESSED and due.child_id not in assessed


def _records(post, tab: str, level: str):
    records = Assessment.objects.visible_to(post, "view_assessment").defer("answers", "computed", "screen", "scores")
    if state := STATES.get(tab):
        records = records.filter(state=state)
    return records.filter(level=level) if level in Risk.values else records


def _in_unit(rows, unit: OrgUnit | None):
    return rows if unit is None else rows.filter(**{f"{TIERS[unit.level - 1]}_id": unit.pk})


def _units_below(post) -> list[OrgUnit]:
    """The units of the next tier, to narrow the list to one."""
    below = OrgUnit.objects.visible_to(post, "view_assessment").current().filter(parent=post.unit_id)
    return list(below.filter(level__gt=post.unit.level).order_by("code")) if post.unit.level < 4 else []


def _unit_asked(request) -> OrgUnit | None:
    asked = request.GET.get("unit", "")
    return next((unit for unit in _units_below(request.post) if str(unit.uid) == asked), None) if asked else None
