"""What follows from the answer to a transfer. The table is ``registry.transfers.workflow``."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.inbox.services import Author, notify
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit
from registry.changes.services import return_addresses
from registry.child.models import ChildFile, FileState
from registry.periods.models import PeriodEnd
from registry.signals import child_moved
from registry.stays.models import StayEnd
from registry.stays.services import end_with_file
from registry.transfers.keeping import put_at
from registry.transfers.models import Transfer
from registry.transfers.workflow import TRANSFER


@TRANSFER.effect("accept")
def _accept(transfer: Transfer, event: Event, _payload: None) -> None:
    _record_answer(transfer, event, None)
    move_child(transfer, event)


@TRANSFER.effect("refuse", "withdraw")
def _record_answer(transfer: Transfer, event: Event, _payload: None) -> None:
    record_act(event.post, f"{event.action}_transfer", transfer)
    if event.action == "refuse":
        notify("transfer_refused", transfer, to=Author(transfer.made_in_id, "transfer_child"), by=event.post)


def move_child(transfer: Transfer, event: Event) -> None:
    """Keep the child at ``transfer.target`` from today. Called inside the acceptance's transaction.

    The time at the old place becomes a PastPeriod, so its figures stay there; what is where the file is goes along
    (``registry.transfers.moving``); what else follows hears ``child_moved``.
    """
    file = ChildFile.objects.select_for_update(of=("self",)).select_related("village").get(pk=transfer.child_id)
    target, day = transfer.target, timezone.localdate(event.at)
    if file.state != FileState.APPROVED or file.village_id != transfer.origin_id:
        raise Stale(_("这份档案已结案或已转出，不能接收了。"))
    if target.valid_to:
        raise Refused(_("“%(village)s”已停用，请退回这次转出，由对方重新选择。") % {"village": target.path_label})
    end_with_file(file, by=event.post, how=StayEnd.MOVED, on=day)
    origin = file.village
    # a door number of the old village is none of the new one: blank, it is asked for
    address, file.address = file.address, ""
    put_at(file, target, on=day, ended_by=PeriodEnd.MOVED)
    reason = gettext("孩子已转到%(place)s，原来报的住址不再适用，请按现在的住址填写。")
    return_addresses(file, by=event.post, reason=reason % {"place": target.path_label})
    file.events.create(
        action="move",
        was=file.state,
        now=file.state,
        person=event.person,
        post=event.post,
        reason=_moved_words(origin, target, address),
    )
    Transfer.objects.filter(pk=transfer.pk).update(answered_on=day)
    transfer.answered_on, transfer.child = day, file
    record_act(event.post, "move_child", file, transfer=str(transfer.pk), origin=origin.pk, target=target.pk)
    # before the signal, whose receivers mark one of them: two transfers that cross take both in the same order
    for county in sorted(filter(None, {origin.county_id, target.county_id})):
        mark_figures_stale(county, day)
    child_moved.send(ChildFile, child=file, origin=origin, target=target, on=day)


def _moved_words(origin: OrgUnit, target: OrgUnit, address: str) -> str:
    """Between which places; the address there stands nowhere else any more."""
    words = f"{origin.path_label} → {target.path_label}"
    return words + gettext("；原住址：%(address)s") % {"address": address} if address else words
