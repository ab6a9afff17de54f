"""Mandatory reports: raised at once, signed for, acted on, answered, closed by the county.

Law: 未成年人保护法 art. 11, 92–94.
"""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.cleaning import clean_text
from childwelfare.workflow import Refused, Stale
from orgs.models import Appointment, Level, OrgUnit
from orgs.services.audit import record_act
from registry.models import ChildFile
from visits import alert_codes as codes
from visits.alert_workflow import ALERT
from visits.models import Alert, AlertState, AlertStep
from visits.services.alert_messages import tell

# longest texts, in characters
LIMITS = {"child_words": 100, "where": 100, "seen": 500, "told_by": 100, "police_unit": 60, "police_receipt": 40}
CALL_FIELDS = ("call", "called_at", "police_unit", "police_receipt")
STEP_LIMIT = 500
CLOCKS_DIFFER = datetime.timedelta(minutes=10)  # a phone's clock may be ahead of ours
TIERS_THAT_SIGN = {Level.TOWNSHIP: "township_at", Level.COUNTY: "county_at"}


def raise_alert(*, by: Appointment, answers: dict, pk: uuid.UUID | None = None) -> Alert:
    """Report danger to a child to township, county and city at once, and start the 24-hour clock.

    ``answers``: fields of Alert in clear; ``child`` and ``village`` by their key (UUID) or None. Without a child
    ``child_words`` says who it is; without a village it is the child's, a director's is always her own. ``pk`` comes
    from the form or the phone: a second sending gives the report of the first. Raises PermissionDenied, Refused, or
    ValidationError by field; then nothing is saved and nobody is told.
    """
    if pk and (same := Alert.objects.filter(pk=pk, made_by=by.person).first()):
        return same
    if not by.holds("raise_alert"):
        raise PermissionDenied
    facts = {name: clean_text(answers.get(name) or "") for name in LIMITS}
    facts |= {name: answers.get(name) for name in ("call", "called_at")}
    facts["situations"] = [code for code in codes.Situation.values if code in (answers.get("situations") or [])]
    facts["found_at"] = answers.get("found_at") or timezone.now()
    problems: dict[str, list] = {}
    child, village = _whom_and_where(by, answers, facts, problems)
    _check_report(facts, problems)
    if problems:
        raise ValidationError(problems)
    alert = Alert(pk=pk or uuid.uuid4(), child=child, made_by=by.person, made_in=by, **_call_of(facts))
    alert.place(village)
    try:
        with transaction.atomic():
            alert.save(force_insert=True)
            alert.events.create(action="raise", now=alert.state, person=by.person, post=by)
            record_act(by, "raise_alert", alert)
            tell(alert, "raised")
    except IntegrityError:
        # the same report came twice at once: the other one was first
        if same := Alert.objects.filter(pk=alert.pk, made_by=by.person).first():
            return same
        raise Refused(_("这份报告没有存上，请回到紧急报告页面重新打开表单。")) from None
    return alert


def acknowledge(alert: Alert, *, by: Appointment, seen_version: int) -> Alert:
    """Sign for a report, once for the township and once for the county: from now on it is dealt with."""
    column = TIERS_THAT_SIGN.get(by.unit.level)
    if column is None or not _may("acknowledge_alert", by, alert):
        raise PermissionDenied
    if getattr(alert, column):
        raise Refused(_("本级已经签收过了。"))
    with transaction.atomic():
        ALERT.apply("acknowledge", alert, by=by, seen_version=seen_version)
        setattr(alert, column, timezone.now())
        alert.save(update_fields=[column])
    return alert


def complete_call(alert: Alert, *, by: Appointment, seen_version: int, answers: dict) -> Alert:
    """What was learnt of the call to 110 later: that it went through, its time, police unit, receipt number."""
    if not (_made(by, alert) or _may("handle_alert", by, alert)):
        raise PermissionDenied
    facts = {name: clean_text(answers.get(name) or "") for name in CALL_FIELDS if name != "called_at"}
    facts["called_at"] = answers.get("called_at")
    problems: dict[str, list] = {}
    _check_call(facts, problems)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        _claim(alert, seen_version)
        for name, value in _call_of(facts).items():
            setattr(alert, name, value)
        alert.save(update_fields=CALL_FIELDS)
        alert.events.create(action="call", was=alert.state, now=alert.state, person=by.person, post=by)
        record_act(by, "call_alert", alert)
    return alert


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
    if pk and (same := alert.steps.filter(pk=pk, person=by.person).first()):
        return same
    if not _may("handle_alert", by, alert) and not (kind == codes.StepKind.NEWS and _made(by, alert)):
        raise PermissionDenied
    text = clean_text(text)
    problems = _step_problems(alert, kind, text, organ, done_at)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        now = Alert.objects.select_for_update().get(pk=alert.pk)
        if now.state == AlertState.CLOSED:
            if kind != codes.StepKind.NEWS:
                raise Refused(_("报告已办结。有新情况请选“补充情况”，报告会重新打开。"))
            _reopened(now, by, now.version)
        step = _written(now, by, kind, text, organ=organ, done_at=done_at, pk=pk)
        _stop_clocks(now, step)
        record_act(by, "step_alert", now, kind=kind)
    alert.refresh_from_db()
    return step


def close(
    alert: Alert, *, by: Appointment, seen_version: int, outcome: str, grounds: list, placement: str, text: str
) -> Alert:
    """Close on a ground of the law, or as not confirmed with a reason; by the county alone.

    Only what was acted on and whose reporter was answered can be closed. Raises PermissionDenied, Refused, Stale, or
    ValidationError by field.
    """
    if not _may("close_alert", by, alert):
        raise PermissionDenied
    text, grounds = clean_text(text), list(grounds or [])
    problems = _closing_problems(alert, outcome, grounds, placement, text)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        # the outcome first: a closed report without one is refused by the database
        Alert.objects.filter(pk=alert.pk, version=seen_version, state=AlertState.HANDLED).update(
            outcome=outcome, grounds=grounds, placement=placement, closed_at=timezone.now()
        )
        ALERT.apply("close", alert, by=by, seen_version=seen_version)
        _written(alert, by, codes.StepKind.CLOSED, text)
    alert.refresh_from_db()
    return alert


def reopen(alert: Alert, *, by: Appointment, seen_version: int, text: str) -> Alert:
    """New facts came: deal with it again, with a clock of its own."""
    if not (_made(by, alert) or _may("handle_alert", by, alert)):
        raise PermissionDenied
    text = clean_text(text)
    if problems := _text_problems(text):
        raise ValidationError(problems)
    with transaction.atomic():
        _reopened(alert, by, seen_version)
        _written(alert, by, codes.StepKind.REOPENED, text)
    alert.refresh_from_db()
    return alert


def _may(permission: str, by: Appointment, alert: Alert) -> bool:
    return by.may(permission, alert) or (alert.child is not None and by.may(permission, alert.child))


def _made(by: Appointment, alert: Alert) -> bool:
    return alert.made_by_id == by.person_id and by.may("raise_alert", alert)


def _whom_and_where(by: Appointment, answers: dict, facts: dict, problems: dict) -> tuple:
    child = village = None
    if key := answers.get("child"):
        child = ChildFile.objects.open_to(by, "view_child").filter(pk=key).first()
        if child is None:
            problems["child"] = [_("找不到这个孩子的档案。不在您这里的孩子，请用文字说明是谁。")]
    elif not facts["child_words"]:
        problems["child_words"] = [_("请写明是哪个孩子：姓名、性别、大约几岁，或者谁家的孩子。")]
    if by.unit.level == Level.VILLAGE:
        return child, by.unit
    if key := answers.get("village"):
        villages = OrgUnit.objects.visible_to(by, "raise_alert").current().filter(level=Level.VILLAGE)
        village = villages.filter(uid=key).first()
        if village is None:
            problems["village"] = [_("请选择您辖区内现有的村（居）。")]
    elif child is not None:
        village = child
    elif "child" not in problems:
        problems["village"] = [_("请选择孩子现在在哪个村（居）。")]
    return child, village


def _check_report(facts: dict, problems: dict) -> None:
    if not facts["situations"]:
        problems["situations"] = [_("请至少选一项，拿不准选“其他严重伤害或危险”。")]
    if facts["found_at"] > timezone.now() + CLOCKS_DIFFER:
        problems["found_at"] = [_("发现时间在现在之后，请核对。")]
    for name in ("child_words", "where", "seen", "told_by"):
        _check_length(facts, name, problems)
    _check_call(facts, problems)


def _check_call(facts: dict, problems: dict) -> None:
    if facts["call"] not in codes.Call.values:
        problems["call"] = [_("请先打 110，再选打通了没有。")]
    elif facts["call"] in codes.CALLED and not facts["called_at"]:
        problems["called_at"] = [_("请填写报警时间。")]
    elif facts["called_at"] and facts["called_at"] > timezone.now() + CLOCKS_DIFFER:
        problems["called_at"] = [_("报警时间在现在之后，请核对。")]
    for name in ("police_unit", "police_receipt"):
        _check_length(facts, name, problems)


def _check_length(facts: dict, name: str, problems: dict) -> None:
    if len(facts[name]) > LIMITS[name]:
        text = _("最多 %(most)s 字，现在有 %(n)s 字。")
        problems[name] = [text % {"most": LIMITS[name], "n": len(facts[name])}]


def _call_of(facts: dict) -> dict:
    """Nothing of a call stays where none was made."""
    if facts["call"] in codes.CALLED:
        return facts
    return facts | {"called_at": None, "police_unit": "", "police_receipt": ""}


def _text_problems(text: str) -> dict:
    if not text:
        return {"text": [_("请写明情况。")]}
    if len(text) > STEP_LIMIT:
        return {"text": [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": STEP_LIMIT, "n": len(text)}]}
    return {}


def _step_problems(alert: Alert, kind: str, text: str, organ: str, done_at) -> dict:
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


def _claim(alert: Alert, seen_version: int) -> None:
    """Hold the row and count its version on, or tell that somebody was first."""
    if not Alert.objects.filter(pk=alert.pk, version=seen_version).update(version=F("version") + 1):
        raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
    alert.version = seen_version + 1


def _written(alert, by, kind, text, *, organ="", done_at=None, pk=None) -> AlertStep:
    organ = organ if kind == codes.StepKind.HANDED_OVER else ""
    return AlertStep.objects.create(
        pk=pk or uuid.uuid4(), alert=alert, kind=kind, organ=organ, text=text, done_at=done_at or timezone.now(),
        person=by.person, post=by,
    )  # fmt: skip


def _stop_clocks(alert: Alert, step: AlertStep) -> None:
    """A step counts the version on, so that nobody closes what they have not read."""
    alert.version += 1
    if step.kind in codes.DEEDS and alert.handled_at is None:
        alert.handled_at = step.at
    if step.kind == codes.StepKind.ANSWERED and alert.answered_at is None:
        alert.answered_at = step.at
    alert.save(update_fields=["version", "handled_at", "answered_at"])


def _reopened(alert: Alert, by: Appointment, seen_version: int) -> None:
    ALERT.apply("reopen", alert, by=by, seen_version=seen_version)
    alert.outcome, alert.grounds, alert.placement, alert.closed_at = "", [], "", None
    alert.clock_from, alert.handled_at, alert.answered_at = timezone.now(), None, None
    alert.save(
        update_fields=["outcome", "grounds", "placement", "closed_at", "clock_from", "handled_at", "answered_at"]
    )
    tell(alert, "reopened")
