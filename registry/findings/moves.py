"""What the moves of a finding require and what follows from them. The table is ``registry.findings.workflow``."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.workflow.outcomes import Attempt, Outcome
from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.services import record_act
from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership, refresh_what_follows
from registry.child.codes import Category
from registry.child.models import ChildFile, FileState
from registry.findings.models import Finding, FindingEvent, FindingKind
from registry.findings.workflow import FINDING, Agreement, Later, comes_early
from registry.signals import child_changed

DECIDED = ("decision", "reason", "ask_again_on", "decided_by_id", "decided_at")  # what a decision writes into it


@FINDING.outcome("agree", "keep", "later")
def _keep_decision(finding: Finding, attempt: Attempt) -> Outcome:
    now = timezone.now()
    before = {name: _plain(getattr(finding, name)) for name in DECIDED}
    if attempt.action == "agree" and (held := _held(finding)):
        before["ended"] = {"membership": str(held.pk), "decided_by": held.decided_by_id}
    return Outcome(
        facts={"before": before},
        columns={
            "decision": attempt.action,
            "reason": attempt.reason,
            "ask_again_on": attempt.payload.on if attempt.action == "later" else None,
            "decided_by": attempt.by.person,
            "decided_at": now,
            "updated_at": now,
        },
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


@FINDING.undo_check("agree", "keep", "later")
def _stands_as_decided(finding: Finding, event: FindingEvent) -> None:
    """What was carried out is as it was left then."""
    if not event.before:  # decided by an earlier version of the program
        raise Refused(_("这一步不能撤销。"))
    if finding.child.state != FileState.APPROVED:
        raise Refused(_("档案已不在册，不能再撤销。"))
    if (
        event.action == "agree"
        and finding.kind != FindingKind.UNCLAIMED
        and _decided_membership(finding, event) is None
    ):
        raise Refused(_("类别在那之后又改过，不能再撤销。"))


@FINDING.undo_effect("agree")
def _take_agreement_back(finding: Finding, event: FindingEvent) -> None:
    """As if it had not been agreed to: the category is held, or not held, as before."""
    if finding.kind != FindingKind.UNCLAIMED:
        membership, since = _decided_membership(finding, event), None
        assert membership  # asked by the check, with the finding claimed
        if finding.kind == FindingKind.UNREGISTERED:
            since = membership.since
            membership.delete()  # it never was, and counted nowhere
        else:
            since = membership.until
            membership.until, membership.exit_reason = None, ""
            membership.decided_by_id = event.before["ended"]["decided_by"]
            membership.save()
        assert since
        refresh_what_follows(finding.child, since)
        names = {f"category_{finding.category}"}
        child_changed.send(ChildFile, child=finding.child, names=names, on=timezone.localdate(event.at))
    _forget_decision(finding, event)


@FINDING.undo_effect("keep", "later")
def _forget_decision(finding: Finding, event: FindingEvent) -> None:
    """It waits for a decision again; what was decided before that stands again."""
    before = {name: event.before[name] for name in DECIDED}
    if before["ask_again_on"]:
        before["ask_again_on"] = datetime.date.fromisoformat(before["ask_again_on"])
    if before["decided_at"]:
        before["decided_at"] = datetime.datetime.fromisoformat(before["decided_at"])
    Finding.objects.filter(pk=finding.pk).update(**before, updated_at=event.at)
    finding.refresh_from_db()
    record_act(event.post, "undo_decide_finding", finding)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def _held(finding: Finding) -> CategoryMembership | None:
    return finding.child.memberships.filter(category=finding.category, until=None).first()


def _decided_membership(finding: Finding, event: FindingEvent) -> CategoryMembership | None:
    """The membership that the agreement opened or ended, where it is still as the decision left it."""
    if finding.kind == FindingKind.UNREGISTERED:
        held = _held(finding)
        return held if held and held.decided_by_id == event.person_id else None
    if _held(finding) or "ended" not in event.before:
        return None
    ended = finding.child.memberships.filter(pk=event.before["ended"]["membership"], decided_by=event.person_id)
    return ended.exclude(until=None).first()


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
    if finding.due_on and comes_early(finding):
        text = _("到%(day)s才满年龄，到那天再办；可以先选“到期再看”。")
        raise Refused(text % {"day": short_day(finding.due_on)})
    end_membership(membership, by=event.post, on=agreement.on, reason=agreement.exit_reason)
