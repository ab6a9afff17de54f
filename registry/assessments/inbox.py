"""What is told of assessments: that one came back, was confirmed, waits for the county, or that a child is due."""

import datetime
from collections.abc import Iterable

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.days import short_day
from orgs.inbox.kinds import About, InboxKind
from orgs.inbox.reminders import DeadlineKind, Due
from orgs.units.models import Level
from registry.assessments.models import Assessment, AssessmentDue, AssessmentState


def _to_it(about: About) -> str:
    return reverse("assessment-detail", args=[about.pk])


RETURNED = InboxKind(
    key="assessment_returned",
    label=gettext_lazy("评估退回"),
    icon="arrow-counterclockwise",
    records=Assessment.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=AssessmentState.RETURNED),
    title=lambda about: _("%(name)s的评估被退回，请修改") % {"name": about.who},
    url=_to_it,
)


def _with_plan(text: str, about: About) -> str:
    """``mark``: by when its level asks for a plan of help; blank where it does not."""
    if not about.mark:
        return text
    day = short_day(datetime.date.fromisoformat(about.mark))
    return _("%(told)s；%(day)s前要有帮扶方案") % {"told": text, "day": day}


PLAN_DUE = {"mark": lambda: Coalesce(Cast("plan_due_on", CharField()), Value(""))}
CHECKED = InboxKind(
    key="assessment_checked",
    label=gettext_lazy("评估由工作站确认"),
    icon="check-circle",
    records=Assessment.objects.all,
    columns={"child": "child", **PLAN_DUE},
    waits=lambda: Q(state=AssessmentState.CHECKED),
    title=lambda about: _with_plan(_("%(name)s的评估工作站已确认，还要县级确认") % {"name": about.who}, about),
    url=_to_it,
    news=True,
)
CONFIRMED = InboxKind(
    key="assessment_confirmed",
    label=gettext_lazy("评估确认"),
    icon="check-circle",
    records=Assessment.objects.all,
    columns={"child": "child", **PLAN_DUE},
    waits=lambda: Q(state=AssessmentState.APPROVED),
    title=lambda about: _with_plan(_("%(name)s的评估已确认") % {"name": about.who}, about),
    url=_to_it,
    news=True,
)
TO_SIGN = InboxKind(
    key="assessment_to_sign",
    label=gettext_lazy("评估待县级确认"),
    icon="pencil-square",
    records=Assessment.objects.all,
    columns={"child": "child"},
    waits=lambda: Q(state=AssessmentState.CHECKED),
    title=lambda about: _("%(name)s评估为高等级，等县级确认") % {"name": about.who},
    url=lambda about: reverse("review-case", args=["assessment_sign", about.pk]),
)


def _due_words(about: About) -> str:
    if not about.mark:  # the child is due no more
        return _("%(name)s的评估") % {"name": about.who}
    day = datetime.date.fromisoformat(about.mark)
    return _("%(name)s该评估了，最迟%(day)s") % {"name": about.who, "day": short_day(day)}


DUE = InboxKind(
    key="assessment_due",
    label=gettext_lazy("该评估"),
    icon="heart-pulse",
    records=AssessmentDue.objects.all,
    columns={"child": "child", "mark": lambda: Cast("due_on", CharField())},
    waits=lambda: Q(pk__in=AssessmentDue.objects.unsent().values("pk")),
    title=_due_words,
    url=lambda about: reverse("assessment-due", args=[about.pk]),
)


def not_assessed(first: datetime.date, last: datetime.date) -> Iterable[Due]:
    """Children whose last day lies between, for whom nothing was sent yet: asked of their village."""
    rows = AssessmentDue.objects.unsent().filter(due_on__range=(first, last), village__level=Level.VILLAGE)
    for row in rows.select_related("village").order_by("due_on", "pk"):
        yield Due(about=row, due_on=row.due_on, unit=row.village)


LAST_DAY = DeadlineKind(
    key="assessment_due", open=not_assessed, to="assess_child", above="confirm_assessment", head="sign_assessment"
)
