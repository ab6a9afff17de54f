"""What the rules find about the children on file, kept as findings that a person decides.

A finding is made and renewed by ``recount_findings`` alone and decided by ``decide_finding`` alone. The program never
applies anything by itself.
"""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.jobs.services import Progress
from childwelfare.security.sealing import blind_index
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.scope import TIERS
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.categories.models import CategoryMembership
from registry.categories.services import end_membership, open_membership
from registry.child.ages import birthday
from registry.child.codes import CATEGORY_AGE_LIMIT, Category, Relief
from registry.child.models import ChildFile
from registry.eligibility.evaluate import MEETS, NO, Verdict, evaluate, variants_at
from registry.eligibility.facts import Facts, facts_of
from registry.findings.models import Finding, FindingDecision, FindingKind, FindingState
from registry.signals import child_changed

BATCH = 500
AGE_AHEAD = datetime.timedelta(days=30)
# what these two categories open; until applications are kept here a file can note it only as other relief
BENEFIT_OF = (Category.ORPHAN, Category.DE_FACTO)


@dataclass(frozen=True)
class Found:
    """One thing that the rules say about a child today."""

    kind: str
    category: str
    version: str
    digest: str
    membership: CategoryMembership | None = None
    due_on: datetime.date | None = None


def recount_findings(county: OrgUnit, *, on: datetime.date | None = None, progress: Progress | None = None) -> int:
    """Find anew over the approved files of ``county``, in batches of one transaction each; returns how many are open.

    May run twice, also at once with a decision: what was decided stays, unless the facts that the rule read changed.
    """
    day = on or timezone.localdate()
    files = ChildFile.objects.within(county).in_care()
    total, done, last = files.count(), 0, None
    variants = variants_at(county)
    mark_findings_gone(Finding.objects.within(county).exclude(child__state="approved"))
    while batch := _batch(files, last):
        with transaction.atomic():
            new, again = [], []
            for file in batch:
                made, found = _renew(file, found_in(file, day, variants), day)
                new += made
                again += found
            Finding.objects.bulk_create(new, ignore_conflicts=True)
            Finding.objects.open().filter(pk__in=again).update(last_seen=day)
        last, done = batch[-1].pk, done + len(batch)
        if progress:
            progress(done, total)
    return Finding.objects.within(county).open().count()


def mark_findings_gone(findings: Any) -> None:
    """Nobody has to decide any more about a child who left the registry."""
    findings.open().update(state=FindingState.GONE, version=F("version") + 1, updated_at=timezone.now())


def found_in(file: ChildFile, on: datetime.date, variants: list) -> list[Found]:
    """Everything that the rules say about one child: its related rows may be prefetched."""
    facts = facts_of(file)
    verdicts = {verdict.category: verdict for verdict in evaluate(facts, on, variants=variants)}
    held = {one.category: one for one in file.memberships.all() if one.until is None}
    found = []
    for category, verdict in verdicts.items():
        membership = held.get(category)
        if membership is None:
            if verdict.verdict == MEETS and not _of_age(file, category, on):
                found.append(_found(FindingKind.UNREGISTERED, verdict, facts, file))
            continue
        if due_on := age_exit(file, category, on, variants):
            found.append(_found(FindingKind.AGE, verdict, facts, file, membership, due_on))
        elif verdict.verdict == NO:
            found.append(_found(FindingKind.ENDED, verdict, facts, file, membership))
        if verdict.verdict == MEETS and category in BENEFIT_OF and Relief.OTHER not in file.relief:
            found.append(_found(FindingKind.UNCLAIMED, verdict, facts, file, membership))
    return found


def age_exit(file: ChildFile, category: str, on: datetime.date, variants: list) -> datetime.date | None:
    """The birthday on which ``category`` ends by age, if reached or at most 30 days ahead; None as well where the
    local rule lets the child stay, as some do for full-time students. 29 February: see ``registry.child.ages``."""
    due_on = birthday(file.birth_date, CATEGORY_AGE_LIMIT[category])
    if due_on > on + AGE_AHEAD:
        return None
    then = evaluate(facts_of(file), max(on, due_on), variants=variants, categories=[category])
    return due_on if not then or then[0].verdict == NO else None


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


def _batch(files: QuerySet[ChildFile], last: uuid.UUID | None) -> list[ChildFile]:
    after = files.filter(pk__gt=last) if last else files
    # units too: few of them, and one object each for the whole batch
    return list(
        after.order_by("pk").prefetch_related(*TIERS[:3], "family", "guardians", "memberships", "findings")[:BATCH]
    )


def _of_age(file: ChildFile, category: str, on: datetime.date) -> bool:
    return birthday(file.birth_date, CATEGORY_AGE_LIMIT[category]) <= on


def _found(
    kind: FindingKind,
    verdict: Verdict,
    facts: Facts,
    file: ChildFile,
    membership: CategoryMembership | None = None,
    due_on: datetime.date | None = None,
) -> Found:
    times = sum(one.category == verdict.category for one in file.memberships.all())
    return Found(kind, verdict.category, verdict.version, _digest(verdict, facts, times), membership, due_on)


def _digest(verdict: Verdict, facts: Facts, times: int) -> str:
    """Keyed, for the facts are delicate and few: only those that the rule reads, its
    word, and how often the child has held the category."""
    read = {path: facts.at(path) for path in verdict.reads}
    if "living_region" in read:  # codes of a place that change without the family moving
        read["living_region"] = facts.living_region == facts.registered_region
    used = [read, verdict.version, verdict.variants, verdict.verdict, times]
    return blind_index(json.dumps(used, default=_plain, sort_keys=True), "finding")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else vars(value)


def _renew(file: ChildFile, wanted: list[Found], day: datetime.date) -> tuple[list[Finding], list]:
    """Bring the findings of one file in line with what was found; writes only what differs. Returns the new ones, yet
    to be written, and the keys of those that were just found again."""
    known = {(finding.kind, finding.category): finding for finding in file.findings.all()}
    new: list[Finding] = []
    again: list = []
    for finding in known.values():
        if finding.village_id != file.village_id:  # the child has moved
            finding.place(file)
            finding.save(update_fields=TIERS)
    for found in wanted:
        held = known.pop((found.kind, found.category), None)
        if held is None:
            new.append(_made(file, found, day))
        elif not _renew_one(held, found, day):
            again.append(held.pk)
    for finding in known.values():
        if finding.state == FindingState.OPEN:
            _write(finding, Q(state=FindingState.OPEN), state=FindingState.GONE)
    return new, again


def _made(file: ChildFile, found: Found, day: datetime.date) -> Finding:
    finding = Finding(
        child=file,
        kind=found.kind,
        category=found.category,
        rule_version=found.version,
        digest=found.digest,
        membership=found.membership,
        due_on=found.due_on,
        first_seen=day,
        last_seen=day,
    )
    finding.place(file)
    return finding


def _renew_one(finding: Finding, found: Found, day: datetime.date) -> bool:
    """Whether it had to be written: the facts changed, it came back, or its day to be asked again has come."""
    same = finding.digest == found.digest
    seen = {
        "rule_version": found.version,
        "digest": found.digest,
        "membership": found.membership,
        "due_on": found.due_on,
        "last_seen": day,
    }
    if finding.state == FindingState.OPEN:
        if not same:
            _write(finding, Q(state=FindingState.OPEN), **seen)
        return not same
    if again := finding.state == FindingState.GONE or not same or _asked_again(finding, day):
        _write(finding, ~Q(state=FindingState.OPEN), state=FindingState.OPEN, first_seen=day, **seen)
    return again


def _asked_again(finding: Finding, day: datetime.date) -> bool:
    again_on = finding.ask_again_on
    return finding.decision == FindingDecision.LATER and again_on is not None and again_on <= day


def _write(finding: Finding, still: Q, **columns: Any) -> None:
    """Write unless somebody moved the row meanwhile; the next recount looks again."""
    columns |= {"version": F("version") + 1, "updated_at": timezone.now()}
    Finding.objects.filter(still, pk=finding.pk, version=finding.version).update(**columns)
