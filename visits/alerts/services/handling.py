"""What is done about a report: steps, hand-over, answer, closing by the county, opening again when news come.

Law: 未成年人保护法 art. 11, 92–94.
"""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from visits.alerts import codes
from visits.alerts.models import OUTCOME, Alert, AlertState, AlertStep
from visits.alerts.services.locking import hold_file
from visits.alerts.services.messages import tell
from visits.alerts.services.news import tell_of_news
from visits.alerts.services.raising import CLOCKS_DIFFER, may_act, raised_by
from visits.alerts.workflow import ALERT

STEP_LIMIT = 500  # characters


def add_step(
    alert: Alert,
    *,
    by: Appointment,
    kind: str,
    text: str,
    organ: str = "",
    done_at: datetime.datetime | None = None,
    pk: uuid.UUID | None = None,
) -> AlertStep:
    """Write down what was done or learnt. Who reported may add what she learnt; whoever deals with it, anything.

    News of a closed report reopens it. ``pk`` from the form: sent twice, it is one step. Raises PermissionDenied,
    Refused, Stale, or ValidationError by field.
    """
    pk = pk or uuid.uuid4()
    earlier = AlertStep.objects.filter(pk=pk, person=by.person)
    text = clean_text(text)
    sent: dict[str, Any] = {"alert_id": alert.pk, "kind": kind, "text": text}
    sent["organ"] = organ if kind == codes.StepKind.HANDED_OVER else ""
    if done_at:
        sent["done_at"] = done_at
    says = has_values(**sent)
    if same := first_sending(earlier, says=says):
        return same
    if not may_act("handle_alert", by, alert) and not (kind == codes.StepKind.NEWS and raised_by(by, alert)):
        raise PermissionDenied
    problems = _step_problems(alert, kind, text, organ, done_at)
    if problems:
        raise ValidationError(problems)
    with created_once(earlier, says=says, refusal=_("这一条没有存上，请刷新页面后再填一次。")) as sending:
        hold_file(alert)
        now = Alert.objects.select_for_update().get(pk=alert.pk)
        if same := first_sending(earlier, says=says):  # its other sending was first at the lock
            return same
        if now.state == AlertState.CLOSED:
            if kind != codes.StepKind.NEWS:
                raise Refused(_("报告已办结。有新情况请选“补充情况”，报告会重新打开。"))
            _reopen(now, by, now.version)
        step = _write_step(now, by, kind, text, organ=organ, done_at=done_at, pk=pk)
        _stop_clocks(now, step)
        record_act(by, "step_alert", now, kind=kind)
        if kind == codes.StepKind.NEWS:
            tell_of_news(now, step, by=by)
    alert.refresh_from_db()
    return sending.first or step


def add_news(alert: Alert, *, by: Appointment, text: str, pk: uuid.UUID) -> AlertStep:
    """Write what ``by`` found of the child into its open report, and tell those who deal with it.

    For who comes upon the danger by other work, such as an assessment, and may do no more about the report: that work
    asks the permission. Call it inside its transaction, which holds the file. Raises IntegrityError where ``pk`` is
    taken.
    """
    step = _write_step(alert, by, codes.StepKind.NEWS, text, pk=pk)
    _stop_clocks(alert, step)
    record_act(by, "step_alert", alert, kind=codes.StepKind.NEWS)
    tell_of_news(alert, step, by=by)
    return step


def close(
    alert: Alert, *, by: Appointment, seen_version: int, outcome: str, grounds: list, placement: str, text: str
) -> Alert:
    """Close on a ground of the law, or as not confirmed with a reason; by the county alone.

    Only what was acted on and whose reporter was answered can be closed. Raises PermissionDenied, Refused, Stale, or
    ValidationError by field.
    """
    if not may_act("close_alert", by, alert):
        raise PermissionDenied
    ALERT.refuse_moved_since("close", alert, seen_version=seen_version)
    text, grounds = clean_text(text), list(grounds or [])
    problems = _closing_problems(alert, outcome, grounds, placement, text)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        hold_file(alert)
        # the outcome first: a closed report without one is refused by the database
        Alert.objects.filter(pk=alert.pk, version=seen_version, state=AlertState.HANDLED).update(
            outcome=outcome, grounds=grounds, placement=placement, closed_at=timezone.now()
        )
        ALERT.apply("close", alert, by=by, seen_version=seen_version)
        _write_step(alert, by, codes.StepKind.CLOSED, text)
    alert.refresh_from_db()
    return alert


def reopen(alert: Alert, *, by: Appointment, seen_version: int, text: str) -> Alert:
    """New facts came: deal with it again, with a clock of its own."""
    if not (raised_by(by, alert) or may_act("handle_alert", by, alert)):
        raise PermissionDenied
    ALERT.refuse_moved_since("reopen", alert, seen_version=seen_version)
    text = clean_text(text)
    if problems := _text_problems(text):
        raise ValidationError(problems)
    with transaction.atomic():
        _reopen(alert, by, seen_version)
        _write_step(alert, by, codes.StepKind.REOPENED, text)
    alert.refresh_from_db()
    return alert


def undo_close(alert: Alert, *, by: Appointment, seen_version: int, text: str) -> Alert:
    """The closing that ``by`` did just now was a mistake: the report is dealt with as before. ``text`` says why.

    Within UNDO_WITHIN, while nobody did anything since; afterwards, and for others, ``reopen`` is the way. Nobody signs
    again and no clock begins, for nothing new is known. Raises PermissionDenied, Refused, Stale, or ValidationError by
    field; then nothing is changed.
    """
    if not may_act("close_alert", by, alert):
        raise PermissionDenied
    text = clean_text(text)
    if problems := _text_problems(text):
        raise ValidationError(problems)
    with transaction.atomic():
        ALERT.undo(alert, by=by, seen_version=seen_version)
        _write_step(alert, by, codes.StepKind.UNDONE, text)
    alert.refresh_from_db()
    return alert


def may_undo_close(post: Appointment, alert: Alert) -> bool:
    """Whether ``post`` may take the closing back now. Asks nothing of a report that is dealt with still."""
    return alert.state == AlertState.CLOSED and may_act("close_alert", post, alert) and ALERT.may_undo(post, alert)


def _text_problems(text: str) -> dict:
    if not text:
        return {"text": [_("请写明情况。")]}
    if len(text) > STEP_LIMIT:
        return {"text": [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": STEP_LIMIT, "n": len(text)}]}
    return {}


def _step_problems(alert: Alert, kind: str, text: str, organ: str, done_at: datetime.datetime | None) -> dict:
    problems = _text_problems(text)
    if kind not in codes.BY_HAND:
        problems["kind"] = [_("请选择做了什么。")]
    if kind == codes.StepKind.HANDED_OVER and organ not in codes.Organ.values:
        problems["organ"] = [_("请选择移交、通报给哪个部门。")]
    if done_at and done_at > timezone.now() + CLOCKS_DIFFER:
        problems["done_at"] = [_("时间在现在之后，请核对。")]
    elif done_at and done_at < alert.found_at - datetime.timedelta(days=1):
        problems["done_at"] = [_("时间早于发现时间，请核对。")]
    return problems


def _closing_problems(alert: Alert, outcome: str, grounds: list, placement: str, text: str) -> dict:
    problems = _text_problems(text)
    allowed = codes.GROUNDS.get(outcome)
    if outcome not in codes.Outcome.values:
        problems["outcome"] = [_("请选择结果。")]
    elif allowed and (not grounds or set(grounds) - set(allowed.values)):
        problems["grounds"] = [_("请选择“%(outcome)s”所依据的法定情形。") % {"outcome": codes.Outcome(outcome).label}]
    elif not allowed and grounds:
        problems["grounds"] = [_("这个结果不用选法定情形，请去掉。")]
    if allowed and placement not in codes.Placement.values:
        problems["placement"] = [_("请选择孩子安置在哪里。")]
    elif not allowed and placement:
        problems["placement"] = [_("这个结果没有安置，请去掉。")]
    lacking = []
    if alert.handled_at is None:
        lacking.append(_("还没有处置记录，请先写明做了什么。"))
    if alert.answered_at is None:
        lacking.append(_("还没有答复报告人（未成年人保护法第十一条），请先答复并记录。"))
    if outcome != codes.Outcome.NOT_CONFIRMED and not _police_know(alert):
        lacking.append(_("还没有报警记录，请补记报警，或记录移交公安。"))
    if lacking:
        problems["outcome"] = problems.get("outcome", []) + lacking
    return problems


def _police_know(alert: Alert) -> bool:
    return alert.was_called or alert.steps.filter(organ=codes.Organ.POLICE).exists()


def _write_step(
    alert: Alert,
    by: Appointment,
    kind: str,
    text: str,
    *,
    organ: str = "",
    done_at: datetime.datetime | None = None,
    pk: uuid.UUID | None = None,
) -> AlertStep:
    organ = organ if kind == codes.StepKind.HANDED_OVER else ""
    step = AlertStep(
        pk=pk or uuid.uuid4(),
        alert=alert,
        kind=kind,
        organ=organ,
        text=text,
        done_at=done_at or timezone.now(),
        person=by.person,
        post=by,
    )
    step.save(force_insert=True)  # a key that is taken is refused, never written over
    return step


def _stop_clocks(alert: Alert, step: AlertStep) -> None:
    """A step counts the version on, so that nobody closes what they have not read. ``alert`` is read again after."""
    clocks = {}
    if step.kind in codes.DEEDS and alert.handled_at is None:
        clocks["handled_at"] = step.at
    if step.kind == codes.StepKind.ANSWERED and alert.answered_at is None:
        clocks["answered_at"] = step.at
    Alert.objects.filter(pk=alert.pk).update(version=F("version") + 1, **clocks)


def _reopen(alert: Alert, by: Appointment, seen_version: int) -> None:
    ALERT.apply("reopen", alert, by=by, seen_version=seen_version)
    alert.outcome, alert.grounds, alert.placement, alert.closed_at = "", [], "", None
    alert.clock_from, alert.handled_at, alert.answered_at = timezone.now(), None, None
    # who signed before signed for what was known then: the events keep it
    alert.township_at, alert.county_at, alert.escalated_to = None, None, None
    clocks = ("clock_from", "handled_at", "answered_at", "township_at", "county_at", "escalated_to")
    alert.save(update_fields=[*OUTCOME, *clocks])
    tell(alert, "reopened")
