"""Asking for a child's file to be handed on to another village. ``registry.transfers.workflow`` has the answers."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile, FileState
from registry.child.services.locking import lock_whole_file
from registry.child.services.seen import refuse_changed_since
from registry.transfers.models import Transfer
from registry.transfers.workflow import TRANSFER, within_one_township

REASON_LIMIT = 200  # characters
CLOSED = gettext_lazy("这份档案已结案，不能转出。孩子还要管的，请先在档案里“重新在册”，再办转出。")
NOT_YET = gettext_lazy("这份档案还没有审核通过、不在册，不能转出。请等通过以后再办。")


def ask_transfer(
    file: ChildFile,
    *,
    by: Appointment,
    target: OrgUnit | None,
    reason: str,
    seen_version: int,
    pk: uuid.UUID | None = None,
) -> Transfer:
    """Ask the side of ``target`` (a village) to take the child over.

    Within one township it moves at once, accepted by ``by``, who has to hold accept_transfer at ``target`` for it:
    its clerk answers for both places. ``pk`` comes from the form: sent twice, even at once, the transfer of the first
    sending is returned. Raises PermissionDenied,
    Refused, Stale, or ValidationError by field (village, reason); then nothing is changed.
    """
    pk = pk or uuid.uuid4()
    earlier = Transfer.objects.filter(pk=pk, made_by=by.person)
    says = has_values(child_id=file.pk, target=target, reason=reason.strip())
    if same := first_sending(earlier, says=says):
        return same
    if not by.may("transfer_child", file):
        raise PermissionDenied
    _refuse_unfit(file, seen_version or file.version)  # sent without one, it is told what is wrong in it
    problems: dict[str, list] = {}
    if target is None or target.level != 4:
        problems["village"] = [_("请选择转到哪个村（居）。")]
    elif target.valid_to:
        problems["village"] = [_("“%(village)s”已停用，请选择现在的村（居）。") % {"village": target.path_label}]
    elif target.pk == file.village_id:
        problems["village"] = [_("孩子现在就在这个村（居），请选择要转去的地方。")]
    if not reason.strip():
        problems["reason"] = [_("请写明转出原因，对方据此核对。")]
    elif len(reason) > REASON_LIMIT:
        problems["reason"] = [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]
    if problems:
        raise ValidationError(problems)
    assert target  # checked
    with created_once(earlier, says=says, refusal=_("这次没有存上，请刷新页面后再填一次。")):
        here = lock_whole_file(file.pk)
        # again, now that the file is ours: the same form may have come in beside us
        if same := first_sending(earlier, says=says):
            return same
        _refuse_unfit(here, seen_version)  # again, for a colleague's act may have come in beside us
        transfer = Transfer(
            pk=pk,
            child=here,
            origin=here.village,
            target=target,
            reason=reason.strip(),
            made_by=by.person,
            made_in=by,
        )
        transfer.save(force_insert=True)
        transfer.events.create(
            action="ask", was="", now=transfer.state, person=by.person, post=by, reason=transfer.reason
        )
        record_act(by, "ask_transfer", transfer, to=target.pk)
        if within_one_township(transfer) and by.may("accept_transfer", target):
            TRANSFER.apply("accept", transfer, by=by, seen_version=transfer.version)
        else:
            notify("transfer_offered", transfer, to=Holders(target.township_id, "accept_transfer"), by=by)
    return transfer


def _refuse_unfit(file: ChildFile, seen_version: int) -> None:
    """Of what the form says nothing is judged where a colleague was first: the child may be where it is to go by now.
    Raises Stale or Refused."""
    refuse_changed_since(file, seen_version)
    if file.state != FileState.APPROVED:
        raise Refused(CLOSED if file.state == FileState.CLOSED else NOT_YET)
    if file.transfers.open().exists():
        raise Stale(_("这份档案已有一次转出在等对方接收，请先撤回那一次。"))
