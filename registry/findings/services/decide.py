"""What a person decides about a finding, and what follows where they agree. The program applies nothing by itself."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from registry.categories.services import end_membership, open_membership
from registry.child.codes import Category
from registry.child.models import ChildFile
from registry.eligibility.evaluate import Verdict, evaluate
from registry.eligibility.facts import facts_of
from registry.findings.models import Finding, FindingDecision, FindingKind, FindingState
from registry.signals import child_changed


def verdict_for(finding: Finding, on: datetime.date) -> Verdict | None:
    """The rule's word on the finding's child and category, for its page."""
    verdicts = evaluate(facts_of(finding.child), on, finding.child, categories=[finding.category])
    return verdicts[0] if verdicts else None


def decide_finding(
    finding: Finding,
    *,
    by: Appointment,
    seen_version: int,
    decision: str,
    reason: str,
    on: datetime.date | None = None,
    exit_reason: str = "",
    difficulty: str = "",
    ask_again_on: datetime.date | None = None,
) -> Finding:
    """Keep somebody's decision, and carry it out where it is ``agree``.

    Agreeing opens the membership from ``on``, or ends it on ``on`` with ``exit_reason``; an unclaimed benefit is only
    noted as to be applied for. Raises PermissionDenied, ValidationError by field, Refused, or Stale when somebody else
    decided first; then nothing is saved.
    """
    if not by.may("decide_category", finding):
        raise PermissionDenied
    today = timezone.localdate()
    _check(decision, reason, ask_again_on, today)
    if finding.state != FindingState.OPEN:
        raise Stale(_("这一条已由他人决定，或情况已变，请刷新后再看。"))
    with transaction.atomic():
        here = Finding.objects.filter(pk=finding.pk, state=FindingState.OPEN, version=seen_version)
        later = ask_again_on if decision == FindingDecision.LATER else None
        columns = {
            "state": FindingState.DECIDED,
            "version": seen_version + 1,
            "decision": decision,
            "reason": reason.strip(),
            "ask_again_on": later,
            "decided_by": by.person,
            "decided_at": timezone.now(),
            "updated_at": timezone.now(),
        }
        if not here.update(**columns):
            raise Stale(_("这一条刚由他人决定，请刷新后再看。"))
        if decision == FindingDecision.AGREE:
            _carry_out(finding, by=by, on=on or today, exit_reason=exit_reason, difficulty=difficulty, grounds=reason)
            child_changed.send(ChildFile, child=finding.child, names={f"category_{finding.category}"}, on=today)
        finding.events.create(
            action=decision,
            was=FindingState.OPEN,
            now=FindingState.DECIDED,
            person=by.person,
            post=by,
            reason=reason.strip(),
        )
        record_act(by, "decide_finding", finding, kind=finding.kind, category=finding.category, decision=decision)
    finding.refresh_from_db()
    return finding


def _check(decision: str, reason: str, ask_again_on: datetime.date | None, today: datetime.date) -> None:
    problems = {}
    if decision not in FindingDecision.values:
        problems["decision"] = [_("请选择怎么办。")]
    if not reason.strip():
        problems["reason"] = [_("请写明理由，以后的人据此了解。")]
    if decision == FindingDecision.LATER and (ask_again_on is None or ask_again_on <= today):
        problems["ask_again_on"] = [_("请填今天以后的日期，到时会再提出。")]
    if problems:
        raise ValidationError(problems)


def _carry_out(
    finding: Finding, *, by: Appointment, on: datetime.date, exit_reason: str, difficulty: str, grounds: str
) -> None:
    file, category = finding.child, Category(finding.category).label
    if finding.kind == FindingKind.UNCLAIMED:
        return
    if finding.kind == FindingKind.UNREGISTERED:
        grounds = grounds.strip()[:200]
        open_membership(file, finding.category, by=by, since=on, grounds=grounds, difficulty=difficulty)
        return
    membership = file.memberships.filter(category=finding.category, until=None).first()
    if membership is None:
        raise Stale(_("“%(label)s”已经结束，请刷新后再看。") % {"label": category})
    if finding.due_on and finding.due_on > timezone.localdate():
        raise Refused(_("到%(day)s才满年龄，到那天再办；可以先选“到期再看”。") % {"day": finding.due_on})
    end_membership(membership, by=by, on=on, reason=exit_reason)
