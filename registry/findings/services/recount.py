"""What the rules find about the children on file. ``recount_findings`` alone makes and renews findings."""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.jobs import services as jobs
from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.services import Progress
from childwelfare.security.sealing import blind_index
from orgs.access.scope import TIERS
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.categories.models import CategoryMembership
from registry.child.ages import birthday
from registry.child.codes import CATEGORY_AGE_LIMIT, Category, Relief
from registry.child.models import ChildFile
from registry.eligibility.evaluate import MEETS, NO, Verdict, evaluate, variants_at
from registry.eligibility.facts import Facts, facts_of
from registry.findings.models import Finding, FindingDecision, FindingKind, FindingState

RECOUNT = "recount_findings"  # the kind of its job
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


def recounts_of(post: Appointment) -> QuerySet[Job]:
    """The recounts of the post's own county, newest first."""
    return Job.objects.filter(kind=RECOUNT, params__county=post.unit.county_id).order_by("-created_at")


def order_recount(*, by: Appointment) -> Job:
    """Have the findings of the post's county recounted; one that is under way is answered instead."""
    with transaction.atomic():
        waiting = recounts_of(by).filter(state__in=[JobState.QUEUED, JobState.RUNNING]).first()
        if waiting:
            return waiting
        record = jobs.start(RECOUNT, title=_("重新核对在册儿童"), post=by, county=by.unit.county_id)
        record_act(by, "recount_findings", unit=by.unit.county)
    return record


def recount_findings(county: OrgUnit, *, on: datetime.date | None = None, progress: Progress | None = None) -> int:
    """Ask the rules about the approved files of ``county``, in batches of one transaction each; returns how many
    findings are open.

    May run twice, also at once with a decision: what was decided stays, unless the facts that the rule read changed.
    """
    day = on or timezone.localdate()
    files = ChildFile.objects.within(county).in_registry()
    total, done, last = files.count(), 0, None
    variants = variants_at(county)
    mark_findings_gone(Finding.objects.within(county).exclude(child__state="approved"))
    while True:
        batch = _batch(files, last)
        if not batch:
            break
        with transaction.atomic():
            new, again = [], []
            for file in batch:
                unwritten, unchanged = _renew(file, found_in(file, day, variants), day)
                new += unwritten
                again += unchanged
            Finding.objects.bulk_create(new, ignore_conflicts=True)
            Finding.objects.open().filter(pk__in=again).update(last_seen=day)
        last, done = batch[-1].pk, done + len(batch)
        if progress:
            progress(done, total)
    return Finding.objects.within(county).open().count()


def mark_findings_gone(findings: Any) -> None:
    """Nobody has to decide any more about a child who left the registry."""
    findings.open().update(state=FindingState.GONE, version=F("version") + 1, updated_at=timezone.now())


def ask_findings_again(findings: Any) -> None:
    """Those of ``findings`` that went with a closing that is taken back wait for a decision again."""
    gone = findings.filter(state=FindingState.GONE)
    gone.update(state=FindingState.OPEN, version=F("version") + 1, updated_at=timezone.now())


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
                found.append(_finding_of(FindingKind.UNREGISTERED, verdict, facts, file))
            continue
        if due_on := age_exit(file, category, on, variants):
            found.append(_finding_of(FindingKind.AGE, verdict, facts, file, membership, due_on))
        elif verdict.verdict == NO:
            found.append(_finding_of(FindingKind.ENDED, verdict, facts, file, membership))
        if verdict.verdict == MEETS and category in BENEFIT_OF and Relief.OTHER not in file.relief:
            found.append(_finding_of(FindingKind.UNCLAIMED, verdict, facts, file, membership))
    return found


def age_exit(file: ChildFile, category: str, on: datetime.date, variants: list) -> datetime.date | None:
    """The birthday on which ``category`` ends by age, if reached or at most AGE_AHEAD away; None as well where the
    local rule lets the child stay, as some do for full-time students. 29 February: see ``registry.child.ages``."""
    due_on = birthday(file.birth_date, CATEGORY_AGE_LIMIT[category])
    if due_on > on + AGE_AHEAD:
        return None
    then = evaluate(facts_of(file), max(on, due_on), variants=variants, categories=[category])
    return due_on if not then or then[0].verdict == NO else None


def _batch(files: QuerySet[ChildFile], last: uuid.UUID | None) -> list[ChildFile]:
    after = files.filter(pk__gt=last) if last else files
    # units too: few of them, and one object each for the whole batch
    return list(
        after.order_by("pk").prefetch_related(*TIERS[:3], "family", "guardians", "memberships", "findings")[:BATCH]
    )


def _of_age(file: ChildFile, category: str, on: datetime.date) -> bool:
    return birthday(file.birth_date, CATEGORY_AGE_LIMIT[category]) <= on


def _finding_of(
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
            new.append(_new_finding(file, found, day))
        elif not _renew_one(held, found, day):
            again.append(held.pk)
    for finding in known.values():
        if finding.state == FindingState.OPEN:
            _write(finding, Q(state=FindingState.OPEN), state=FindingState.GONE)
    return new, again


def _new_finding(file: ChildFile, found: Found, day: datetime.date) -> Finding:
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
    # whatever the rule read, its word and its version; equal means that a decision was made on just these facts
    same = finding.digest == found.digest
    seen = {
        "rule_version": found.version,
        "digest": found.digest,
        "membership": found.membership,
        "due_on": found.due_on,
        "last_seen": day,
    }
    if finding.state == FindingState.OPEN:
        # unchanged ones are not written one by one: the caller sets ``last_seen`` of all of them in one query
        if not same:
            # only while it is open: a decision that came in since is not overwritten with facts it did not see
            _write(finding, Q(state=FindingState.OPEN), **seen)
        return not same
    # decided or gone, and found once more. A decision holds for the facts on which it was made: others ask again, and
    # so does the day that "later" named. One that was gone has come back.
    opens_again = finding.state == FindingState.GONE or not same or _day_to_ask_again(finding, day)
    if opens_again:
        # it waits anew from today; whoever opened it meanwhile has done the same
        _write(finding, ~Q(state=FindingState.OPEN), state=FindingState.OPEN, first_seen=day, **seen)
    return opens_again


def _day_to_ask_again(finding: Finding, day: datetime.date) -> bool:
    again_on = finding.ask_again_on
    return finding.decision == FindingDecision.LATER and again_on is not None and again_on <= day


def _write(finding: Finding, still: Q, **columns: Any) -> None:
    """Write unless somebody moved the row meanwhile; the next recount looks again."""
    columns |= {"version": F("version") + 1, "updated_at": timezone.now()}
    Finding.objects.filter(still, pk=finding.pk, version=finding.version).update(**columns)
