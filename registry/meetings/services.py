"""Writing down what a station's or county's meeting decided about needs: the record and all moves, or nothing."""

import datetime
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import check_length
from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused, messages_by_field
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.meetings.models import Decision, Meeting
from registry.needs.deadlines import FURTHEST
from registry.needs.models import Need, NeedEvent, NeedState
from registry.needs.services import handling
from registry.needs.workflow import ENDED, NEED, is_held_by

LIMITS = {"place": 60, "chair": 50, "present": 300, "text": 2000}  # characters
ITEM_LIMIT = 300
MOST_NEEDS = 50
MISSING = {
    "chair": gettext_lazy("请填写主持人。"),
    "present": gettext_lazy("请填写参加的人和单位。"),
    "text": gettext_lazy("请写明会商情况。"),
}
NOT_SAVED = gettext_lazy("这次会商没有存上，请刷新页面后再填一次。")


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What was decided of ``need``, as its reader saw it (``seen_version``): ``text``, who does what; ``by_on``, until
    when; ``unit``: to whom it is given; ``outcome`` and ``satisfaction``, where it is settled."""

    need: Need
    seen_version: int
    decision: str
    text: str = ""
    by_on: datetime.date | None = None
    unit: OrgUnit | None = None
    outcome: str = ""
    satisfaction: str = ""


def hold_meeting(
    *, by: Appointment, answers: dict[str, Any], items: Sequence[Decided], pk: uuid.UUID | None = None
) -> Meeting:
    """Write down a meeting of ``by``'s unit, and make each move that it decided.

    ``answers``: held_on, place, chair, present, text. ``pk`` from the form: sent twice, it is one meeting. Raises
    PermissionDenied, Refused or Stale with the need that it is about, or ValidationError by field, those of an item as
    ``items.<key of the need>.<field>``; then nothing is saved and no need is moved.
    """
    problems: dict[str, list] = {}
    pk = pk or uuid.uuid4()
    facts = _checked(answers, problems)
    said = {each.need.pk: (each.decision, each.text, each.by_on) for each in items}

    def says(first: Meeting) -> bool:
        kept = {item.need_id: (item.decision, item.text, item.by_on) for item in first.items.all()}
        return has_values(**facts)(first) and kept == said and all(_came_to(first, each) for each in items)

    earlier = Meeting.objects.filter(pk=pk, made_by=by.person)
    if same := first_sending(earlier, says=says):
        return same
    if not by.holds("hold_meeting"):
        raise PermissionDenied
    if not items:
        problems["items"] = [_("请至少选一条需求，写明会上怎么定。")]
    elif len(items) > MOST_NEEDS:
        problems["items"] = [_("一次会商最多记 %(n)s 条需求，请分两次记。") % {"n": MOST_NEEDS}]
    elif len(said) < len(items):
        problems["items"] = [_("同一条需求写了两次，请合并成一条决定。")]
    for each in items:
        _check_item(by, each, problems)
    _check_last_days(by, items, problems)
    if problems:
        raise ValidationError(problems)
    with created_once(earlier, says=says, refusal=NOT_SAVED) as sending:
        # in one order, so that two meetings about the same children never wait for each other
        list(ChildFile.objects.select_for_update().filter(pk__in={i.need.child_id for i in items}).order_by("pk"))
        if same := first_sending(earlier, says=says):
            return same
        meeting = Meeting(pk=pk, unit=by.unit, made_by=by.person, made_in=by, **facts)
        meeting.save(force_insert=True)
        for each in items:
            with _about(each.need):
                _apply(each, by)
            meeting.items.create(need=each.need, decision=each.decision, text=each.text, by_on=each.by_on)
        record_act(by, "hold_meeting", meeting, unit=by.unit, count=len(items))
    return sending.first or meeting


def _came_to(first: Meeting, each: Decided) -> bool:
    """Whether the move that ``first`` made of the need came to what is said now: to which unit it was given, how it was
    settled."""
    action = {Decision.HAND_ON: "pass_down", Decision.SETTLE: "settle"}.get(each.decision)  # type: ignore[call-overload]
    if action is None:
        return True
    made = NeedEvent.objects.filter(record=each.need.pk, action=action, person=first.made_by, at__gte=first.made_at)
    event = made.order_by("at", "id").first()
    if event is None:
        return True
    if action == "settle":
        return (event.outcome, event.satisfaction) == (each.outcome, each.satisfaction)
    return event.holder_id == (each.unit and each.unit.pk)


def _checked(answers: dict[str, Any], problems: dict) -> dict[str, Any]:
    facts: dict[str, Any] = {"held_on": answers.get("held_on")}
    today = timezone.localdate()
    if not facts["held_on"]:
        problems["held_on"] = [_("请填写会商日期。")]
    elif not today - FURTHEST <= facts["held_on"] <= today:
        problems["held_on"] = [_("会商日期应在今天以前、一年以内，请核对。")]
    for name, most in LIMITS.items():
        try:
            facts[name] = check_length(answers.get(name) or "", most)
        except ValidationError as error:
            facts[name], problems[name] = "", error.messages
            continue
        if not facts[name] and name in MISSING:
            problems[name] = [MISSING[name]]
    return facts


def _check_item(by: Appointment, each: Decided, problems: dict) -> None:
    def wrong(name: str, text: Any) -> None:
        problems[f"items.{each.need.pk}.{name}"] = [text]

    is_own = is_held_by(by, each.need)
    if not by.may("handle_need", each.need):
        raise PermissionDenied
    if each.decision not in Decision.values:
        wrong("decision", _("请选择会上怎么定。"))
        return
    if each.decision in (Decision.HAND_ON, Decision.SETTLE) and not is_own:
        text = _("这条现在由%(unit)s办理，只有它能交下级或办结。会上可以定“继续办理”，或“报上级”由本级接过来。")
        wrong("decision", text % {"unit": each.need.holder.short_name})
    if not each.text and each.decision != Decision.SETTLE:
        wrong("text", _("请写明谁做什么。"))
    elif len(each.text) > ITEM_LIMIT:
        wrong("text", _("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": ITEM_LIMIT, "n": len(each.text)})
    if not each.by_on and each.decision in (Decision.GO_ON, Decision.HAND_ON):
        wrong("by_on", _("请填写何时前办好。"))
    elif each.by_on and not timezone.localdate() <= each.by_on <= timezone.localdate() + FURTHEST:
        wrong("by_on", _("日期应在今天以后、一年以内，请核对。"))


def _check_last_days(by: Appointment, items: Sequence[Decided], problems: dict) -> None:
    """Which needs may not be put off to the day that was decided: told at each of them, before any is moved."""
    later = [each for each in items if each.decision == Decision.GO_ON and each.by_on and each.by_on > each.need.due_on]
    last_days = handling.last_days_of([each.need for each in later], by=by) if later else {}
    for each in later:
        name, due_on = f"items.{each.need.pk}.by_on", each.by_on
        if due_on and name not in problems and (objection := last_days[each.need.pk].objection(due_on)):
            problems[name] = [objection]


def _apply(each: Decided, by: Appointment) -> None:
    """The move of the same name; going on moves the last day where what was decided takes longer."""
    need = each.need
    seen: Any = {"by": by, "seen_version": each.seen_version}
    with kept_for_others():
        reason = _("会商决定：%(what)s") % {"what": each.text} if each.text else _("会商决定")
    if each.decision == Decision.SETTLE:
        handling.settle(need, outcome=each.outcome, words=each.text, satisfaction=each.satisfaction, **seen)
    elif each.decision == Decision.HAND_ON:
        handling.pass_down(need, unit=each.unit, due_on=each.by_on, reason=reason, **seen)
    elif each.decision == Decision.PASS_UP and is_held_by(by, need):
        handling.pass_up(need, reason=reason, **seen)
    elif each.decision == Decision.PASS_UP:
        handling.pull_up(need, **seen)
    else:
        _go_on(each, by, reason)


def _go_on(each: Decided, by: Appointment, reason: str) -> None:
    """It stays with whom it is; nobody may have moved it since it was on the table."""
    now = Need.objects.select_related(*Need.PLACES).get(pk=each.need.pk)
    NEED.refuse_moved_since("move_due", now, seen_version=each.seen_version)
    if now.state != NeedState.OPEN:
        raise Refused(ENDED)
    if each.by_on and each.by_on > each.need.due_on:
        handling.move_due(each.need, by=by, seen_version=each.seen_version, due_on=each.by_on, reason=reason)


FIELDS = {"outcome": "outcome", "words": "text", "satisfaction": "satisfaction", "unit": "unit", "due_on": "by_on"}


@contextmanager
def _about(need: Need) -> Iterator[None]:
    """What a move refuses, with the need that it is about."""
    try:
        yield
    except ValidationError as error:
        told = messages_by_field(error)
        raise ValidationError(
            {f"items.{need.pk}.{FIELDS.get(name, 'decision')}": words for name, words in told.items()}
        ) from None
    except Refused as refusal:
        raise refusal.about(f"{need.child.name} {need.get_kind_display()}") from None


def items_of(meeting: Meeting) -> list[Any]:
    """With what a page shows of each."""
    return list(meeting.items.select_related("need__child", "need__holder", "need__village").order_by("decision", "id"))
