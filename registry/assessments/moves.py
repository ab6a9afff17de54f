"""What the moves of an assessment require and what follows from them; the table: ``registry.assessments.workflow``."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.services import Author, Holders, notify
from orgs.units.models import Level
from registry.assessments.models import Assessment, AssessmentEvent, AssessmentState
from registry.assessments.services.danger import tell_of_danger
from registry.assessments.services.dues import plan_next
from registry.assessments.services.risk import follow_level, level_held
from registry.assessments.workflow import ASSESSMENT, Correction, Notice
from registry.child.models import FileState
from registry.child.services.locking import lock_file_of


@ASSESSMENT.lock
def _lock_file(assessment: Assessment) -> None:
    """The file before the assessment, as a transfer locks them; the assessment lies where its file is."""
    here = lock_file_of(assessment)
    assessment.child = here
    assessment.place(here)


@ASSESSMENT.outcome("confirm")
def _confirm(assessment: Assessment, attempt: Attempt) -> Outcome:
    """The county signs after the station; where it confirms in the station's place it has."""
    by_county = attempt.by.unit.level == Level.COUNTY
    state = AssessmentState.CHECKED if asks_county(assessment) and not by_county else AssessmentState.APPROVED
    held = level_held(assessment.child)
    columns = {
        "decided_at": timezone.now(),
        "first_estimate": held.first_estimate if held else assessment.child.risk,
        "taken_back": False,
    }
    return Outcome(state=state, columns=columns | _asked_by_level(assessment) | assessment.place_values())


def _asked_by_level(assessment: Assessment) -> dict[str, Any]:
    """By when its level asks for a plan of help and for a meeting, in working days from today; None for neither."""
    dues: dict[str, Any] = {"plan_due_on": None, "meeting_due_on": None}
    if assessment.is_second or not assessment.level:
        return dues
    level, today = assessment.instrument.content.level(assessment.level), timezone.localdate()
    days = WorkingDays(today, today) if level.plan_days or level.meeting_days else None
    if days and level.plan_days:
        dues["plan_due_on"] = days.after(today, level.plan_days)
    if days and level.meeting_days:
        dues["meeting_due_on"] = days.after(today, level.meeting_days)
    return dues


@ASSESSMENT.outcome("notify")
def _stays(assessment: Assessment, attempt: Attempt) -> Outcome:
    return Outcome(state=assessment.state, columns={"notified_on": attempt.payload.on})


@ASSESSMENT.outcome("recall")
def _is_taken_back(_assessment: Assessment, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": True})


@ASSESSMENT.outcome("return", "send_back")
def _is_sent_back(_assessment: Assessment, _attempt: Attempt) -> Outcome:
    return Outcome(columns={"taken_back": False})


@ASSESSMENT.outcome("resubmit")
def _send_again(assessment: Assessment, _attempt: Attempt) -> Outcome:
    sent = {"sent_at": timezone.now(), "taken_back": False}
    return Outcome(columns=sent | assessment.place_values())


@ASSESSMENT.effect("confirm")
def _count_level(assessment: Assessment, event: AssessmentEvent, _payload: None) -> None:
    """From now on its level is the file's, unless a newer one is in force."""
    _follow(assessment, event)
    record_act(event.post, "confirm_assessment", assessment)
    if assessment.state == AssessmentState.CHECKED:
        county = Holders(assessment.county_id, "sign_assessment")
        notify("assessment_to_sign", assessment, to=county, key=str(event.pk), by=event.post)
        _tell_assessor("assessment_checked", assessment, event)
    else:
        _tell_assessor("assessment_confirmed", assessment, event)


@ASSESSMENT.effect("return", "send_back")
def _send_back(assessment: Assessment, event: AssessmentEvent, _payload: None) -> None:
    """What the county sends back had counted: the file says again what it said before."""
    if event.action == "send_back":
        _follow(assessment, event)
    record_act(event.post, "return_assessment", assessment)
    _tell_assessor("assessment_returned", assessment, event)


@ASSESSMENT.effect("sign")
def _sign(assessment: Assessment, event: AssessmentEvent, _payload: None) -> None:
    record_act(event.post, "sign_assessment", assessment)
    _tell_assessor("assessment_confirmed", assessment, event)


@ASSESSMENT.effect("resubmit")
def _write_correction(assessment: Assessment, event: AssessmentEvent, correction: Correction) -> None:
    """All that it says, what is sealed among it."""
    said = (assessment.urgent, assessment.danger_words)
    for name, value in correction.columns.items():
        setattr(assessment, name, value)
    assessment.save(update_fields=list(correction.columns))
    record_act(event.post, "correct_assessment", assessment)
    tell_of_danger(assessment, by=event.post, said=said)


@ASSESSMENT.effect("recall")
def _record_recall(assessment: Assessment, event: AssessmentEvent, _payload: None) -> None:
    record_act(event.post, "recall_assessment", assessment)


@ASSESSMENT.effect("withdraw", "end_with_file")
def _record_end(assessment: Assessment, event: AssessmentEvent, _payload: None) -> None:
    record_act(event.post, "withdraw_assessment", assessment)


@ASSESSMENT.effect("notify")
def _record_notice(assessment: Assessment, event: AssessmentEvent, _notice: Notice) -> None:
    record_act(event.post, "notify_of_assessment", assessment)


@ASSESSMENT.undo_check("confirm", "return", "sign", "send_back")
def _may_undo(assessment: Assessment, _event: AssessmentEvent) -> None:
    if assessment.child.state != FileState.APPROVED:
        raise Refused(_("这份档案已不在册，评估不能再办。"))


@ASSESSMENT.undo_effect("confirm", "send_back")
def _put_level_back(assessment: Assessment, event: AssessmentEvent) -> None:
    _follow(assessment, event)
    record_act(event.post, "undo", assessment)


@ASSESSMENT.undo_effect("return", "sign", "end_with_file")
def _record_undone(assessment: Assessment, event: AssessmentEvent) -> None:
    record_act(event.post, "undo", assessment)


def asks_county(assessment: Assessment) -> bool:
    """Whether the level that the points propose, or the one that a person decided, is signed by the county too."""
    content = assessment.instrument.content
    levels = {assessment.proposed, assessment.level} if assessment.level else set()
    return any(content.level(level).county_signs for level in levels if level)


def _follow(assessment: Assessment, event: AssessmentEvent) -> None:
    if assessment.is_second:
        return
    follow_level(assessment.child, by=event.post, estimate=assessment.first_estimate)
    plan_next(assessment.child)


def _tell_assessor(kind: str, assessment: Assessment, event: AssessmentEvent) -> None:
    author: Any = Author(assessment.made_in_id, "assess_child")
    notify(kind, assessment, to=author, key=str(event.pk), by=event.post)
