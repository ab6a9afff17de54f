"""What the tables say of one period, read in as many queries as there are tables."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.amendments.models import Amendment, AmendmentEvent
from reports.periods.models import PeriodEvent, ReportingPeriod
from reports.snapshots.models import Snapshot, SnapshotPart, SnapshotRoster
from reports.submissions.models import Submission, SubmissionEvent

# between two clock readings of one act: a city's sheet takes minutes to be written
SAME_ACT = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Broken:
    """What does not fit: ``where``: unit, period, short hash; ``what`` in words."""

    where: str
    what: str


@dataclass
class Kept:
    """A snapshot, and what its content says; empty where that is no sheet."""

    snapshot: Snapshot
    told: dict[str, Any]

    @property
    def where(self) -> str:
        snapshot = self.snapshot
        return f"{snapshot.unit.path_label} {snapshot.period.key} #{snapshot.seq} {snapshot.short_hash}"

    @property
    def parts(self) -> list[dict[str, str]]:
        return list(self.told["parts"])


class Tables:
    """``children``: {submission: those that it sums}; ``snapshots`` by the ``seq`` of their unit; ``by_hash`` one of
    each content; ``parts``: {snapshot: hashes of what it sums, in order}; events in the order in which they happened.
    """

    def __init__(self, period: ReportingPeriod) -> None:
        self.period = period
        rows = Submission.objects.filter(period=period).select_related("unit", "above", "current", "approved")
        self.submissions: dict[Any, Submission] = {row.pk: row for row in rows}
        self.of_unit = {row.unit_id: row for row in self.submissions.values()}
        self.children: dict[Any, list[Submission]] = defaultdict(list)
        for row in self.submissions.values():
            if row.parent_id:
                self.children[row.parent_id].append(row)
        self.events: dict[Any, list[SubmissionEvent]] = defaultdict(list)
        events = SubmissionEvent.objects.filter(record__period=period).order_by("at", "id")
        for event in events.select_related("snapshot"):
            self.events[event.record_id].append(event)
        self.snapshots: list[Kept] = []
        units = ("unit__city", "unit__county", "unit__township")
        rows_kept = Snapshot.objects.filter(period=period).select_related(*units, "supersedes").order_by("seq")
        for snapshot in rows_kept:
            snapshot.period = period
            self.snapshots.append(Kept(snapshot, _read(snapshot.content)))
        self.by_hash = {each.snapshot.hash: each for each in self.snapshots}
        self.parts: dict[Any, list[str]] = defaultdict(list)
        parts = SnapshotPart.objects.filter(whole__period=period).order_by("part__hash")
        for whole, hash in parts.values_list("whole", "part__hash"):
            self.parts[whole].append(hash)
        amendments = Amendment.objects.filter(submission__period=period).select_related("current")
        self.amendments: dict[str, Amendment] = {str(row.pk): row for row in amendments}
        self.amendment_events: dict[str, list[AmendmentEvent]] = defaultdict(list)
        of_period = AmendmentEvent.objects.filter(record__submission__period=period).order_by("at", "id")
        for told in of_period.select_related("snapshot"):
            told.record = self.amendments[str(told.record_id)]
            self.amendment_events[str(told.record_id)].append(told)
        self.period_events = list(PeriodEvent.objects.filter(record=period).order_by("at", "id"))

    def rosters(self) -> Iterator[SnapshotRoster]:
        """Some hundred at a time: each is a village's children."""
        return SnapshotRoster.objects.filter(snapshot__period=self.period).iterator(chunk_size=500)


# what every content has, as ``Sheet.content`` writes it
SHAPE = {"unit": dict, "period": str, "definitions": str, "values": dict, "parts": list, "waived": list}


def _read(content: str) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if _is_sheet(told) else {}


def _is_sheet(told: Any) -> bool:
    if not isinstance(told, dict) or not all(isinstance(told.get(name), kind) for name, kind in SHAPE.items()):
        return False
    named = [*told["parts"], *told["waived"], told["unit"] | {"unit": told["unit"].get("uid")}]
    numbers = all(isinstance(number, int) for number in told["values"].values())
    named_well = all(isinstance(each, dict) and isinstance(each.get("unit"), str) for each in named)
    hashes = named_well and all(isinstance(each.get("hash"), str) for each in told["parts"])
    roster = told.get("roster")
    return numbers and hashes and (roster is None or isinstance(roster, dict))


def is_same_act(one: datetime.datetime, other: datetime.datetime) -> bool:
    return abs(one - other) <= SAME_ACT
