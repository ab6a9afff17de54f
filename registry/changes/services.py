"""Changes to approved files: proposing, deciding field by field, sending again, taking back. The moves are those of
``registry.changes.workflow``.

A value goes into the file only if the file still holds the value it was based on; otherwise the two are shown as a
conflict and the reviewer says, having seen both, which one stands.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writers import AUTHORS
from childwelfare.workflow.writing import created_once, first_sending
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.posts.station_work import is_at_station
from registry.changes.models import Change, ChangeField, ChangeState, Verdict
from registry.changes.workflow import CHANGE, Amendment, Approval, Return
from registry.child.fields import content_of, equal, to_json
from registry.child.models import ChildFile, FileState
from registry.child.parse import as_seen
from registry.child.services.locking import lock_whole_file
from registry.child.services.write_fields import check_content
from registry.signals import change_open_again

MAX_FIELDS = 60  # fields in one change


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

    ``base`` is the value that the proposer saw; of a number also as it was shown, masked. Fields that say what the
    file already says are left out; where nothing is left the change is refused. ``pk`` from the form: sent twice, the
    change of the first sending is returned. Raises PermissionDenied, Refused, Stale, or ValidationError by field; then
    nothing is saved.
    """
    if not by.may("propose_change", file):
        raise PermissionDenied
    content, pk = content_of(file), pk or uuid.uuid4()
    earlier = Change.objects.filter(pk=pk, made_by=by.person)

    def says(first: Change) -> bool:
        return first.child_id == file.pk and _says_change(first, fields, note, content)

    if held := first_sending(earlier, says=says):
        return held
    _refuse_unregistered(file)
    fields = {
        name: pair | {"base": as_seen(name, pair["base"], content)} if name in content else pair
        for name, pair in fields.items()
    }
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
        here = lock_whole_file(file.pk)
        _refuse_unregistered(here)
        change.place(here)
        change.save(force_insert=True)
        for position, (name, given) in enumerate(wanted.items()):
            field = ChangeField(change=change, name=name, position=position)
            field.base, field.value = to_json(given["base"]), to_json(given["value"])
            field.save()
        change.events.create(
            action="propose", was="", now=change.state, person=by.person, post=by, names=sorted(wanted)
        )
        record_act(by, "propose_change", change, fields=sorted(wanted))
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

    ``settle`` as in ``Approval``. Raises PermissionDenied, Refused, Stale, ChangeConflict, or ValidationError by field,
    of ``settle`` where it names what is not approved here.
    """
    approval = Approval(_chosen(names), settle or {}, on)
    CHANGE.apply("approve", change, by=by, seen_version=seen_version, payload=approval)
    return change


def return_change(
    change: Change, *, by: Appointment, seen_version: int, reason: str, names: Iterable[str] | None = None
) -> Change:
    """Send pending fields (all, or ``names``) back with a reason; every reason stays, with its name."""
    payload = Return(_chosen(names))
    CHANGE.apply("return", change, by=by, seen_version=seen_version, reason=reason, payload=payload)
    return change


def return_addresses(file: ChildFile, *, by: Appointment, reason: str) -> None:
    """Send back the addresses that wait for review: ``file`` was handed on, and they are of the place that it left.
    Called inside the acceptance's transaction, which holds the file."""
    waiting = ChangeField.objects.filter(change__child=file, name="address", verdict=Verdict.PENDING)
    for field in waiting.select_related("change"):
        change = field.change
        change.child = file
        change.place(file)
        CHANGE.follow("return_moved", change, by=by, reason=reason, payload=Return(frozenset(["address"])))


def withdraw_with_file(file: ChildFile, *, by: Appointment, reason: str) -> None:
    """Take back what is open of ``file``, which is being closed: nobody could decide it any more. ``reason``: why it
    is closed, which the proposers read. Called inside the closing's transaction, which holds the file."""
    for change in Change.objects.filter(child=file).open():
        change.child = file
        change.place(file)
        CHANGE.follow("end_with_file", change, by=by, reason=reason)


def wait_again_with_file(file: ChildFile, *, by: Appointment, since: datetime.datetime) -> None:
    """Let what was withdrawn by the closing of ``file`` at ``since`` be open again. Called inside the transaction that
    takes the closing back, which holds the file."""
    ended = Change.objects.filter(child=file, events__action="end_with_file", events__at__gte=since).distinct()
    for change in ended:
        change.child = file
        CHANGE.follow_undo("end_with_file", change, by=by)


def withdraw_with_visit(change: Change, file: ChildFile, *, by: Appointment) -> None:
    """Take back what is undecided of ``change``, which was noticed on a visit that is taken back. Called inside that
    move's transaction, which holds ``file``."""
    change.child = file
    change.place(file)
    CHANGE.follow("recall_with_visit", change, by=by)


def bring_in_change(change: Change, *, by: Appointment) -> None:
    """Note that ``by`` took ``change`` in from a phone's file, and so doesn't decide it. Called inside the transaction
    that proposed it."""
    names = [field.name for field in change.fields.all()]
    change.events.create(action="bring_in", was=change.state, now=change.state, person=by.person, post=by, names=names)


def keep_writers(change: Change, taken: Collection[ChangeField]) -> None:
    """What ``change`` says as it was written in the fields ``taken``, of changes that were taken back, stays the work
    of who wrote it, who doesn't decide it either. Called inside the transaction that proposed ``change``."""
    own = {field.name: field for field in change.fields.all()} if taken else {}
    for earlier in taken:
        writer = earlier.written_by_id or earlier.change.made_by_id
        field = own.get(earlier.name)
        if field is None or not equal(field.value, earlier.value) or writer == change.made_by_id:
            continue
        field.written_by_id = writer
        field.save(update_fields=["written_by"])
        events = earlier.change.events.all()
        wrote = [event for event in events if event.action in AUTHORS and event.person_id == writer]
        for event in wrote[-1:]:  # with its own time and post: who asks for the writers asks the events
            change.events.create(
                action=event.action, was=event.was, now=event.now, person_id=writer, post_id=event.post_id,
                at=event.at, names=[field.name],
            )  # fmt: skip
        if earlier.change.station_made and not change.station_made:
            change.station_made = True
            change.save(update_fields=["station_made"])


def give_back_change(change: Change, file: ChildFile, *, by: Appointment) -> bool:
    """Let an open change be about ``file``: it was noticed of its child, while the file was merged into another. Called
    inside the transaction that undoes the merge, which holds both; ``by`` undid it. Returns whether a part of it had
    been approved: that stands in the other file, and waits again here. What ``file`` says otherwise by now is shown as
    a conflict to who decides."""
    approved = change.fields.filter(verdict=Verdict.APPROVED)
    names = list(approved.values_list("name", flat=True))
    was = change.state
    if approved.update(verdict=Verdict.PENDING, decided_by=None, decided_at=None):
        change.state = ChangeState.SUBMITTED
    change.child, change.version = file, change.version + 1
    change.place(file)
    change.save()
    change.events.create(action="unmerge", was=was, now=change.state, person=by.person, post=by, names=names)
    if file.state != FileState.APPROVED:
        with kept_for_others():
            CHANGE.follow("end_with_file", change, by=by, reason=_("档案不在册"))
    else:
        change_open_again.send(Change, change=change, child=file, by=by)
    return bool(names)


def amend_change(
    change: Change,
    *,
    by: Appointment,
    seen_version: int,
    values: dict,
    base: dict | None = None,
    on: datetime.date | None = None,
) -> Change:
    """Send returned fields again with new ``values``; those left out are sent as they were, with None of their
    content lost. The value that was sent back stays beside the new one for the reviewer. ``base`` as in ``Amendment``.
    Raises Stale while a part of the change is still to be decided: what came back is sent again once all of it is."""
    _refuse_decided_in_part(change, by)
    CHANGE.apply("resubmit", change, by=by, seen_version=seen_version, payload=Amendment(values, base or {}, on))
    return change


def withdraw_change(change: Change, *, by: Appointment, seen_version: int) -> Change:
    """Take back what is not decided yet."""
    CHANGE.apply("withdraw", change, by=by, seen_version=seen_version)
    return change


def undo_decision(change: Change, *, by: Appointment, seen_version: int) -> Change:
    """Take the last approval or return back: by who decided, within UNDO_WITHIN, while nobody did anything since.

    What the approval overwrote is written again. Raises Refused or Stale.
    """
    CHANGE.undo(change, by=by, seen_version=seen_version)
    return change


def _chosen(names: Iterable[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _refuse_decided_in_part(change: Change, by: Appointment) -> None:
    """Its state alone would say that nothing came back. Who may not send it again is told so by the move."""
    verdicts = [field.verdict for field in change.fields.all()]
    waiting = verdicts.count(Verdict.PENDING)
    if waiting and Verdict.RETURNED in verdicts and by.may("propose_change", change.child):
        raise Stale(_("这份变更还有 %(n)s 项待审核，审核完再一起补充重报。") % {"n": waiting})


def _says_change(first: Change, given: dict[str, dict], note: str, content: dict) -> bool:
    """Whether ``first`` proposes the same: what the file said already was left out of it."""
    proposed = {field.name: field for field in first.fields.all()}
    for name, pair in given.items():
        value = to_json(pair["value"])
        if field := proposed.pop(name, None):
            if not equal(value, field.value) and not equal(value, field.returned):
                return False
        elif not equal(value, to_json(pair["base"])) and not equal(pair["value"], content.get(name)):
            return False
    left_out = [field for field in proposed.values() if not equal(field.value, to_json(content.get(field.name)))]
    return not left_out and first.note == note


def _refuse_unregistered(file: ChildFile) -> None:
    if file.state != FileState.APPROVED:
        raise Refused(_("这份档案不在册，不能提出变更。"))
