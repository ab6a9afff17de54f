"""The moves of a transfer: withdrawn by the side that asked, answered by the side that is to take the child."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow import Refused, Stale, Transition, Workflow
from orgs.services.audit import record_act
from registry.models import TransferState as S


class TransferWorkflow(Workflow):
    """A transfer has two places: each move asks for its permission at the one it belongs to."""

    @staticmethod
    def _objection(move, post, record):
        if not post.may(move.permission, record.origin if move.action == "withdraw" else record.target):
            return PermissionDenied()
        if record.state not in move.source:
            return Stale(_("这次转出已经办结，请刷新后再看。"))
        if move.checker_is_not_maker and record.made_by_id == post.person_id:
            return Refused(_("不能接收自己提出的转出，请由接收方的工作人员办理。"))
        return None


def _accepted(transfer, event) -> None:
    from registry.services.transfer import move_child

    move_child(transfer, event)


def _answered(transfer, event) -> None:
    record_act(event.post, f"{event.action}_transfer", transfer, child=str(transfer.child_id))


TRANSFER = TransferWorkflow(
    Transition(
        "accept", _("接收"), (S.ASKED,), S.ACCEPTED, "accept_transfer", checker_is_not_maker=True, then=_accepted
    ),
    Transition("refuse", _("退回"), (S.ASKED,), S.REFUSED, "accept_transfer", needs_reason=True, then=_answered),
    Transition("withdraw", _("撤回"), (S.ASKED,), S.WITHDRAWN, "transfer_child", then=_answered),
)  # fmt: skip
