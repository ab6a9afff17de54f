"""What the moves of a change require and what follows from them. The table is ``registry.changes.workflow``."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.models import RETURNS, standing_events
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from orgs.posts.models import Appointment
from orgs.posts.station_work import is_at_station
from orgs.stale_figures.services import mark_figures_stale
from registry.changes.conflicts import refuse_conflicts
from registry.changes.models import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.changes.workflow import CHANGE, Amendment, Approval, Return
from registry.child.fields import content_of, empty_value, equal, fields, is_category, label_of, to_json
from registry.child.models import ChildFile, FileState
from registry.child.parse import read_value
from registry.child.services.locking import lock_whole_file
from registry.child.services.write_fields import check_content, write_content
from registry.signals import change_open_again, child_changed

VERDICTS = {
    "approve": Verdict.APPROVED,
    "return": Verdict.RETURNED,
    "return_moved": Verdict.RETURNED,
    "withdraw": Verdict.WITHDRAWN,
    "end_with_file": Verdict.WITHDRAWN,
    "recall_with_visit": Verdict.WITHDRAWN,
}
TAKING_BACK = ("withdraw", "end_with_file", "recall_with_visit")


@CHANGE.lock
def _lock_file(change: Change) -> None:
    """Hold the file's row, and have the change where the file is now: that is where it is decided."""
    # the file before the change, as a transfer locks them: two that wait for each other would never end
    change.child = lock_whole_file(change.child_id)
    change.place(change.child)


@CHANGE.outcome("approve", "return", "return_moved", *TAKING_BACK)
def _decide_fields(change: Change, attempt: Attempt) -> Outcome:
    """Which fields the move concerns, and where the change is once they are decided."""
    every = list(change.fields.all())
    if attempt.action in TAKING_BACK:
        chosen = {field.name for field in every if field.verdict in (Verdict.PENDING, Verdict.RETURNED)}
    else:
        chosen = _pending(every, attempt.payload.names if attempt.payload else None)
        _refuse_settled_apart(attempt.payload, chosen)
    verdict = VERDICTS[attempt.action]
    verdicts = {verdict if field.name in chosen else field.verdict for field in every}
    return Outcome(state=_slowest(verdicts), columns=change.place_values(), facts={"names": sorted(chosen)})


@CHANGE.outcome("resubmit")
def _send_again(change: Change, attempt: Attempt) -> Outcome:
    returned = [field.name for field in change.fields.all() if field.verdict == Verdict.RETURNED]
    _refuse_not_returned(attempt.payload, returned)
    sent = {"sent_at": timezone.now(), "station_made": change.station_made or is_at_station(attempt.by)}
    return Outcome(columns=sent | change.place_values(), facts={"names": sorted(returned)})


@CHANGE.effect("approve")
def _write_into_file(change: Change, event: ChangeEvent, approval: Approval | None) -> None:
    """The fields go into the file as they stood on the screen. Raises ChangeConflict, or ValidationError by field."""
    approval = approval or Approval()
    file, chosen = change.child, _fields_of(change, event)
    content = content_of(file)
    refuse_conflicts(chosen, content, approval.settle)
    values = {field.name: read_value(field.name, field.value) for field in chosen}
    day = approval.on or timezone.localdate()
    # as of the day on which it was sent: a birthday that came while it waited is no reason to refuse it
    asked_on = min(day, timezone.localdate(change.sent_at))
    check_content(file, content | values, set(values), by=event.post, on=asked_on)
    write_content(file, values, by=event.post, asked_on=asked_on)
    for field in chosen:
        field.replaced = to_json(content[field.name])
        _decide(field, Verdict.APPROVED, event)
    first = min([day, *_days(values), *_days(content, values)])
    mark_figures_stale(file.county_id, first, villages=[file.village_id])
    child_changed.send(ChildFile, child=file, names=set(values), on=day)
    record_act(event.post, "approve_change", change, fields=sorted(values))
    notify("change_approved", change, to=Author(change.made_in_id, "propose_change"), key=str(event.pk), by=event.post)


@CHANGE.effect("return", "return_moved")
def _send_back(change: Change, event: ChangeEvent, _payload: Return | None) -> None:
    """Every reason stays, with its name; so does the value that was sent back."""
    for field in _fields_of(change, event):
        field.replaced_sealed = field.returned_sealed
        field.returned, field.reason = field.value, event.reason
        _decide(field, Verdict.RETURNED, event)
    record_act(event.post, "return_change", change, fields=event.names)
    notify("change_returned", change, to=Author(change.made_in_id, "propose_change"), key=str(event.pk), by=event.post)


@CHANGE.effect("resubmit")
def _write_values(change: Change, event: ChangeEvent, amendment: Amendment | None) -> None:
    """What was left out is sent as it was, and stays the work of who wrote it. Raises ValidationError by field.

    What the file says by now counts as seen only where the sender says so: what a colleague approved meanwhile is not
    overwritten unseen, it is shown to the station as a conflict.
    """
    amendment = amendment or Amendment({})
    content, returned = content_of(change.child), _fields_of(change, event)
    new = {field.name: amendment.values.get(field.name, read_value(field.name, field.value)) for field in returned}
    day = amendment.on or timezone.localdate()
    check_content(change.child, content | new, set(new), by=event.post, on=day)
    for field in returned:
        value = to_json(new[field.name])
        if not equal(value, field.value):
            field.written_by = event.person
        if field.name in amendment.base:
            field.base = to_json(amendment.base[field.name])
        field.value = value
        _open(field)
    record_act(event.post, "resubmit_change", change, fields=event.names)


@CHANGE.effect(*TAKING_BACK)
def _take_back(change: Change, event: ChangeEvent, _payload: None) -> None:
    for field in _fields_of(change, event):
        _decide(field, Verdict.WITHDRAWN, event)
    record_act(event.post, "withdraw_change", change, fields=event.names)


@CHANGE.undo_check("approve", "return")
def _may_undo(change: Change, _event: ChangeEvent) -> None:
    if change.child.state != FileState.APPROVED:
        raise Refused(_("这份档案已不在册，变更不能再办。"))


@CHANGE.undo_effect("approve")
def _undo_approval(change: Change, taken: ChangeEvent) -> None:
    """What the approval overwrote is written again."""
    _put_back(change.child, _fields_of(change, taken), taken.post)
    for field in _fields_of(change, taken):
        _open(field)
    record_act(taken.post, "undo", change, fields=taken.names)
    _tell_it_is_open_again(change, taken.post)


@CHANGE.undo_effect("return")
def _undo_return(change: Change, taken: ChangeEvent) -> None:
    *earlier, _undone = standing_events(change.events.exclude(pk=taken.pk))
    for field in _fields_of(change, taken):
        before = [event for event in earlier if event.action in RETURNS and field.name in event.names]
        field.returned_sealed, field.replaced_sealed = field.replaced_sealed, ""
        field.reason = before[-1].reason if before else ""
        _open(field)
    record_act(taken.post, "undo", change, fields=taken.names)
    _tell_it_is_open_again(change, taken.post)


@CHANGE.undo_effect("end_with_file")
def _wait_again(change: Change, taken: ChangeEvent) -> None:
    """The closing of the file was taken back: what had come back is with its proposer again, the rest waits."""
    *earlier, _ended = standing_events(change.events.exclude(pk=taken.pk))
    for field in _fields_of(change, taken):
        sent = [event for event in earlier if field.name in event.names]
        if sent and sent[-1].action in RETURNS:
            field.verdict, field.decided_by, field.decided_at = Verdict.RETURNED, sent[-1].person, sent[-1].at
            field.save()
        else:
            _open(field)
    record_act(taken.post, "undo", change, fields=taken.names)
    _tell_it_is_open_again(change, taken.post)


def _tell_it_is_open_again(change: Change, by: Appointment) -> None:
    """What it came from may have been taken back since it was decided, when there was nothing open to go with it."""
    change_open_again.send(Change, change=change, child=change.child, by=by)


def _put_back(file: ChildFile, taken: list[ChangeField], by: Appointment) -> None:
    """Write what the approval of ``taken`` replaced. Raises Stale where a later change would be lost with it."""
    content = content_of(file)
    for field in taken:
        # a membership that the change ended is history: content_of names the current one alone, so None is expected
        after = None if is_category(field.name) and (field.value or {}).get("until") else field.value
        if not equal(content[field.name], after):
            raise Stale(_("“%(what)s”在通过之后又被改过，不能撤销。") % {"what": label_of(field.name)})
    values = {field.name: _as_it_was(field) for field in taken}
    # as write_content was used for approving: without check_content, for what the file said before was valid then
    write_content(file, values, by=by)
    # counted wrongly since the first day that either reading of a category names
    first = min([timezone.localdate(), *_days(values), *_days(content, values)])
    mark_figures_stale(file.county_id, first, villages=[file.village_id])
    child_changed.send(ChildFile, child=file, names=set(values), on=timezone.localdate())


def _as_it_was(field: ChangeField) -> Any:
    """What the approval replaced; of somebody who was not in the file nothing was known, which no form may say."""
    declared = None if is_category(field.name) else fields()[field.name]
    if declared and equal(field.replaced, empty_value(declared)):
        return empty_value(declared)
    return read_value(field.name, field.replaced)


def _pending(every: list[ChangeField], names: Iterable[str] | None) -> set[str]:
    """The names of the fields to be decided: all that wait, or ``names``, each of which has to wait."""
    pending = {field.name for field in every if field.verdict == Verdict.PENDING}
    if names is not None and not set(names):
        raise Refused(_("没有选定项目。请勾选要办的项目；档案已改过的，勾选“用新值”再通过，或者退回。"))
    chosen = pending if names is None else pending & set(names)
    if not chosen or (names is not None and len(chosen) != len(set(names))):
        raise Stale(_("有的项目已经办过，请重新打开再看。"))
    return chosen


def _refuse_settled_apart(payload: Any, chosen: set[str]) -> None:
    """Who says of a field that its new value wins means to approve it."""
    others = payload.settle.keys() - chosen if isinstance(payload, Approval) else set()
    if others:
        text = _("“%(what)s”不在这次通过的项目里，没有可定的冲突。请把它列入要通过的项目，或者不写。")
        raise ValidationError({"settle": [text % {"what": "、".join(label_of(name) for name in sorted(others))}]})


def _refuse_not_returned(amendment: Amendment | None, returned: list[str]) -> None:
    named = [*amendment.values, *amendment.base] if amendment else []
    others = [name for name in dict.fromkeys(named) if name not in returned]
    if others:
        what = "、".join(label_of(name) for name in others)
        raise Stale(_("“%(what)s”没有被退回，不能在这里改，这次的都没有存上。请重新打开再看。") % {"what": what})


def _slowest(verdicts: set[str]) -> str:
    """The change is where its slowest field is: with the station while one is pending, then with its proposer."""
    if Verdict.PENDING in verdicts:
        return ChangeState.SUBMITTED
    if Verdict.RETURNED in verdicts:
        return ChangeState.RETURNED
    return ChangeState.WITHDRAWN if verdicts == {Verdict.WITHDRAWN} else ChangeState.DECIDED


def _fields_of(change: Change, event: ChangeEvent) -> list[ChangeField]:
    """The fields that the event concerns: those that the reader of ``change`` has in hand, where they were fetched."""
    return [field for field in change.fields.all() if field.name in event.names]


def _decide(field: ChangeField, verdict: str, event: ChangeEvent) -> None:
    field.verdict, field.decided_by, field.decided_at = verdict, event.person, event.at
    field.save()


def _open(field: ChangeField) -> None:
    field.verdict, field.decided_by, field.decided_at = Verdict.PENDING, None, None
    field.save()


def _days(content: dict, names: Iterable[str] | None = None) -> list[datetime.date]:
    """The days from which categories among ``names`` count."""
    days = []
    for name in content if names is None else names:
        membership = content[name] if is_category(name) else None
        for key in ("since", "until"):
            if membership and membership.get(key):
                days.append(membership[key])
    return days
