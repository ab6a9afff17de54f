"""What a person decides about a finding. The program applies nothing by itself; what follows where they agree:
``registry.findings.moves``."""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from registry.eligibility.evaluate import Verdict, evaluate
from registry.eligibility.facts import facts_of
from registry.findings.models import Finding, FindingDecision
from registry.findings.workflow import FINDING, Agreement, Later


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
    # whatever she chose, for all are made of what is open
    FINDING.refuse_moved_since(FindingDecision.KEEP, finding, seen_version=seen_version)
    today = timezone.localdate()
    _check(decision, reason, ask_again_on, today)
    payload: Agreement | Later | None = None
    if decision == FindingDecision.AGREE:
        payload = Agreement(on or today, exit_reason, difficulty)
    elif decision == FindingDecision.LATER:
        assert ask_again_on  # checked
        payload = Later(ask_again_on)
    FINDING.apply(decision, finding, by=by, seen_version=seen_version, reason=reason, payload=payload)
    return finding


def undo_decision(finding: Finding, *, by: Appointment, seen_version: int) -> Finding:
    """The decision that ``by`` made just now was a mistake: the finding waits again, the category is held as before.

    Within UNDO_WITHIN, while nobody went on. Raises PermissionDenied, Refused or Stale; then nothing is changed.
    """
    if not by.may("decide_category", finding):
        raise PermissionDenied
    FINDING.undo(finding, by=by, seen_version=seen_version)
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
