"""What the moves of a need require and what follows from them: who holds it, the trail, who is told. The table is
``registry.needs.workflow``."""

import datetime
from typing import Any

from django.utils import timezone

from childwelfare.workflow.outcomes import Attempt, Outcome
from orgs.audit.services import record_act
from orgs.inbox.services import Author, Holders, notify
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.services.locking import lock_file_of
from registry.needs import codes
from registry.needs.deadlines import due_from
from registry.needs.models import Need, NeedEvent
from registry.needs.tiers import own_unit_in_line, told_of_discontent, unit_above
from registry.needs.workflow import NEED, Down, Holding, NewDue, Owner, Settlement
from registry.signals import help_written


@NEED.lock
def _lock_file(need: Need) -> None:
    """The file first, as every act on it; permissions are then asked where the child is now."""
    need.child = lock_file_of(need)
    need.place(need.child)


def _held(need: Need, unit: OrgUnit, due_on: datetime.date, owner: int | None = None) -> Outcome:
    """``unit`` has it from now on, until ``due_on``."""
    now = {"holder_id": unit.pk, "owner_id": owner, "due_on": due_on}
    return Outcome(columns=now | {"held_since": timezone.now()}, facts=now)


def _as_it_is(need: Need, **columns: Any) -> Outcome:
    """The same unit has it; ``columns`` change. The event says what is so afterwards."""
    now = {"holder_id": need.holder_id, "owner_id": need.owner_id, "due_on": need.due_on}
    facts = {name: columns.get(name, value) for name, value in now.items()}
    facts |= {name: columns[name] for name in ("outcome", "satisfaction") if columns.get(name)}
    return Outcome(columns=columns, facts=facts)


def _today() -> datetime.date:
    return timezone.localdate()


# --- who holds it


@NEED.outcome("take")
def _take(need: Need, attempt: Attempt) -> Outcome:
    return _as_it_is(need, owner_id=attempt.by.pk)


@NEED.outcome("assign")
def _assign(need: Need, attempt: Attempt) -> Outcome:
    chosen: Owner = attempt.payload
    return _as_it_is(need, owner_id=chosen.post.pk)


@NEED.outcome("pull_up")
def _pull_up(need: Need, attempt: Attempt) -> Outcome:
    return _held(need, attempt.by.unit, due_from(_today(), need.urgency), attempt.by.pk)


@NEED.outcome("pass_up")
def _pass_up(need: Need, _attempt: Attempt) -> Outcome:
    above = unit_above(need)
    assert above  # the move requires it
    return _held(need, above, due_from(_today(), need.urgency))


@NEED.outcome("pass_down")
def _pass_down(need: Need, attempt: Attempt) -> Outcome:
    down: Down = attempt.payload
    return _held(need, down.unit, down.due_on)


@NEED.outcome("escalate", "release", "follow_child")
def _goes_on(need: Need, attempt: Attempt) -> Outcome:
    """To another unit with a fresh last day; where the unit stays the same, so does the day."""
    to: Holding = attempt.payload
    if to.unit.pk == need.holder_id:
        return _as_it_is(need, owner_id=to.owner)
    due_on = need.due_on if attempt.action == "follow_child" else due_from(to.on or _today(), need.urgency)
    return _held(need, to.unit, due_on, to.owner)


@NEED.outcome("move_due", "follow_calendar")
def _move_due(need: Need, attempt: Attempt) -> Outcome:
    new: NewDue = attempt.payload
    return _as_it_is(need, due_on=new.due_on)


# --- how it ends


@NEED.outcome("settle")
def _settle(need: Need, attempt: Attempt) -> Outcome:
    said: Settlement = attempt.payload
    return _as_it_is(
        need,
        outcome=said.outcome,
        satisfaction=said.satisfaction,
        settled_on=_today(),
    )


@NEED.outcome("end_with_file")
def _end_with_file(need: Need, _attempt: Attempt) -> Outcome:
    return _as_it_is(need, outcome=codes.Outcome.LEFT, settled_on=_today())


@NEED.outcome("void")
def _void(need: Need, _attempt: Attempt) -> Outcome:
    """What was said before of how it ended stays in its events and steps."""
    return _as_it_is(need, outcome=codes.Outcome.MISTAKEN, satisfaction="", settled_on=_today())


NOT_ENDED = {"outcome": "", "satisfaction": "", "settled_on": None}


@NEED.outcome("reopen")
def _reopen(need: Need, _attempt: Attempt) -> Outcome:
    """Its last holder has it again, or who stands in that one's place where the child is now."""
    unit = own_unit_in_line(need)
    owner = need.owner_id if unit.pk == need.holder_id and need.owner and need.owner.is_current() else None
    held = _held(need, unit, due_from(_today(), need.urgency), owner)
    return Outcome(columns=held.columns | NOT_ENDED, facts=held.facts)


@NEED.undo_effect("settle", "end_with_file")
def _is_open_again(need: Need, event: NeedEvent) -> None:
    """As if it had not been ended: holder, owner and last day were left as they were."""
    for name, value in NOT_ENDED.items():
        setattr(need, name, value)
    need.save(update_fields=list(NOT_ENDED))
    _write_words(need, "")
    help_written.send(Need, child=need.child)
    record_act(event.post, "undo_settle_need", need)


def _write_words(need: Need, words: str) -> None:
    """Sealed, so not among the columns of a move."""
    need.outcome_words = words
    need.save(update_fields=["outcome_words"])


# --- the trail, and who is told


@NEED.effect("take")
def _record_taking(need: Need, event: NeedEvent, _payload: None) -> None:
    record_act(event.post, "take_need", need)


@NEED.effect("assign")
def _record_owner(need: Need, event: NeedEvent, chosen: Owner) -> None:
    record_act(event.post, "assign_need", need)
    notify("need_assigned", need, to=Author(chosen.post.pk, "handle_need"), key=str(event.pk), by=event.post)


@NEED.effect("pull_up")
def _record_pulling(need: Need, event: NeedEvent, _payload: None) -> None:
    record_act(event.post, "pull_up_need", need)
    was = need.events.filter(at__lt=event.at).order_by("-at", "-id").first()
    if was and was.holder_id:
        tell_unit("need_gone_up", need, was.holder_id, event)


@NEED.effect("pass_up")
def _record_passing_up(need: Need, event: NeedEvent, _payload: None) -> None:
    record_act(event.post, "pass_up_need", need)
    tell_unit("need_passed_up", need, need.holder_id, event)


@NEED.effect("pass_down")
def _record_passing_down(need: Need, event: NeedEvent, _down: Down) -> None:
    record_act(event.post, "pass_down_need", need)
    tell_unit("need_passed_down", need, need.holder_id, event)


@NEED.effect("move_due")
def _record_new_day(need: Need, event: NeedEvent, _new: NewDue) -> None:
    """Where a tier above moved it, who has the need is told of the other day."""
    record_act(event.post, "move_due_need", need, fields=["due_on"])
    if event.post and need.holder_id not in event.post.unit.own_keys:
        tell_unit("need_due_moved", need, need.holder_id, event)


@NEED.effect("follow_calendar")
def _record_day_by_calendar(need: Need, event: NeedEvent, _new: NewDue) -> None:
    record_act(event.post, "follow_calendar_need", need, fields=["due_on"])


@NEED.effect("settle")
def _record_settlement(need: Need, event: Any, said: Settlement) -> None:
    """The words stay in a step of their own, for a reopened need forgets its outcome. Who found it is told how it
    ended; where the family is not content, the tier above too, and those between: they may have it reopened."""
    if said.words:
        _write_words(need, said.words)
        need.steps.create(service=codes.Service.SETTLEMENT, text=said.words, done_on=_today(),
                          made_by=event.person, made_in=event.post)  # fmt: skip
    record_act(event.post, "settle_need", need, outcome=said.outcome)
    notify("need_settled", need, to=Author(need.made_in_id, "view_need"), key=str(event.pk), by=event.post)
    if said.satisfaction == codes.Satisfaction.NOT:
        for unit in told_of_discontent(need):
            tell_unit("need_unsatisfied", need, unit.pk, event)


@NEED.effect("reopen")
def _record_reopening(need: Need, event: NeedEvent, _payload: None) -> None:
    _write_words(need, "")
    record_act(event.post, "reopen_need", need)
    tell_unit("need_reopened", need, need.holder_id, event)


@NEED.effect("void")
def _record_voiding(need: Need, event: NeedEvent, _payload: None) -> None:
    _write_words(need, "")
    record_act(event.post, "void_need", need)
    notify("need_voided", need, to=Author(need.made_in_id, "view_need"), key=str(event.pk), by=event.post)


@NEED.effect("end_with_file")
def _record_end(need: Need, event: NeedEvent, _payload: None) -> None:
    record_act(event.post, "end_need", need)


@NEED.effect("escalate")
def _record_escalation(need: Need, event: NeedEvent, to: Holding) -> None:
    record_act(None, "escalate_need", need, level=int(to.unit.level))
    tell_unit("need_escalated", need, to.unit.pk, event)
    was = need.events.filter(at__lt=event.at).order_by("-at", "-id").first()
    if was and was.holder_id:
        tell_unit("need_gone_up", need, was.holder_id, event)


@NEED.effect("release")
def _record_release(need: Need, event: NeedEvent, to: Holding) -> None:
    record_act(event.post, "release_need", need)
    tell_unit("need_without_owner", need, to.unit.pk, event)


@NEED.effect("follow_child")
def _record_move(need: Need, event: NeedEvent, to: Holding) -> None:
    record_act(event.post, "follow_need", need)
    tell_unit("need_came", need, to.unit.pk, event)


def tell_unit(kind: str, need: Need, unit: int | None, event: NeedEvent) -> None:
    """Everybody who handles needs at ``unit`` (its key), but who did it."""
    by: Appointment | None = event.post
    notify(kind, need, to=Holders(unit, "handle_need"), key=str(event.pk), by=by)
