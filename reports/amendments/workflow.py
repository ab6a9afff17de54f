"""The moves of an amendment: asked for with a document, opened by the tier above, sent, approved; then the tier above
amends its own sum, up to the top. At any time before that it can be ended, with a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.workflow.transitions import Transition, Workflow
from childwelfare.workflow.writers import last_sender
from reports.amendments.models import UNDER_WAY, Amendment
from reports.amendments.models import AmendmentState as S
from reports.submissions.workflow import Approval, Sending, decides_what
from reports.submissions.workflow import sends as sends_submission


def sends(post: Any, amendment: Amendment) -> bool:
    return sends_submission(post, amendment.submission)


def decides(post: Any, amendment: Amendment) -> bool:
    return decides_what(post, amendment.submission, sent_in=amendment.made_in)


def is_not_taken_up(amendment: Amendment) -> bool:
    """Whether no sum that takes it in is on its way. Asks a query of what was approved alone."""
    if amendment.state != S.APPROVED:
        return True
    above = Amendment.objects.filter(submission=amendment.submission.parent_id, state__in=(S.SUBMITTED, S.APPROVED))
    return not above.exists()


BY_ITSELF = (_("本单位，已撤并的由接续的单位；没有人在岗的由上级代办"), sends)
BY_THE_TIER_ABOVE = (_("上一级单位"), decides)
NOT_TAKEN_UP = (_("上级的更正已经把它汇总报出，请先由再上一级退回那一份。"), is_not_taken_up)

AMENDMENT = Workflow(
    Transition(
        "open_amendment", _("同意更正"), (S.ASKED,), S.OPEN, "decide_ledger", only=BY_THE_TIER_ABOVE, decides=True,
        writers=last_sender, writes=False,
    ),
    # not granted, or the grant is taken back; what was approved as well, while no sum above holds it
    Transition(
        "refuse_amendment", _("不同意更正"), UNDER_WAY, S.REFUSED, "decide_ledger", only=BY_THE_TIER_ABOVE,
        needs_reason=True, decides=True, writers=last_sender, requires=NOT_TAKEN_UP,
    ),
    Transition(
        "submit_amendment", _("报送更正"), (S.OPEN,), S.SUBMITTED, "submit_ledger", only=BY_ITSELF, payload=Sending,
        writes=True,
    ),
    Transition(
        "withdraw_amendment", _("撤回更正"), (S.ASKED, S.OPEN), S.WITHDRAWN, "submit_ledger", only=BY_ITSELF,
        needs_reason=True,
    ),
    Transition(
        "return_amendment", _("退回更正"), (S.SUBMITTED, S.APPROVED), S.OPEN, "decide_ledger", only=BY_THE_TIER_ABOVE,
        needs_reason=True, decides=True, writers=last_sender, returns=True, writes=False, requires=NOT_TAKEN_UP,
    ),
    Transition(
        "approve_amendment", _("通过更正"), (S.SUBMITTED,), S.APPROVED, "decide_ledger", only=BY_THE_TIER_ABOVE,
        payload=Approval, decides=True, writers=last_sender, writes=False,
    ),
    # a unit below amended its figures while these were asked for, or on their way: they are summed anew
    Transition(
        "open_from_below", _("下级的更正已通过，开始更正"), (S.ASKED,), S.OPEN, "", writes=False,
    ),
    Transition(
        "sum_anew", pgettext_lazy("amendment", "下级又有更正，重新汇总"), (S.SUBMITTED,), S.OPEN, "", writes=False,
    ),
    Transition("take_effect", _("更正生效"), (S.APPROVED,), S.EFFECTIVE, "", writes=False),
    # that of the tier above was ended, so that nothing is left in which it could become valid
    Transition("fall_with_above", _("上级的更正已了结，一并了结"), (S.APPROVED,), S.REFUSED, "", writes=False),
    # it followed from amendments below, and none of them is left
    Transition("drop_amendment", _("下级的更正已了结，不用再更正"), (S.OPEN,), S.WITHDRAWN, "", writes=False),
    model="reports.Amendment",
    moves="reports.amendments.moves",
)  # fmt: skip
