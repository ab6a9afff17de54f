"""Assessments on the desk: the station confirms them, the county signs those of a high level."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.review.kinds import Card, ReviewKind
from orgs.workbench.kinds import OF_A_CHILD, Waiting
from registry.assessments.api import AssessmentOut
from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.moves import asks_county
from registry.assessments.presentation import comparison_of, reading_of
from registry.assessments.workflow import ASSESSMENT
from registry.child.codes import Risk

# what an assessment lacks most often: offered when it is sent back
REASONS = (
    gettext_lazy("请把不清楚的再问一次"),
    gettext_lazy("请写明调整等级的原因"),
    gettext_lazy("请听一听孩子自己的想法"),
)


def _fetched(assessments: QuerySet) -> QuerySet:
    return assessments.select_related("child", "instrument", "made_by", "second_of__instrument", "second_of__made_by")


def _card(assessment: Any, _post: Appointment) -> Card:
    flags: list[Words] = [gettext_lazy("紧急筛查")] if assessment.urgent else []
    if assessment.level_tone == "danger":
        flags.append(assessment.level_words)
    return Card(
        at=assessment.sent_at,
        detail=f"{assessment.get_occasion_display()} {assessment.level_words}",
        chip=assessment.level_words,
        flags=flags,
        is_urgent=assessment.urgent,
    )


def _case(_request: Any, assessment: Any) -> dict:
    reading = reading_of(assessment)
    return {
        "reading": reading,
        "comparison": comparison_of(assessment.second_of, assessment) if assessment.second_of else None,
        "goes_to_county": asks_county(assessment),
    }


def _todo_words(row: Waiting) -> str:
    level = Risk(row.mark).label if row.mark else _("未完成")
    return _("评估：%(level)s") % {"level": level}


def _confirmed_words(assessment: Assessment) -> str:
    said = {"name": assessment.child.name, "level": assessment.level_words}
    words = _("已确认%(name)s的评估，%(level)s；走访频次随等级。") % said
    if assessment.state == AssessmentState.CHECKED:
        words += _("还要%(county)s确认。") % {"county": assessment.county.short_name}
    return words


COLUMNS = {"since": "sent_at", **OF_A_CHILD, "mark": "proposed"}
ASSESSMENTS = ReviewKind(
    key="assessment",
    label=gettext_lazy("评估"),
    tone="brand",
    model=Assessment,
    permission="confirm_assessment",
    workflow=ASSESSMENT,
    passing="confirm",
    fetched=_fetched,
    card=_card,
    reads="view_assessment",
    case=_case,
    reasons=REASONS,
    template="registry/assessments/review.html",
    serializer=AssessmentOut,
    done_words=_confirmed_words,
    columns=COLUMNS,
    todo_words=_todo_words,
)
TO_SIGN = ReviewKind(
    key="assessment_sign",
    label=gettext_lazy("高等级评估"),
    tone="danger",
    model=Assessment,
    permission="sign_assessment",
    workflow=ASSESSMENT,
    passing="sign",
    returning="send_back",
    county_too=False,
    awaiting=lambda assessments: assessments.awaiting_signature(),
    fetched=_fetched,
    card=_card,
    reads="view_assessment",
    case=_case,
    reasons=REASONS,
    template="registry/assessments/review.html",
    serializer=AssessmentOut,
    done_words=lambda assessment: _("已由县级确认%(name)s的评估。") % {"name": assessment.child.name},
    columns=COLUMNS,
    todo_words=_todo_words,
    days=3,  # working days; this installation's own measure
)
