"""The roster behind a village's figures: every row that was counted, with the values that it was counted by.

It holds no name and no number of a document: the keys of what was counted alone, mostly of children's files. From it
each figure is counted again years later by nothing but the definition of its indicator.
"""

import hashlib
import json
import logging
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from childwelfare.security.sealing import Unsealable, seal_bytes, unseal_bytes
from childwelfare.text.canonical import canonical_bytes
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.units.models import OrgUnit, OrgUnitQuerySet
from reports.indicators.facts import holds, known_now
from reports.indicators.indicator import Indicator
from reports.indicators.table import INDICATORS
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot, SnapshotRoster

log = logging.getLogger(__name__)
# [key of what was counted, a value for each dimension]
Row = list[Any]


@dataclass
class Roster:
    """``groups``: {fact: (columns, rows in order)}, of every fact that indicators count. The first column says what was
    counted, a child or what else; the others are dimensions."""

    groups: dict[str, tuple[list[str], list[Row]]] = field(default_factory=dict)

    def numbers(self) -> dict[str, int]:
        """{stored key: number}, counted from the rows: what is asked of a value is asked once, however many have it."""
        found: dict[str, int] = {}
        for fact, indicators in groups_of_rows():
            names, rows = self.groups.get(fact, ([], []))
            place = {name: number for number, name in enumerate(names)}
            held: dict[tuple[str, ...], Counter[tuple]] = {}
            for each in indicators:
                asked = tuple(each.where)
                if asked not in held and place.keys() >= set(asked):
                    columns = [place[name] for name in asked]
                    held[asked] = Counter(tuple([row[at] for at in columns]) for row in rows)
                found[each.stored_key] = sum(
                    number
                    for values, number in held.get(asked, {}).items()
                    if all(map(holds, asked, values, each.where.values()))
                )
        return found

    def children(self) -> list[str]:
        """Keys of those in the registry at the period's end."""
        return [row[0] for row in self.groups.get("child", ([], []))[1]]

    @property
    def size(self) -> int:
        return sum(len(rows) for _names, rows in self.groups.values())

    def to_bytes(self) -> bytes:
        return canonical_bytes({name: {"columns": columns, "rows": rows}
                                for name, (columns, rows) in self.groups.items()})  # fmt: skip

    @classmethod
    def from_told(cls, told: dict[str, Any]) -> "Roster":
        """Of what ``to_bytes`` wrote, read."""
        return cls({name: (each["columns"], each["rows"]) for name, each in told.items()})

    @property
    def hash(self) -> str:
        return hash_of(self.to_bytes())


def hash_of(written: bytes) -> str:
    """Of a roster as ``to_bytes`` wrote it."""
    return hashlib.sha256(written).hexdigest()


def groups_of_rows() -> list[tuple[str, list[Indicator]]]:
    """(name of the first fact, indicators that count the same rows), each kind of rows once."""
    found: dict[tuple, list[Indicator]] = {}
    for each in INDICATORS:
        found.setdefault((each.fact.source, each.fact.counts), []).append(each)
    return [(indicators[0].fact.name, indicators) for indicators in found.values()]


def rosters_of(period: Period, unit: OrgUnit, *, standing: bool = False) -> dict[int, Roster]:
    """{village: its roster} of the villages of ``unit`` that have anything to count, as it is known now. As many
    queries as there are facts; ``standing``: only of what villages are set up with."""
    period = known_now(period)
    found: dict[int, Roster] = {}
    for name, indicators in groups_of_rows():
        fact = indicators[0].fact
        if standing and not fact.standing:
            continue
        dimensions: dict = {}
        for each in indicators:
            dimensions |= each.fact.dimensions(period)
        rows = fact.rows(period).within(unit).order_by().annotate(**dimensions)
        for village, key, *values in rows.values_list(f"{fact.via}village_id", fact.key, *dimensions):
            groups = found.setdefault(village, Roster()).groups
            groups.setdefault(name, ([fact.counted, *dimensions], []))[1].append([str(key), *values])
    for roster in found.values():
        for _names, rows in roster.groups.values():
            rows.sort(key=_in_order)
    return found


def villages_with_rows(period: Period, villages: OrgUnitQuerySet) -> set[int]:
    """Those of ``villages`` that have anything to count, as it is known now, besides how they are set up. As many
    queries as there are facts."""
    period, counties = known_now(period), set(villages.values_list("county", flat=True))
    found: set[int] = set()
    for _name, indicators in groups_of_rows() if counties else ():
        fact = indicators[0].fact
        if not fact.standing:
            here = {f"{fact.via}county__in": counties, f"{fact.via}village__in": villages.values("pk")}
            rows = fact.rows(period).filter(**here).order_by()
            found.update(rows.values_list(f"{fact.via}village_id", flat=True).distinct())
    return found


def _in_order(row: Row) -> list[str]:
    """By text, the same on every engine; a value may be missing."""
    return [str(value) for value in row]


def seal_roster(snapshot: Snapshot, roster: Roster) -> SnapshotRoster:
    """Not saved yet."""
    packed = zlib.compress(roster.to_bytes(), level=6)
    return SnapshotRoster(snapshot=snapshot, sealed=seal_bytes(packed, _context(snapshot)))


class RosterUnreadable(Refused):
    """A sealed roster was altered, or is not there any more: what it would show is not shown, in words for whoever
    opened it."""


def open_roster(snapshot: Snapshot) -> Roster:
    """Raises RosterUnreadable."""
    try:
        kept = snapshot.roster
    except SnapshotRoster.DoesNotExist:
        raise unreadable(snapshot) from None
    return Roster.from_told(told_of(kept))


def told_of(kept: SnapshotRoster) -> dict[str, Any]:
    """What a kept roster says. Raises RosterUnreadable."""
    try:
        told: dict[str, Any] = json.loads(bytes_of(kept))
    except (Unsealable, zlib.error, ValueError):
        raise unreadable(kept.snapshot) from None
    return told


def unreadable(snapshot: Snapshot) -> RosterUnreadable:
    """To be raised where the roster of ``snapshot`` can't be opened; told to the operator's log and the audit trail."""
    key = snapshot.period.key
    log.error("sealed roster can't be opened", extra={"snapshot": str(snapshot.pk), "period": key})
    record_act(None, "roster_unreadable", snapshot, unit=snapshot.unit, period=key, hash=snapshot.hash)
    words = {"unit": snapshot.unit.short_name, "period": snapshot.period}
    return RosterUnreadable(
        _("%(unit)s%(period)s封存的名册打不开或被改动过，请告诉系统管理员运行 verify_chain。") % words
    )


def bytes_of(kept: SnapshotRoster) -> bytes:
    """A kept roster as ``to_bytes`` wrote it. Raises Unsealable."""
    return zlib.decompress(unseal_bytes(bytes(kept.sealed), _context(kept.snapshot)))


def roster_in(written: bytes) -> Roster:
    return Roster.from_told(json.loads(written))


def _context(snapshot: Snapshot) -> str:
    return f"reports.snapshotroster.sealed:{snapshot.pk}"
