"""The moves of a transfer: withdrawn by the side that asked, answered by the side that is to take the child. What
follows from an answer: ``registry.transfers.moves``."""

from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.transitions import Transition, Workflow
from registry.transfers.models import Transfer
from registry.transfers.models import TransferState as S


def within_one_township(transfer: Transfer) -> bool:
    """Whether one clerk answers for both places: then who asks may take the child in as well."""
    return transfer.origin.township_id == transfer.target.township_id


TRANSFER = Workflow(
    Transition(
        "accept", _("接收"), (S.ASKED,), S.ACCEPTED, "accept_transfer", place="target",
        decides=True, writer_too=within_one_township,
    ),
    Transition("refuse", _("退回"), (S.ASKED,), S.REFUSED, "accept_transfer", place="target", needs_reason=True),
    Transition("withdraw", _("撤回"), (S.ASKED,), S.WITHDRAWN, "transfer_child", place="origin"),
    model="registry.Transfer",
    moves="registry.transfers.moves",
)  # fmt: skip
