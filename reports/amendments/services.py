"""What people do with an amendment, as pages and API call it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_texts
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from reports.amendments.holding import held, hindrance
from reports.amendments.models import Amendment, AmendmentEvent
from reports.amendments.models import AmendmentState as S
from reports.amendments.trail import told_of
from reports.amendments.workflow import AMENDMENT, Approval, Sending
from reports.submissions.models import Submission
from reports.submissions.workflow import deciding_units, sends

DOCUMENT_LONGEST = 120


def may_ask(post: Appointment, submission: Submission) -> bool:
    """Who may send it: the unit itself, or who stands in where nobody is in post."""
    return post.may("submit_ledger", submission) and sends(post, submission)


def ask(submission: Submission, *, by: Appointment, reason: str, document: str) -> Amendment:
    """Ask to amend what was reported, or to supply what was not valid at the lock. Raises PermissionDenied,
    ValidationError by field, Refused."""
    if not may_ask(by, submission):
        raise PermissionDenied
    said = check_texts({"reason": reason, "document": document})
    reason, problems = said["reason"], {}
    for name, longest in (("reason", REASON_LONGEST), ("document", DOCUMENT_LONGEST)):
        text = said[name]
        if not text:
            problems[name] = [_("请填写这一项。")]
        elif len(text) > longest:
            problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": longest, "n": len(text)}]
    if problems:
        raise ValidationError(problems)
    try:
        with transaction.atomic():
            submission = held(submission)
            if why := hindrance(submission):
                raise Refused(why)
            amendment = Amendment.objects.create(submission=submission, **said, made_by=by.person, made_in=by)
            event = amendment.events.create(
                action="ask_amendment", was="", now=S.ASKED, person=by.person, post=by, reason=reason
            )
            for unit in deciding_units(submission, sent_in=by):
                notify("amendment_asked", amendment, to=Holders(unit, "decide_ledger"), by=by)
            record_act(by, "ask_amendment", amendment, unit=submission.unit, **told_of(amendment, event))
    except IntegrityError:
        raise Refused(_("已经有一份更正在办，请等它办完。")) from None
    return amendment


def open_amendment(amendment: Amendment, *, by: Appointment, seen_version: int) -> AmendmentEvent:
    return AMENDMENT.apply("open_amendment", amendment, by=by, seen_version=seen_version)


def refuse(amendment: Amendment, *, by: Appointment, seen_version: int, reason: str) -> AmendmentEvent:
    """Do not grant it, or take the grant back."""
    return AMENDMENT.apply("refuse_amendment", amendment, by=by, seen_version=seen_version, reason=reason)


def withdraw(amendment: Amendment, *, by: Appointment, seen_version: int, reason: str) -> AmendmentEvent:
    """Give it up, asked for or granted; what was approved below for it is ended with it."""
    return AMENDMENT.apply("withdraw_amendment", amendment, by=by, seen_version=seen_version, reason=reason)


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
    """Return it to be sent again; what was approved too, while no sum above holds it."""
    return AMENDMENT.apply("return_amendment", amendment, by=by, seen_version=seen_version, reason=reason)


def approve(amendment: Amendment, *, by: Appointment, seen_version: int, hash: str) -> AmendmentEvent:
    """Accept the new figures. The old ones stay valid until the top has amended its own."""
    return AMENDMENT.apply("approve_amendment", amendment, by=by, seen_version=seen_version, payload=Approval(hash))
