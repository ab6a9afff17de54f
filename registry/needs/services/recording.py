"""Recording a need, and what is done for it, step by step."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import check_length
from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.writing import count_version, created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import Level
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_file_of, lock_whole_file
from registry.needs import codes
from registry.needs.deadlines import FURTHEST, due_from
from registry.needs.models import Need, NeedState, NeedStep
from registry.needs.sources import SOURCE_KINDS, record_found
from registry.needs.workflow import is_held_by

WORDS_LIMIT, STEP_LIMIT = 500, 500  # characters
NOT_SAVED = gettext_lazy("这次没有存上，请刷新页面后再填一次。")


def record_need(
    child: ChildFile,
    *,
    by: Appointment,
    kind: str,
    words: str,
    urgency: str = codes.Urgency.NORMAL,
    source: str = codes.Source.OTHER,
    source_id: uuid.UUID | None = None,
    found_on: datetime.date | None = None,
    due_on: datetime.date | None = None,
    pk: uuid.UUID | None = None,
    anyway: bool = False,
) -> Need:
    """Write down what ``child`` needs. The unit of ``by`` holds it and ``by`` owns it, until it goes on.

    ``found_on``: today unless said; ``due_on``: by urgency unless said (``deadlines.DUE_WITHIN``). ``source_id``: the
    record in which it was found, of this child and open to ``by``. ``pk`` from the form: sent twice, it is one need.
    ``anyway``: though an open one of the same kind is there already. Raises PermissionDenied, Stale, or
    ValidationError by field (kind, urgency, words, source, found_on, due_on, anyway); then nothing is saved.
    """
    pk, asked = pk or uuid.uuid4(), child
    earlier = Need.objects.filter(pk=pk, made_by=by.person)
    problems: dict[str, list] = {}
    facts: dict[str, Any] = {
        "kind": kind,
        "urgency": urgency,
        "words": _text(words, WORDS_LIMIT, "words", problems, _("请写明具体情况：缺什么、为什么。")),
        "source": source,
        "source_id": source_id,
        "found_on": found_on or timezone.localdate(),
    }
    sent = facts | ({"due_on": due_on} if due_on else {})
    about = {asked.pk, asked.survivor.pk}  # where the file was merged since, the need lies in the other

    def says(first: Need) -> bool:
        return first.child_id in about and has_values(**sent)(first)

    if same := first_sending(earlier, says=says):
        return same
    child = child.survivor
    _check_may(by, child)
    _check_facts(facts, due_on, problems)
    _check_source(by, child, facts, problems)
    if problems:
        raise ValidationError(problems)
    with created_once(earlier, says=says, refusal=NOT_SAVED) as sending:
        here = lock_whole_file(child.pk)
        if same := first_sending(earlier, says=says):  # its other sending was first at the lock
            return same
        _check_may(by, here)
        _refuse_found_twice(here, kind, anyway)
        need = Need(pk=pk, child=here, made_by=by.person, made_in=by, owner=by, holder=by.unit, **facts)
        need.system = codes.Kind(kind).system
        need.due_on = due_on or due_from(timezone.localdate(), urgency)
        need.sent_for = asked if asked.pk != here.pk else None
        need.place(here)
        need.save(force_insert=True)
        need.events.create(action="record", was="", now=need.state, person=by.person, post=by,
                           holder=by.unit, owner=by, due_on=need.due_on)  # fmt: skip
        record_act(by, "record_need", need, kind=kind)
    return sending.first or need


def may_be_recorded_for(post: Appointment, child: ChildFile) -> bool:
    """Whether ``post`` may record a need of ``child`` now: where a button leads there."""
    return child.state == FileState.APPROVED and post.may("record_need", child)


def same_open(child: ChildFile, kind: str) -> Need | None:
    """The open need of the same kind that ``child`` has already, if it has one."""
    return Need.objects.open().filter(child=child, kind=kind).select_related("holder").order_by("found_on").first()


def add_step(
    need: Need,
    *,
    by: Appointment,
    service: str,
    text: str,
    done_on: datetime.date | None = None,
    pk: uuid.UUID | None = None,
) -> NeedStep:
    """Write down what was done for ``need``; anybody of its line may who handles needs, the city where it holds it.

    What comes in after the settling is written down too. It counts the version on, so that nobody settles what they
    have not read. ``pk`` from the form: sent twice, it is one step. Raises PermissionDenied, Stale, or ValidationError
    by field (service, text, done_on).
    """
    problems: dict[str, list] = {}
    pk = pk or uuid.uuid4()
    earlier = NeedStep.objects.filter(pk=pk, made_by=by.person)
    text = _text(text, STEP_LIMIT, "text", problems, _("请写明做了什么、结果怎样。"))
    done_on = done_on or timezone.localdate()
    says = has_values(need_id=need.pk, service=service, text=text, done_on=done_on)
    if same := first_sending(earlier, says=says):
        return same
    if not may_add_step(by, need):
        raise PermissionDenied
    if service not in codes.STEPS_BY_HAND:
        problems["service"] = [_("请选择做了什么。")]
    if done_on > timezone.localdate():
        problems["done_on"] = [_("日期在今天之后，请核对。")]
    if problems:
        raise ValidationError(problems)
    with created_once(earlier, says=says, refusal=NOT_SAVED) as sending:
        lock_file_of(need)
        if same := first_sending(earlier, says=says):
            return same
        count_version(need)
        need.refresh_from_db(fields=["state"])
        if need.state == NeedState.VOID:
            raise Stale(_("这条需求已经撤销，不再记录办理。"))
        step = NeedStep(pk=pk, need=need, service=service, text=text, done_on=done_on)
        step.made_by, step.made_in = by.person, by
        step.save(force_insert=True)
        record_act(by, "step_need", need, service=service)
    return sending.first or step


def may_add_step(post: Appointment, need: Need) -> bool:
    """The city goes by figures: it acts on what it holds."""
    return post.may("handle_need", need) and (post.unit.level != Level.CITY or is_held_by(post, need))


def _check_may(by: Appointment, child: ChildFile) -> None:
    if not by.may("record_need", child):
        raise PermissionDenied
    if child.state != FileState.APPROVED:
        text = _("%(name)s的档案不在册（%(state)s），不能记录需求。档案审核通过以后再记；有危险请紧急报告。")
        raise Stale(text % {"name": child.name, "state": child.get_state_display()})


def _check_facts(facts: dict, due_on: datetime.date | None, problems: dict) -> None:
    today = timezone.localdate()
    if facts["kind"] not in codes.Kind.values:
        problems["kind"] = [_("请选择需要什么。")]
    if facts["urgency"] not in codes.Urgency.values:
        problems["urgency"] = [_("请选择紧急程度。")]
    if facts["found_on"] > today:
        problems["found_on"] = [_("发现日期在今天之后，请核对。")]
    elif today - facts["found_on"] > FURTHEST:
        problems["found_on"] = [_("发现日期在一年以前，请核对年份。")]
    if due_on and not today <= due_on <= today + FURTHEST:
        problems["due_on"] = [due_out_of_range()]


def due_out_of_range() -> str:
    """What is said of a last day that nobody can mean."""
    today = timezone.localdate()
    words = {"since": short_day(today), "until": short_day(today + FURTHEST)}
    return _("应办结日期应在今天（%(since)s）到%(until)s之间，请核对。") % words


def _check_source(by: Appointment, child: ChildFile, facts: dict, problems: dict) -> None:
    if facts["source"] not in codes.Source.values:
        problems["source"] = [_("请选择从哪里发现。")]
    elif facts["source_id"]:
        found: Any = record_found(by, facts["source"], facts["source_id"])
        if facts["source"] not in SOURCE_KINDS or found is None or found.child_id != child.pk:
            label = codes.Source(facts["source"]).label
            problems["source"] = [_("找不到这个孩子的这一条“%(source)s”，请从它的页面重新打开。") % {"source": label}]


def _refuse_found_twice(child: ChildFile, kind: str, anyway: bool) -> None:
    if anyway:
        return
    if same := same_open(child, kind):
        words = {
            "kind": same.get_kind_display(),
            "day": short_day(same.found_on),
            "unit": same.holder.short_name,
            "due": short_day(same.due_on),
        }
        text = _(
            "已有一条在办的同类需求：%(kind)s，%(day)s发现，现在由%(unit)s办理，%(due)s前办结。"
            "是同一件事，请在那一条里记录办理；是另一件事，请勾选“是另一件事，仍要记录”。"
        )
        raise ValidationError({"anyway": [text % words]})


def _text(given: str, most: int, name: str, problems: dict, missing: str) -> str:
    try:
        text = check_length(given or "", most)
    except ValidationError as error:
        problems[name] = error.messages
        return ""
    if not text:
        problems[name] = [missing]
    return text
