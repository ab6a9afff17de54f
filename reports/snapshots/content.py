"""What a snapshot says, in canonical JSON: whole numbers and texts alone, so that everybody who writes it gets the same
hash. docs/verify_a_figure.md tells a stranger how to check it."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from childwelfare.text.canonical import canonical_bytes
from orgs.units.models import OrgUnit
from reports.indicators.table import definitions_hash
from reports.periods.models import ReportingPeriod
from reports.rollup.storing import sum_of_rows
from reports.snapshots.models import Snapshot
from reports.snapshots.rosters import Roster

SCHEMA = 2  # since 2 with ``waived_below``
# why a unit is left out that had no valid figures at the lock: part of what is signed, so in one language for all
MISSED_THE_LOCK = "锁定时没有有效的上报数"


@dataclass(frozen=True)
class Waived:
    """A unit below that is left out, and why: what it would have reported is in no sum."""

    unit: OrgUnit
    reason: str


@dataclass(frozen=True)
class Sheet:
    """What a unit is about to report. ``numbers``: {stored key: number}. A village has a ``roster``, the tiers above
    have ``parts``, the valid snapshots below, and say whom they left out (``waived``)."""

    period: ReportingPeriod
    unit: OrgUnit
    numbers: Mapping[str, int]
    roster: Roster | None = None
    parts: Sequence[Snapshot] = ()
    waived: Sequence[Waived] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)
    known_on: datetime.date | None = None  # the day whose knowledge it is; today unless said

    @property
    def seen(self) -> str:
        """The hash of what its reader sees of it, without what is written beside it: who sends it sends this."""
        return _hash(canonical_bytes([dict(self.numbers), self._parts(), self._waived()]))

    def content(self) -> bytes:
        return canonical_bytes(
            {
                "schema": SCHEMA,
                "unit": {
                    "uid": str(self.unit.uid),
                    "code": self.unit.code or "",
                    "name": self.unit.name,
                    "level": self.unit.level,
                    "path": [each.name for each in self.unit.chain()],
                },
                "period": self.period.key,
                "as_of": self.period.as_of.isoformat(),
                "known_on": (self.known_on or timezone.localdate()).isoformat(),
                "definitions": definitions_hash(),
                "values": dict(self.numbers),
                "parts": self._parts(),
                "waived": self._waived(),
                "waived_below": waived_below(self.parts),
                "roster": None if self.roster is None else {"hash": self.roster.hash, "rows": self.roster.size},
                "explanations": dict(self.explanations),
            }
        )

    def _parts(self) -> list[dict[str, str]]:
        parts = [{"unit": str(each.unit.uid), "name": each.unit.name, "hash": each.hash} for each in self.parts]
        return sorted(parts, key=lambda part: (part["hash"], part["unit"]))

    def _waived(self) -> list[dict[str, str]]:
        waived = [{"unit": str(each.unit.uid), "name": each.unit.name, "reason": each.reason} for each in self.waived]
        return sorted(waived, key=lambda each: each["unit"])


def sheet_of_village(period: ReportingPeriod, unit: OrgUnit, roster: Roster) -> Sheet:
    """The figures of a village are counted from its roster, so that both say the same."""
    return Sheet(period, unit, roster.numbers(), roster=roster)


def sheet_of_sum(
    period: ReportingPeriod, unit: OrgUnit, parts: Sequence[Snapshot], waived: Iterable[Waived] = ()
) -> Sheet:
    """The figures of a tier above: the sum of what was approved below."""
    numbers = sum_of_rows([each.told["values"] for each in parts])
    return Sheet(period, unit, numbers, parts=parts, waived=tuple(waived))


def waived_below(parts: Iterable[Snapshot]) -> list[dict[str, Any]]:
    """Whom the sheets that are summed left out in their turn, down to the villages, and in which units (``in``, as
    they are called in those sheets, from above downwards): so that no sum above looks complete that is not."""
    found = [each | {"in": [part.told["unit"]["name"], *each["in"]]} for part in parts for each in part.left_out]
    return sorted(found, key=lambda each: str(each["unit"]))


def content_hash(content: bytes | str) -> str:
    return _hash(content.encode() if isinstance(content, str) else content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def told_parts(told: dict[str, Any]) -> list[str]:
    """The hashes of what was summed, in order."""
    return [part["hash"] for part in told["parts"]]
