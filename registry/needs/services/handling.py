"""Who has a need now and until when, how it ends, and taking that back. Each is one move of ``registry.needs.workflow``
made as its reader saw the need (``seen_version``)."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_length
from childwelfare.text.days import short_day
from orgs.access.permissions import MATRIX
from orgs.posts.models import Appointment, AppointmentQuerySet
from orgs.units.models import OrgUnit
from registry.needs import codes
from registry.needs.deadlines import FURTHEST, furthest_by_itself
from registry.needs.models import Need, NeedEvent
from registry.needs.services.recording import STEP_LIMIT, due_out_of_range
from registry.needs.tiers import units_below
from registry.needs.workflow import NEED, Down, NewDue, Owner, Settlement, is_held_below

HANDLING_ROLES = [role for role, held in MATRIX.items() if "handle_need" in held]


@dataclass(frozen=True)
class LastDay:
    """To which day a need may be put off. ``is_by_itself``: by its holder, who does so once; ``is_used_up``: it did."""

    day: datetime.date
    is_by_itself: bool = False
    is_used_up: bool = False

    def objection(self, due_on: datetime.date) -> str:
        """What is said of ``due_on``, later than the last day now; blank where nothing hinders it."""
        if self.is_by_itself and due_on > self.day:
            text = _("本级自己最多延到%(day)s。还要更久的，请上级改期限，或报上级办理。")
            return text % {"day": short_day(self.day)}
        if self.is_used_up:
            return _("本级已经延期过一次。还要再延的，请上级改期限，或报上级办理。")
        return ""


def take(need: Need, *, by: Appointment, seen_version: int) -> Need:
    """``by``, of the unit that holds it, sees to it from now on."""
    NEED.apply("take", need, by=by, seen_version=seen_version)
    return need


def colleagues_of(need: Need) -> AppointmentQuerySet:
    """Who works at the unit that holds ``need`` and handles needs there."""
    at = [need.holder.office_id, need.holder_id]
    return Appointment.objects.current().filter(unit__in=at, role__in=HANDLING_ROLES).select_related("person", "unit")


def assign(need: Need, *, by: Appointment, seen_version: int, owner: Appointment | None) -> Need:
    """Somebody of the unit that holds it sees to it. Raises ValidationError (owner) for anybody else."""
    NEED.refuse_moved_since("assign", need, seen_version=seen_version)
    if owner is None or not colleagues_of(need).filter(pk=owner.pk).exists():
        raise ValidationError({"owner": [_("请选择%(unit)s现在在岗的人。") % {"unit": need.holder.short_name}]})
    NEED.apply("assign", need, by=by, seen_version=seen_version, payload=Owner(owner))
    return need


def pull_up(need: Need, *, by: Appointment, seen_version: int) -> Need:
    """A unit above takes over what one below holds, with a fresh last day."""
    NEED.apply("pull_up", need, by=by, seen_version=seen_version)
    return need


def pass_up(need: Need, *, by: Appointment, seen_version: int, reason: str) -> Need:
    """To the tier above, with a fresh last day by its urgency; ``reason``: why it can't be done here, told there."""
    NEED.apply("pass_up", need, by=by, seen_version=seen_version, reason=reason)
    return need


def pass_down(
    need: Need, *, by: Appointment, seen_version: int, unit: OrgUnit | None, due_on: datetime.date | None, reason: str
) -> Need:
    """To a unit below in the child's line; ``reason``: what it is to do, the advice. Raises ValidationError by field
    (unit, due_on)."""
    NEED.refuse_moved_since("pass_down", need, seen_version=seen_version)
    problems: dict[str, list] = {}
    if unit is None or unit.pk not in {each.pk for each in units_below(need)}:
        names = _("、").join(each.short_name for each in units_below(need))
        problems["unit"] = [_("请选择交给哪个下级：%(names)s。") % {"names": names}]
    elif not is_staffed(unit):
        text = _("%(unit)s现在没有人在岗，交下去没有人办。请交给别的下级，或自己办理。")
        problems["unit"] = [text % {"unit": unit.short_name}]
    _check_due(due_on, problems)
    if problems and NEED.is_open_to(by, need, "pass_down"):
        raise ValidationError(problems)
    payload = Down(unit, due_on) if unit and due_on else None
    NEED.apply("pass_down", need, by=by, seen_version=seen_version, reason=reason, payload=payload)
    return need


def move_due(need: Need, *, by: Appointment, seen_version: int, due_on: datetime.date | None, reason: str) -> Need:
    """Another last day; its event keeps the old one before it. The holder itself puts it off once since it has the
    need, and by PUT_OFF_BY_ITSELF working days at most; the tier above as it sees fit. Raises ValidationError
    (due_on)."""
    NEED.refuse_moved_since("move_due", need, seen_version=seen_version)
    problems: dict[str, list] = {}
    _check_due(due_on, problems)
    if due_on and not problems:
        if due_on == need.due_on:
            problems["due_on"] = [_("应办结日期就是这一天，没有改动。")]
        elif due_on > need.due_on and not is_held_below(by, need):
            _check_put_off_by_itself(need, due_on, by, problems)
    if problems and NEED.is_open_to(by, need, "move_due"):
        raise ValidationError(problems)
    payload = NewDue(due_on) if due_on else None
    NEED.apply("move_due", need, by=by, seen_version=seen_version, reason=reason, payload=payload)
    return need


def settle(
    need: Need, *, by: Appointment, seen_version: int, outcome: str, words: str = "", satisfaction: str = ""
) -> Need:
    """What came of it (of ``codes.BY_HAND``), in words wherever it is no full help, and what the family said of it.
    Raises ValidationError by field."""
    NEED.refuse_moved_since("settle", need, seen_version=seen_version)
    problems: dict[str, list] = {}
    try:
        words = check_length(words or "", STEP_LIMIT)
    except ValidationError as error:
        problems["words"] = error.messages
    if outcome not in codes.BY_HAND:
        problems["outcome"] = [_("请选择结果。")]
    elif outcome != codes.Outcome.MET and not words:
        problems["words"] = [_("没有全部解决的，请写明为什么、还差什么。")]
    if satisfaction not in codes.Satisfaction.values:
        problems["satisfaction"] = [_("请选择家庭是否满意；没有问到的选“没有问到”。")]
    if problems and NEED.is_open_to(by, need, "settle"):
        raise ValidationError(problems)
    said = Settlement(outcome, words, satisfaction)
    NEED.apply("settle", need, by=by, seen_version=seen_version, payload=said)
    return need


def undo_settle(need: Need, *, by: Appointment, seen_version: int) -> Need:
    """Who settled it just now takes that back, while nobody did anything since."""
    if not by.holds("handle_need"):
        raise PermissionDenied
    NEED.undo(need, by=by, seen_version=seen_version)
    return need


def reopen(need: Need, *, by: Appointment, seen_version: int, reason: str) -> Need:
    """It was not over: its last holder has it again, with a fresh last day."""
    NEED.apply("reopen", need, by=by, seen_version=seen_version, reason=reason)
    return need


def void(need: Need, *, by: Appointment, seen_version: int, reason: str) -> Need:
    """It was recorded by mistake, as the tier above finds; it stays where it was, and is counted as that."""
    NEED.apply("void", need, by=by, seen_version=seen_version, reason=reason)
    return need


def is_staffed(unit: OrgUnit) -> bool:
    """Whether somebody handles needs at ``unit`` today."""
    posts = Appointment.objects.current().filter(unit__in=[unit.pk, unit.office_id], role__in=HANDLING_ROLES)
    return posts.exists()


def _check_due(due_on: datetime.date | None, problems: dict) -> None:
    today = timezone.localdate()
    if due_on is None:
        problems["due_on"] = [_("请填写应办结日期。")]
    elif not today <= due_on <= today + FURTHEST:
        problems["due_on"] = [due_out_of_range()]


def last_days_of(needs: Collection[Need], *, by: Appointment) -> dict[uuid.UUID, LastDay]:
    """{key of each of ``needs``: the day to which ``by`` may put it off}. Two queries, however many."""
    today = timezone.localdate()
    by_itself = furthest_by_itself(today)
    moved = NeedEvent.objects.filter(record__in=[need.pk for need in needs], action="move_due")
    moved = moved.filter(at__gte=F("record__held_since"), post__unit=F("record__holder"))
    moved_keys = set(moved.values_list("record_id", flat=True))
    found = {}
    for need in needs:
        if is_held_below(by, need):
            found[need.pk] = LastDay(today + FURTHEST)
        else:
            found[need.pk] = LastDay(by_itself, is_by_itself=True, is_used_up=need.pk in moved_keys)
    return found


def _check_put_off_by_itself(need: Need, due_on: datetime.date, by: Appointment, problems: dict) -> None:
    if objection := last_days_of([need], by=by)[need.pk].objection(due_on):
        problems["due_on"] = [objection]
