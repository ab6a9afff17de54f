"""Changes to approved files: proposing, deciding field by field, sending again, taking back.

A value goes into the file only if the file still holds the value it was based on; otherwise the two are shown as a
conflict and the reviewer says, having seen both, which one stands.
"""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import HANDED_ON, check_undo
from childwelfare.workflow.writers import WRITTEN_BY_ONESELF, writers_of
from childwelfare.workflow.writing import claim, created_once, first_sending
from orgs.access.scope import TIERS
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.posts.station_work import is_at_station, may_settle
from orgs.stale_figures.services import mark_figures_stale
from registry.changes.models import Change, ChangeField, ChangeState, Verdict
from registry.child.fields import content_of, empty_value, equal, fields, is_category, label_of, to_json
from registry.child.models import ChildFile, FileState
from registry.child.parse import read_value
from registry.child.services.write_fields import check_content, write_content
from registry.signals import child_changed

MAX_FIELDS = 60  # fields in one change


class ChangeConflict(Stale):
    """The file holds neither the old nor the new value of some fields: ``names``. Nothing was written."""

    def __init__(self, names: list[str]):
        self.names = names
        text = _("“%(what)s”在这份变更提出之后又被改过。两个值都在页面上，请选定一个再通过。")
        super().__init__(text % {"what": "、".join(label_of(name) for name in names)})


def propose_change(
    file: ChildFile,
    *,
    by: Appointment,
    fields: dict[str, dict],
    note: str = "",
    pk: uuid.UUID | None = None,
    on: datetime.date | None = None,
) -> Change:
    """Send new values of an approved file to its station: {name: {base, value}} by flat field names.

    ``base`` is the value that the proposer saw. Fields that say what the file already says are left out; where
    nothing is left the change is refused. ``pk`` from the form: sent twice, the change of the first sending is
    returned. Raises PermissionDenied, Refused, or ValidationError by field; then nothing is saved.
    """
    if not by.may("propose_change", file):
        raise PermissionDenied
    content, pk = content_of(file), pk or uuid.uuid4()
    earlier = Change.objects.filter(pk=pk, made_by=by.person, child=file)

    def says(first: Change) -> bool:
        return _says_change(first, fields, note, content)

    if held := first_sending(earlier, says=says):
        return held
    _refuse_unregistered(file)
    day = on or timezone.localdate()
    wanted = {
        name: given for name, given in fields.items() if name not in content or not equal(given["value"], content[name])
    }
    if not wanted:
        raise Refused(_("没有变更：这些内容和档案里的一样，不用提交。"))
    if len(wanted) > MAX_FIELDS:
        raise Refused(_("一次最多改 %(n)s 项，请分几次提出。") % {"n": MAX_FIELDS})
    values = {name: given["value"] for name, given in wanted.items()}
    check_content(
        file, content | {name: values[name] for name in values.keys() & content.keys()}, set(values), by=by, on=day
    )
    change = Change(pk=pk, child=file, note=note, made_by=by.person, made_in=by, station_made=is_at_station(by))
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")) as sending:
        # moved or closed since it was read: the change goes where the file is now
        here = ChildFile.objects.select_for_update().get(pk=file.pk)
        _refuse_unregistered(here)
        change.place(here)
        change.save(force_insert=True)
        for position, (name, given) in enumerate(wanted.items()):
            field = ChangeField(change=change, name=name, position=position)
            field.base, field.value = to_json(given.get("base")), to_json(given["value"])
            field.save()
        _add_event(change, "propose", "", by, wanted)
        record_act(by, "propose_change", change, child=str(file.pk), fields=sorted(wanted))
    return sending.first or change


def approve_change(
    change: Change,
    *,
    by: Appointment,
    seen_version: int,
    names: Iterable[str] | None = None,
    settle: dict | None = None,
    on: datetime.date | None = None,
) -> Change:
    """Write pending fields (all, or ``names``) into the file as they stood on the screen.

    ``settle``: {name: the file's value as the reviewer saw it beside the new one}, for fields in conflict that the
    new value shall win. Raises PermissionDenied, Refused, Stale, ChangeConflict, or ValidationError by field.
    """
    with transaction.atomic():
        file = _lock_file(change)
        _may_decide(change, "approve_change", by)
        _take(change, file, seen_version)
        chosen = _pending(change, names)
        content = content_of(file)
        _refuse_conflicts(chosen, content, settle or {})
        values = {field.name: read_value(field.name, field.value) for field in chosen}
        day = on or timezone.localdate()
        check_content(file, content | values, set(values), by=by, on=day)
        write_content(file, values, by=by)
        for field in chosen:
            field.replaced = to_json(content[field.name])
            _decide(field, Verdict.APPROVED, by)
        _settle_state(change, "approve", by, values)
        mark_figures_stale(file.county_id, min([day, *_days(values), *_days(content, values)]))
        child_changed.send(ChildFile, child=file, names=set(values), on=day)
        record_act(by, "approve_change", change, child=str(file.pk), fields=sorted(values))
    return change


def return_change(
    change: Change, *, by: Appointment, seen_version: int, reason: str, names: Iterable[str] | None = None
) -> Change:
    """Send pending fields (all, or ``names``) back with a reason; every reason stays, with its name."""
    with transaction.atomic():
        file = _lock_file(change)
        _may_decide(change, "return_change", by)
        if not reason.strip():
            raise Refused(_("请写明原因，对方据此补充。"))
        _take(change, file, seen_version)
        chosen = _pending(change, names)
        for field in chosen:
            field.returned, field.reason = field.value, reason.strip()[:300]
            _decide(field, Verdict.RETURNED, by)
        _settle_state(change, "return", by, [field.name for field in chosen], reason=reason.strip())
        record_act(by, "return_change", change, fields=sorted(field.name for field in chosen))
    return change


def return_addresses(file: ChildFile, *, by: Appointment, reason: str) -> None:
    """Send back the addresses that wait for review: ``file`` was handed on, and they are of the place that it left.
    Called inside the acceptance's transaction, which holds the file."""
    waiting = ChangeField.objects.filter(change__child=file, name="address", verdict=Verdict.PENDING)
    for field in waiting.select_related("change"):
        change = field.change
        change.child = file
        change.place(file)
        claim(change, change.version)
        field.returned, field.reason = field.value, reason[:300]
        _decide(field, Verdict.RETURNED, by)
        _settle_state(change, "return", by, ["address"], reason=reason)
        record_act(by, "return_change", change, fields=["address"])


def amend_change(
    change: Change, *, by: Appointment, seen_version: int, values: dict, on: datetime.date | None = None
) -> Change:
    """Send returned fields again with new ``values``; those left out are sent as they were, with None of their
    content lost. The value that was sent back stays beside the new one for the reviewer."""
    with transaction.atomic():
        file = _lock_file(change)
        if not by.may("propose_change", change):
            raise PermissionDenied
        if change.state != ChangeState.RETURNED:
            raise Stale(_("这份变更没有被退回，不能重报。"))
        _take(change, file, seen_version)
        content = content_of(file)
        returned = [field for field in change.fields.all() if field.verdict == Verdict.RETURNED]
        new = {field.name: values.get(field.name, read_value(field.name, field.value)) for field in returned}
        check_content(file, content | new, set(new), by=by, on=on or timezone.localdate())
        for field in returned:
            field.base, field.value = to_json(content[field.name]), to_json(new[field.name])
            field.verdict, field.decided_by, field.decided_at = Verdict.PENDING, None, None
            field.save()
        change.sent_at, change.station_made = timezone.now(), change.station_made or is_at_station(by)
        _settle_state(change, "resubmit", by, new)
        record_act(by, "resubmit_change", change, fields=sorted(new))
    return change


def withdraw_change(change: Change, *, by: Appointment, seen_version: int) -> Change:
    """Take back what is not decided yet."""
    with transaction.atomic():
        file = _lock_file(change)
        if not may_withdraw(by, change):
            raise PermissionDenied
        _take(change, file, seen_version)
        if change.state not in (ChangeState.SUBMITTED, ChangeState.RETURNED):
            raise Stale(_("这份变更已办结，不能撤回。"))
        open_ones = [f for f in change.fields.all() if f.verdict in (Verdict.PENDING, Verdict.RETURNED)]
        for field in open_ones:
            _decide(field, Verdict.WITHDRAWN, by)
        _settle_state(change, "withdraw", by, [field.name for field in open_ones])
        record_act(by, "withdraw_change", change, fields=sorted(field.name for field in open_ones))
    return change


def may_withdraw(by: Appointment, change: Change) -> bool:
    """Who proposed it; one that came back, where the child was handed on since, whoever could complete it there."""
    if not by.may("propose_change", change):
        return False
    return change.made_by_id == by.person_id or (change.state == ChangeState.RETURNED and change.is_made_elsewhere)


def undo_decision(change: Change, *, by: Appointment, seen_version: int) -> Change:
    """Take the last approval or return back: by who decided, within UNDO_WITHIN, while nobody did anything since.

    What the approval overwrote is written again. Raises Refused or Stale.
    """
    event = change.events.last()
    check_undo(event, by, possible=event is not None and event.action in ("approve", "return"))
    assert event  # otherwise refused
    with transaction.atomic():
        file = _lock_file(change)
        permission = "approve_change" if event.action == "approve" else "return_change"
        if not by.may(permission, change) and not may_settle(by, change):  # the file may be another county's by now
            raise Stale(HANDED_ON)
        _take(change, file, seen_version)
        taken = list(change.fields.filter(name__in=event.names))
        if event.action == "approve":
            _put_back(file, taken, by)
        for field in taken:
            field.verdict, field.decided_by, field.decided_at = Verdict.PENDING, None, None
            field.save()
        _settle_state(change, "undo", by, event.names)
        record_act(by, "undo", change, fields=sorted(event.names))
    return change


def conflicts_of(change: Change, content: dict) -> set[str]:
    """Names of the pending fields whose old value is no longer what the file says."""
    return {f.name for f in change.fields.all() if f.verdict == Verdict.PENDING and _in_conflict(f, content)}


def _in_conflict(field: ChangeField, content: dict) -> bool:
    now = content.get(field.name)
    return not equal(now, field.base) and not equal(now, field.value)


def _refuse_conflicts(chosen: list[ChangeField], content: dict, settle: dict) -> None:
    left = [
        field.name
        for field in chosen
        if _in_conflict(field, content)
        and not (field.name in settle and equal(settle[field.name], content[field.name]))
    ]
    if left:
        raise ChangeConflict(left)


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
    mark_figures_stale(file.county_id, min([timezone.localdate(), *_days(values), *_days(content, values)]))
    child_changed.send(ChildFile, child=file, names=set(values), on=timezone.localdate())


def _as_it_was(field: ChangeField) -> Any:
    """What the approval replaced; of somebody who was not in the file nothing was known, which no form may say."""
    declared = None if is_category(field.name) else fields()[field.name]
    if declared and equal(field.replaced, empty_value(declared)):
        return empty_value(declared)
    return read_value(field.name, field.replaced)


def _may_decide(change: Change, permission: str, by: Appointment) -> None:
    """The station decides what comes from below; the county what a station wrote itself; nobody what he wrote in."""
    if not by.may(permission, change) and not may_settle(by, change):
        raise PermissionDenied
    if by.person_id in writers_of(change):
        raise Refused(WRITTEN_BY_ONESELF)
    if change.state != ChangeState.SUBMITTED:
        raise Stale(_("这条记录的状态已变，请刷新后再看。"))


def _lock_file(change: Change) -> ChildFile:
    """Hold the file's row, and have the change where the file is now: that is where it is decided."""
    # the file before the change, as a transfer locks them: two that wait for each other would never end
    file = ChildFile.objects.select_for_update().get(pk=change.child_id)
    change.place(file)
    return file


def _take(change: Change, file: ChildFile, seen_version: int) -> None:
    """Take the change as its reader saw it; ``file`` is held. Raises Stale or Refused."""
    claim(change, seen_version, state=change.state)
    if file.state != FileState.APPROVED:
        raise Refused(_("这份档案已不在册，变更不能再办。"))


def _says_change(first: Change, given: dict[str, dict], note: str, content: dict) -> bool:
    """Whether ``first`` proposes the same: what the file said already was left out of it."""
    proposed = {field.name: field for field in first.fields.all()}
    for name, pair in given.items():
        value = to_json(pair["value"])
        if field := proposed.pop(name, None):
            if not equal(value, field.value) and not equal(value, field.returned):
                return False
        elif not equal(value, to_json(pair.get("base"))) and not equal(pair["value"], content.get(name)):
            return False
    left_out = [field for field in proposed.values() if not equal(field.value, to_json(content.get(field.name)))]
    return not left_out and first.note == note


def _refuse_unregistered(file: ChildFile) -> None:
    if file.state != FileState.APPROVED:
        raise Refused(_("这份档案不在册，不能提出变更。"))


def _pending(change: Change, names: Iterable[str] | None) -> list[ChangeField]:
    wanted = None if names is None else set(names)
    held = [f for f in change.fields.all() if f.verdict == Verdict.PENDING and (wanted is None or f.name in wanted)]
    if not held or (wanted is not None and len(held) != len(wanted)):
        raise Stale(_("有的项目已经办过，请刷新后再看。"))
    return held


def _decide(field: ChangeField, verdict: str, by: Appointment) -> None:
    field.verdict, field.decided_by, field.decided_at = verdict, by.person, timezone.now()
    field.save()


def _settle_state(change: Change, action: str, by: Appointment, names: Iterable[str], reason: str = "") -> None:
    """The change is where its slowest field is: with the station while one is pending, then with its proposer."""
    verdicts = set(change.fields.values_list("verdict", flat=True))
    was = change.state
    if Verdict.PENDING in verdicts:
        change.state = ChangeState.SUBMITTED
    elif Verdict.RETURNED in verdicts:
        change.state = ChangeState.RETURNED
    else:
        change.state = ChangeState.WITHDRAWN if verdicts == {Verdict.WITHDRAWN} else ChangeState.DECIDED
    change.save(update_fields=["state", "sent_at", "station_made", *TIERS])
    change.version += 1  # as ``claim`` wrote it
    _add_event(change, action, was, by, names, reason)


def _add_event(change: Change, action: str, was: str, by: Appointment, names: Iterable[str], reason: str = "") -> None:
    change.events.create(
        action=action, was=was, now=change.state, person=by.person, post=by, reason=reason, names=sorted(names)
    )


def _days(content: dict, names: Iterable[str] | None = None) -> list[datetime.date]:
    """The days from which categories among ``names`` count."""
    days = []
    for name in content if names is None else names:
        membership = content[name] if is_category(name) else None
        for key in ("since", "until"):
            if membership and membership.get(key):
                days.append(membership[key])
    return days
