"""Handing a child's file on to another village: asked, answered, and in one transaction moved."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import TIERS
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile, FileState
from registry.periods.models import PastPeriod, PeriodEnd
from registry.signals import child_moved
from registry.stays.models import StayEnd
from registry.stays.services import end_with_file
from registry.transfers.models import Transfer, TransferState


def ask_transfer(
    file: ChildFile,
    *,
    by: Appointment,
    target: OrgUnit | None,
    reason: str,
    seen_version: int,
    pk: uuid.UUID | None = None,
) -> Transfer:
    """Ask the side of ``target`` (a village) to take the child over; within one township it moves at once.

    ``pk`` comes from the form: sent twice, the transfer of the first sending is returned. Raises PermissionDenied,
    Refused, Stale, or ValidationError by field (village, reason); then nothing is changed.
    """
    if pk and (same := Transfer.objects.filter(pk=pk, made_by=by.person, child=file).first()):
        return same
    if not by.may("transfer_child", file):
        raise PermissionDenied
    problems: dict[str, list] = {}
    if target is None or target.level != 4:
        problems["village"] = [_("请选择转到哪个村（居）。")]
    elif target.valid_to:
        problems["village"] = [_("“%(village)s”已停用，请选择现在的村（居）。") % {"village": target.path_label}]
    elif target.pk == file.village_id:
        problems["village"] = [_("孩子现在就在这个村（居），请选择要转去的地方。")]
    if not reason.strip():
        problems["reason"] = [_("请写明转出原因，对方据此核对。")]
    elif len(reason) > 200:
        problems["reason"] = [_("请写在 200 字以内。")]
    if problems:
        raise ValidationError(problems)
    assert target  # checked
    with transaction.atomic():
        here = ChildFile.objects.select_for_update().get(pk=file.pk)
        if here.version != seen_version:
            raise Stale(_("这份档案刚被他人改过，请刷新后再看。"))
        if here.state != FileState.APPROVED:
            raise Refused(_("只有在册的档案可以转出。"))
        transfer = Transfer(
            pk=pk or uuid.uuid4(),
            child=here,
            origin=here.village,
            target=target,
            reason=reason.strip(),
            made_by=by.person,
            made_in=by,
        )
        _save(transfer)
        event = transfer.events.create(
            action="ask", was="", now=transfer.state, person=by.person, post=by, reason=transfer.reason
        )
        if target.township_id == here.township_id and by.may("accept_transfer", target):
            _move_at_once(transfer, event)
        else:
            record_act(by, "ask_transfer", transfer, child=str(file.pk), to=target.pk)
    return transfer


def move_child(transfer: Transfer, event: Event) -> None:
    """Keep the child at ``transfer.target`` from today. Called inside the acceptance's transaction.

    The time at the old place becomes a PastPeriod, so its figures stay there; memberships and changes go along with
    the file; the concepts above follow by ``child_moved``.
    """
    file = ChildFile.objects.select_for_update().select_related("village").get(pk=transfer.child_id)
    target, day = transfer.target, timezone.localdate(event.at)
    if file.state != FileState.APPROVED or file.village_id != transfer.origin_id:
        raise Stale(_("这份档案已结案或已转出，不能接收了。"))
    if target.valid_to:
        raise Refused(_("“%(village)s”已停用，请退回这次转出，由对方重新选择。") % {"village": target.path_label})
    _leave(file, day)
    end_with_file(file, by=event.post, how=StayEnd.MOVED, on=day)
    origin = file.village
    file.place(target)
    file.counted_since, file.version = day, file.version + 1
    file.save()
    for moving in (*file.memberships.all(), *file.changes.all(), *file.findings.all()):
        moving.place(file)
        moving.save(update_fields=TIERS)
    file.events.create(
        action="move",
        was=file.state,
        now=file.state,
        person=event.person,
        post=event.post,
        reason=f"{origin.path_label} → {target.path_label}",
    )
    Transfer.objects.filter(pk=transfer.pk).update(answered_on=day)
    transfer.answered_on, transfer.child = day, file
    record_act(event.post, "move_child", file, transfer=str(transfer.pk), origin=origin.pk, target=target.pk)
    child_moved.send(ChildFile, child=file, origin=origin, target=target, on=day)
    for county in sorted(filter(None, {origin.county_id, target.county_id})):
        mark_figures_stale(county, day)


def _leave(file: ChildFile, day: datetime.date) -> None:
    assert file.begun_on  # it is in the registry
    past = PastPeriod(child=file, since=file.begun_on, until=max(day, file.begun_on), ended_by=PeriodEnd.MOVED)
    past.place(file)
    past.save()


def _save(transfer: Transfer) -> None:
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("这份档案已有一次转出在等对方接收，请先撤回那一次。")) from None


def _move_at_once(transfer: Transfer, event: Event) -> None:
    """Within one township its clerk answers for both places: nobody else has to accept."""
    Transfer.objects.filter(pk=transfer.pk).update(state=TransferState.ACCEPTED, version=2)
    transfer.state, transfer.version = TransferState.ACCEPTED, 2
    accepted = transfer.events.create(
        action="accept", was=TransferState.ASKED, now=transfer.state, person=event.person, post=event.post
    )
    move_child(transfer, accepted)
