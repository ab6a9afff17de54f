"""The moves of an amendment: asked for with a document, opened by the tier above, sent, approved; then the tier above
amends its own sum, up to the top."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.workflow.transitions import Transition, Workflow
from reports.amendments.models import Amendment
from reports.amendments.models import AmendmentState as S
from reports.submissions.workflow import Approval, Sending


def sends(post: Any, amendment: Amendment) -> bool:
    return bool(post.unit_id == amendment.submission.unit_id)


def decides(post: Any, amendment: Amendment) -> bool:
    return bool(post.unit_id == amendment.submission.above_id)


BY_ITSELF = (_("本单位"), sends)
BY_THE_TIER_ABOVE = (_("上一级单位"), decides)

AMENDMENT = Workflow(
    Transition(
        "open_amendment", _("同意更正"), (S.ASKED,), S.OPEN, "decide_ledger", only=BY_THE_TIER_ABOVE, decides=True,
        writes=False,
    ),
    Transition(
        "refuse_amendment", _("不同意更正"), (S.ASKED,), S.REFUSED, "decide_ledger", only=BY_THE_TIER_ABOVE,
        needs_reason=True,
    ),
    Transition(
        "submit_amendment", _("报送更正"), (S.OPEN,), S.SUBMITTED, "submit_ledger", only=BY_ITSELF, payload=Sending,
        writes=True,
    ),
    Transition(
        "return_amendment", _("退回更正"), (S.SUBMITTED,), S.OPEN, "decide_ledger", only=BY_THE_TIER_ABOVE,
        needs_reason=True, decides=True, returns=True, writes=False,
    ),
    Transition(
        "approve_amendment", _("通过更正"), (S.SUBMITTED,), S.APPROVED, "decide_ledger", only=BY_THE_TIER_ABOVE,
        payload=Approval, decides=True, writes=False,
    ),
    # a unit below amended its figures while these were on their way: they are summed anew
    Transition(
        "sum_anew", pgettext_lazy("amendment", "下级又有更正，重新汇总"), (S.SUBMITTED,), S.OPEN, "", writes=False,
    ),
    Transition("take_effect", _("更正生效"), (S.APPROVED,), S.EFFECTIVE, "", writes=False),
    model="reports.Amendment",
    moves="reports.amendments.moves",
)  # fmt: skip
