"""The moves of a transfer: withdrawn by the side that asked, answered by the side that is to take the child."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from childwelfare.workflow.transitions import Transition, Workflow
from orgs.audit.services import record_act
from registry.transfers.models import Transfer
from registry.transfers.models import TransferState as S
from registry.transfers.services import move_child


def _accepted(transfer: Transfer, event: Event) -> None:
    move_child(transfer, event)


def _answered(transfer: Transfer, event: Event) -> None:
    record_act(event.post, f"{event.action}_transfer", transfer, child=str(transfer.child_id))


TRANSFER = Workflow(
    Transition(
        "accept", _("接收"), (S.ASKED,), S.ACCEPTED, "accept_transfer", place="target", checker_is_not_maker=True,
        then=_accepted,
    ),
    Transition(
        "refuse", _("退回"), (S.ASKED,), S.REFUSED, "accept_transfer", place="target", needs_reason=True,
        then=_answered,
    ),
    Transition("withdraw", _("撤回"), (S.ASKED,), S.WITHDRAWN, "transfer_child", place="origin", then=_answered),
)  # fmt: skip
