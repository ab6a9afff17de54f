"""Guiding guardians, and keeping their written agreements of entrusted care (未成年人保护法 art. 22, 23)."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import check_name, check_phone, clean_text
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.child.codes import Relation
from registry.child.models import ChildFile
from registry.guidance import codes
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.moves import lock_registered, refuse_unregistered
from registry.guidance.workflow import ENTRUSTMENT, End, Notice
from registry.papers.services import add_paper, judge

ADVICE_LIMIT, REASON_LIMIT = 500, 200
LONGEST = datetime.timedelta(days=5 * 366)
NOTHING_SAID = gettext_lazy("请选择讲了什么，或写明具体建议。")
NOT_LOOKED = gettext_lazy("请核对受托人有没有不得受托的情形（未成年人保护法第二十二条）。")


def guide_guardian(file: ChildFile, *, by: Appointment, answers: dict, pk: uuid.UUID | None = None) -> Guidance:
    """Write down what a guardian was told. ``answers``: fields of Guidance. Raises PermissionDenied, Stale, or
    ValidationError by field; then nothing is saved."""
    problems: dict[str, list] = {}
    given_on, advice = answers.get("given_on"), clean_text(answers.get("advice") or "")
    topics = [code for code in codes.Topic.values if code in (answers.get("topics") or [])]
    guardian = _name(answers, "guardian", problems)
    if not given_on:
        problems["given_on"] = [_("请填写日期。")]
    elif given_on > timezone.localdate():
        problems["given_on"] = [_("日期在今天之后，请核对。")]
    if not topics and not advice:
        problems["topics"] = [NOTHING_SAID]
    if len(advice) > ADVICE_LIMIT:
        problems["advice"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": ADVICE_LIMIT, "n": len(advice)}]
    facts = {"given_on": given_on, "guardian": guardian, "topics": topics, "advice": advice}
    facts["agreed"] = answers.get("agreed")
    says, pk = has_values(child_id=file.pk, **facts), pk or uuid.uuid4()
    if same := first_sending(Guidance.objects.filter(pk=pk, made_by=by.person), says=says):
        return same
    _check_may(by, file)
    if problems:
        raise ValidationError(problems)
    guidance = Guidance(pk=pk, child=file, made_by=by.person, made_in=by, **facts)
    return _save_once(guidance, file, by, "guide_guardian", says)


def entrust(
    file: ChildFile,
    *,
    by: Appointment,
    answers: dict,
    unfit: list[str] | None,
    upload: UploadedFile | None = None,
    pk: uuid.UUID | None = None,
) -> Entrustment:
    """Keep an agreement of entrusted care.

    ``unfit``: which grounds of art. 22 speak against the carer; [] says that they were looked at and none holds, None
    that nobody looked. One that holds refuses the agreement. ``upload``: the signed paper. Raises PermissionDenied,
    Stale, or ValidationError by field; then nothing is saved.
    """
    problems: dict[str, list] = {}
    facts = _agreement(answers, problems)
    pk = pk or uuid.uuid4()
    earlier = Entrustment.objects.filter(pk=pk, made_by=by.person)

    def says(first: Entrustment) -> bool:
        return first.child_id == file.pk and _says_agreement(first, facts, upload)

    if same := first_sending(earlier, says=says):
        return same
    _check_may(by, file)
    _check_carer(unfit, problems)
    _check_dates(facts, problems)
    if problems:
        raise ValidationError(problems)
    agreement = Entrustment(pk=pk, child=file, made_by=by.person, made_in=by, **facts)
    with transaction.atomic():
        # two agreements at once come one after the other; the paper goes to the file as it is now
        file = lock_registered(file)
        if same := first_sending(earlier, says=says):
            return same
        if other := Entrustment.objects.filter(child=file).overlapping(facts["since"], facts["until"]).first():
            text = _("与现有委托照护书（%(who)s，%(since)s 至 %(until)s）重叠，请先结束那一份。")
            raise ValidationError({"since": [text % {"who": other.carer_name, **_time_of(other)}]})
        if upload:
            agreement.paper = add_paper(file, by=by, upload=upload, kind="custody_agreement")
        return _save_once(agreement, file, by, "entrust", says)


def notify(
    agreement: Entrustment, *, by: Appointment, seen_version: int, answers: dict, upload: UploadedFile | None = None
) -> Entrustment:
    """Write down when school and village were told in writing, or attach the paper. Blank answers change nothing."""
    _check_may(by, agreement.child)
    ENTRUSTMENT.refuse_moved_since("notify", agreement, seen_version=seen_version)
    told = {name: answers[name] for name in ("school_told_on", "village_told_on") if answers.get(name)}
    problems = {name: [_("日期在今天之后，请核对。")] for name, day in told.items() if day > timezone.localdate()}
    if not told and not upload:
        problems["village_told_on"] = [_("请填写告知日期，或上传委托照护书。")]
    if problems:
        raise ValidationError(problems)
    notice = Notice(told.get("school_told_on"), told.get("village_told_on"), upload)
    ENTRUSTMENT.apply("notify", agreement, by=by, seen_version=seen_version, payload=notice)
    return agreement


def end(
    agreement: Entrustment, *, by: Appointment, seen_version: int, on: datetime.date | None, reason: str
) -> Entrustment:
    """End an agreement before its last day; ``on`` is the first day without it."""
    _check_may(by, agreement.child)
    ENTRUSTMENT.refuse_moved_since("end", agreement, seen_version=seen_version)
    reason, problems = clean_text(reason), {}
    if not on:
        problems["on"] = [_("请填写从哪一天起结束。")]
    elif not agreement.since <= on <= agreement.until:
        problems["on"] = [_("日期应在委托期间（%(since)s 至 %(until)s）。") % _time_of(agreement)]
    if not reason:
        problems["reason"] = [_("请写明结束原因。")]
    elif len(reason) > REASON_LIMIT:
        problems["reason"] = [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]
    if problems:
        raise ValidationError(problems)
    assert on  # checked
    ENTRUSTMENT.apply("end", agreement, by=by, seen_version=seen_version, reason=reason, payload=End(on))
    return agreement


def _check_may(by: Appointment, file: ChildFile) -> None:
    if not by.may("guide_guardian", file):
        raise PermissionDenied
    refuse_unregistered(file)


def _agreement(answers: dict, problems: dict) -> dict:
    facts = {name: _name(answers, name, problems) for name in ("by_name", "carer_name")}
    for name in ("by_relation", "carer_relation"):
        facts[name] = answers.get(name) or ""
        if facts[name] not in Relation.values:
            problems[name] = [_("请选择与孩子的关系。")]
    facts["reason"] = clean_text(answers.get("reason") or "")
    if not facts["reason"]:
        problems["reason"] = [_("请写明为什么委托：无正当理由不得委托他人照护。")]
    elif len(facts["reason"]) > REASON_LIMIT:
        problems["reason"] = [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]
    try:
        facts["carer_phone"] = check_phone(answers.get("carer_phone") or "")
    except ValidationError as error:
        problems["carer_phone"] = error.messages
    dates = ("since", "until", "signed_on", "school_told_on", "village_told_on")
    return facts | {name: answers.get(name) for name in (*dates, "child_heard")}


def _says_agreement(first: Entrustment, facts: dict, upload: UploadedFile | None) -> bool:
    """Whether ``first`` says the same. What ``notify`` may have added since is no other content."""
    sent = {name: value for name, value in facts.items() if value or name not in ("school_told_on", "village_told_on")}
    if not has_values(**sent)(first):
        return False
    return not upload or (first.paper is not None and first.paper.sha256 == judge(upload).sha256)


def _name(answers: dict, name: str, problems: dict) -> str:
    given = answers.get(name) or ""
    try:
        checked = check_name(given) if clean_text(given) else ""
    except ValidationError as error:
        problems[name] = error.messages
        return ""
    if not checked:
        problems[name] = [_("请填写姓名。")]
    elif len(checked) > 50:
        problems[name] = [_("姓名最多 50 字。")]
    return checked


def _check_carer(unfit: list[str] | None, problems: dict) -> None:
    if unfit is None:
        problems["unfit"] = [NOT_LOOKED]
    elif holds := [codes.Unfit(code).label for code in codes.Unfit.values if code in unfit]:
        text = _("受托人不得受托：%(grounds)s。请与监护人另选他人；孩子已经在他那里的，请考虑紧急报告。")
        problems["unfit"] = [text % {"grounds": _("、").join(map(str, holds))}]


def _check_dates(facts: dict, problems: dict) -> None:
    today = timezone.localdate()
    for name in ("since", "until", "signed_on"):
        if not facts[name]:
            problems[name] = [_("请填写日期。")]
    for name in ("signed_on", "school_told_on", "village_told_on"):
        if facts[name] and facts[name] > today:
            problems[name] = [_("日期在今天之后，请核对。")]
    if facts["since"] and facts["until"]:
        if facts["until"] <= facts["since"]:
            problems["until"] = [_("止期应在起期之后。")]
        elif facts["until"] - facts["since"] > LONGEST:
            problems["until"] = [_("委托期超过五年，请核对日期。")]


def _time_of(agreement: Entrustment) -> dict[str, str]:
    """From when to when it is agreed, as a message says it."""
    return {name: date_format(getattr(agreement, name), "DATE_FORMAT") for name in ("since", "until")}


def _save_once(record: Any, file: ChildFile, by: Appointment, act: str, says: Callable[[Any], bool]) -> Any:
    earlier = type(record).objects.filter(pk=record.pk, made_by=by.person)
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")) as sending:
        record.place(lock_registered(file))  # moved since it was read: it goes where the child is now
        record.save(force_insert=True)
        if isinstance(record, Entrustment):
            record.events.create(action="make", was="", now=record.state, person=by.person, post=by)
        record_act(by, act, record)
    return sending.first or record
