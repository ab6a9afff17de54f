"""What people do with an amendment, as pages and API call it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from reports.amendments.models import Amendment, AmendmentEvent
from reports.amendments.models import AmendmentState as S
from reports.amendments.workflow import AMENDMENT, Approval, Sending
from reports.submissions.models import Submission
from reports.submissions.workflow import above_has_not_sent

DOCUMENT_LONGEST = 120


def hindrance(submission: Submission) -> str:
    """Why what ``submission`` reported can't be amended, or blank."""
    if submission.approved_id is None:
        return _("还没有有效的上报数，不用更正。")
    if not submission.is_locked and above_has_not_sent(submission) and submission.parent_id:
        return _("上级还没有报出，请上级退回重报即可，不用更正。")
    if submission.parent and not submission.is_locked and submission.parent.state == "submitted":
        return _("上级的汇总表正在审核，请先由它的上级退回，再退回重报。")
    return ""


def may_ask(post: Appointment, submission: Submission) -> bool:
    return post.unit_id == submission.unit_id and post.may("submit_ledger", submission)


def ask(submission: Submission, *, by: Appointment, reason: str, document: str) -> Amendment:
    """Ask to amend what was reported. Raises PermissionDenied, ValidationError by field, Refused."""
    if not may_ask(by, submission):
        raise PermissionDenied
    reason, document = clean_text(reason), clean_text(document)
    problems = {}
    for name, text, longest in (("reason", reason, REASON_LONGEST), ("document", document, DOCUMENT_LONGEST)):
        if not text:
            problems[name] = [_("请填写这一项。")]
        elif len(text) > longest:
            problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": longest, "n": len(text)}]
    if problems:
        raise ValidationError(problems)
    if why := hindrance(submission):
        raise Refused(why)
    try:
        with transaction.atomic():
            amendment = Amendment.objects.create(
                submission=submission, reason=reason, document=document, made_by=by.person, made_in=by
            )
            amendment.events.create(
                action="ask_amendment", was="", now=S.ASKED, person=by.person, post=by, reason=reason
            )
            notify("amendment_asked", amendment, to=Holders(submission.above_id, "decide_ledger"), by=by)
            record_act(by, "ask_amendment", amendment, unit=submission.unit, period=submission.period.key)
    except IntegrityError:
        raise Refused(_("已经有一份更正在办，请等它办完。")) from None
    return amendment


def open_amendment(amendment: Amendment, *, by: Appointment, seen_version: int) -> AmendmentEvent:
    return AMENDMENT.apply("open_amendment", amendment, by=by, seen_version=seen_version)


def refuse(amendment: Amendment, *, by: Appointment, seen_version: int, reason: str) -> AmendmentEvent:
    return AMENDMENT.apply("refuse_amendment", amendment, by=by, seen_version=seen_version, reason=reason)


def submit(
    amendment: Amendment,
    *,
    by: Appointment,
    seen_version: int,
    seen: str,
    explanations: Mapping[str, str] | None = None,
) -> AmendmentEvent:
    """Send the new figures, as ``by`` sees them."""
    payload = Sending(seen, explanations or {})
    return AMENDMENT.apply("submit_amendment", amendment, by=by, seen_version=seen_version, payload=payload)


def send_back(amendment: Amendment, *, by: Appointment, seen_version: int, reason: str) -> AmendmentEvent:
    return AMENDMENT.apply("return_amendment", amendment, by=by, seen_version=seen_version, reason=reason)


def approve(amendment: Amendment, *, by: Appointment, seen_version: int, hash: str) -> AmendmentEvent:
    """Accept the new figures. The old ones stay valid until the top has amended its own."""
    return AMENDMENT.apply("approve_amendment", amendment, by=by, seen_version=seen_version, payload=Approval(hash))
