"""What the moves of a finding require and what follows from them. The table is ``registry.findings.workflow``."""

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from registry.categories.services import end_membership, open_membership
from registry.child.codes import Category
from registry.child.models import ChildFile
from registry.findings.models import Finding, FindingEvent, FindingKind
from registry.findings.workflow import FINDING, Agreement, Later
from registry.signals import child_changed


@FINDING.outcome("agree", "keep", "later")
def _keep_decision(finding: Finding, attempt: Attempt) -> Outcome:
    now = timezone.now()
    return Outcome(
        columns={
            "decision": attempt.action,
            "reason": attempt.reason,
            "ask_again_on": attempt.payload.on if attempt.action == "later" else None,
            "decided_by": attempt.by.person,
            "decided_at": now,
            "updated_at": now,
        }
    )


@FINDING.effect("agree")
def _carry_out(finding: Finding, event: FindingEvent, agreement: Agreement) -> None:
    """Open or end the membership; an unclaimed benefit is only noted as to be applied for."""
    if finding.kind == FindingKind.UNREGISTERED:
        _open_membership(finding, event, agreement)
    elif finding.kind != FindingKind.UNCLAIMED:
        _end_membership(finding, event, agreement)
    child_changed.send(
        ChildFile, child=finding.child, names={f"category_{finding.category}"}, on=timezone.localdate(event.at)
    )
    _record_decision(finding, event, agreement)


@FINDING.effect("keep", "later")
def _record_decision(finding: Finding, event: FindingEvent, _payload: Agreement | Later | None) -> None:
    record_act(
        event.post,
        "decide_finding",
        finding,
        kind=finding.kind,
        category=finding.category,
        decision=event.action,
    )


def _open_membership(finding: Finding, event: FindingEvent, agreement: Agreement) -> None:
    open_membership(
        finding.child,
        finding.category,
        by=event.post,
        since=agreement.on,
        grounds=event.reason,
        difficulty=agreement.difficulty,
    )


def _end_membership(finding: Finding, event: FindingEvent, agreement: Agreement) -> None:
    membership = finding.child.memberships.filter(category=finding.category, until=None).first()
    if membership is None:
        label = Category(finding.category).label
        raise Stale(_("“%(label)s”已经结束，请重新打开再看。") % {"label": label})
    if finding.due_on and finding.due_on > timezone.localdate():
        raise Refused(_("到%(day)s才满年龄，到那天再办；可以先选“到期再看”。") % {"day": finding.due_on})
    end_membership(membership, by=event.post, on=agreement.on, reason=agreement.exit_reason)
