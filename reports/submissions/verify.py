"""Whether anything that was reported was altered since: each snapshot against its hash, its roster and its parts; each
submission against its chain of events; both against the audit trail, whose seals lie outside the database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from childwelfare.security.sealing import Unsealable
from orgs.audit.models import Audit
from reports.periods.models import ReportingPeriod
from reports.rollup.storing import sum_of_rows
from reports.snapshots.content import content_hash, told_parts
from reports.snapshots.models import Snapshot, SnapshotRoster
from reports.snapshots.rosters import Roster, open_roster
from reports.submissions.models import Submission
from reports.submissions.models import SubmissionState as S

# moves by which figures become valid
MAKES_VALID = ("approve", "report_nothing", "amend")


@dataclass(frozen=True)
class Broken:
    """What does not fit: ``where``: unit, period, short hash; ``what`` in words."""

    where: str
    what: str


def first_broken(period: ReportingPeriod) -> Broken | None:
    """The first thing that was altered in what was reported for ``period``; None where all of it stands."""
    return next(_all_broken(period), None)


def _all_broken(period: ReportingPeriod) -> Iterator[Broken]:
    snapshots = Snapshot.objects.filter(period=period).select_related("unit", "roster", "period")
    by_hash: dict[str, Snapshot] = {}
    for snapshot in snapshots.order_by("unit__level", "seq").iterator(chunk_size=500):
        by_hash[snapshot.hash] = snapshot
        if what := _own_fault(snapshot):
            yield Broken(_where(snapshot), what)
    for snapshot in by_hash.values():
        if what := _fault_of_sum(snapshot, by_hash):
            yield Broken(_where(snapshot), what)
    yield from _broken_chains(period)
    yield from _not_in_trail(period)


def _where(snapshot: Snapshot) -> str:
    return f"{snapshot.unit.path_label} {snapshot.period.key} #{snapshot.seq} {snapshot.short_hash}"


def _own_fault(snapshot: Snapshot) -> str:
    if content_hash(snapshot.content) != snapshot.hash:
        return _("内容和校验码对不上")
    told = json.loads(snapshot.content)
    if (told["unit"]["uid"], told["period"]) != (str(snapshot.unit.uid), snapshot.period.key):
        return _("内容是另一个单位或另一个月的")
    if told["roster"] is None:
        return ""
    try:
        roster = open_roster(snapshot)
    except SnapshotRoster.DoesNotExist:
        return _("名单不见了")
    except (Unsealable, ValueError, KeyError):
        return _("名单打不开，被改动过")
    if roster.hash != told["roster"]["hash"]:
        return _("名单和校验码对不上")
    return "" if _counts_to(roster, told["values"]) else _("按名单数出来的和表里的不一样")


def _counts_to(roster: Roster, values: dict[str, int]) -> bool:
    """Of the indicators that still mean what they meant: others can't be counted by this version of the program."""
    counted = roster.numbers()
    return all(counted[key] == number for key, number in values.items() if key in counted)


def _fault_of_sum(snapshot: Snapshot, by_hash: dict[str, Snapshot]) -> str:
    told = json.loads(snapshot.content)
    if told["roster"] is not None:
        return ""
    parts = [by_hash.get(hash) for hash in told_parts(told)]
    if None in parts:
        return _("汇总的下级数据不见了")
    kept = sorted(snapshot.parts.values_list("part__hash", flat=True))
    if kept != sorted(told_parts(told)):
        return _("汇总的下级数据被换过")
    summed = sum_of_rows([json.loads(part.content)["values"] for part in parts if part])
    shared = summed.keys() & told["values"].keys()
    return "" if all(summed[key] == told["values"][key] for key in shared) else _("合计不等于下级之和")


def _broken_chains(period: ReportingPeriod) -> Iterator[Broken]:
    rows = Submission.objects.filter(period=period).select_related(
        "unit", "unit__county", "unit__township", "unit__city"
    )
    rows = rows.select_related("current", "approved").prefetch_related("events__snapshot")
    for submission in rows.iterator(chunk_size=500):
        if what := _fault_of_chain(submission):
            yield Broken(f"{submission.unit.path_label} {period.key}", what)


def _fault_of_chain(submission: Submission) -> str:
    previous, valid = "", None
    events = list(submission.events.all())
    for event in events:
        if event.previous != previous or event.computed_hash() != event.hash:
            return _("经过（%(action)s）被改动过") % {"action": event.action}
        previous = event.hash
        if event.action in MAKES_VALID:
            valid = event.snapshot_id
        elif event.action == "waive":
            valid = None
    state = events[-1].now if events else S.DRAFT
    if state != submission.state:
        return _("状态和经过对不上")
    return "" if submission.approved_id == valid else _("有效的数和经过对不上")


def _not_in_trail(period: ReportingPeriod) -> Iterator[Broken]:
    """Each snapshot that somebody signed is named by the trail, whose seals nobody renews without their key."""
    signed = Snapshot.objects.filter(period=period, made_by__isnull=False).select_related("unit", "period")
    wanted = {snapshot.hash: snapshot for snapshot in signed}
    acts = Audit.objects.filter(action__in=("submit_ledger", "submit_amendment"), data__contains=period.key)
    for data in acts.values_list("data", flat=True).iterator():
        wanted.pop(json.loads(data).get("hash", ""), None)
    for snapshot in wanted.values():
        yield Broken(_where(snapshot), _("操作留痕里没有这份上报"))
