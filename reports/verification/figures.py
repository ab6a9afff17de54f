"""Each snapshot against its hash, its roster and its parts."""

import zlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from childwelfare.security.sealing import Unsealable
from orgs.units.models import Level
from reports.indicators.table import definitions_hash
from reports.rollup.storing import sum_of_rows
from reports.snapshots.content import content_hash, told_parts, waived_below
from reports.snapshots.models import SnapshotRoster
from reports.snapshots.rosters import bytes_of, hash_of, roster_in
from reports.verification.tables import Broken, Kept, Tables


def faults_of_figures(tables: Tables) -> Iterator[Broken]:
    """What does not fit in the snapshots themselves."""
    for kept in tables.snapshots:
        if what := _fault_of_content(kept):
            yield Broken(kept.where, what)
    for kept, roster in _with_rosters(tables):
        if what := _fault_of_roster(kept, roster):
            yield Broken(kept.where, what)
    for kept in tables.snapshots:
        if kept.told.get("roster") is None and (what := _fault_of_sum(kept, tables)):
            yield Broken(kept.where, what)


def _fault_of_content(kept: Kept) -> str:
    snapshot, told = kept.snapshot, kept.told
    if content_hash(snapshot.content) != snapshot.hash or not told:
        return _("内容和校验码对不上")
    unit = snapshot.unit
    if (told["unit"]["uid"], told["unit"].get("level"), told["period"]) != (
        str(unit.uid),
        unit.level,
        snapshot.period.key,
    ):
        return _("内容是另一个单位或另一个月的")
    if told.get("schema") != 1 and _named(told) != _called(kept):
        return _("单位的名称和当时签的不一样")
    is_village = unit.level == Level.VILLAGE
    if is_village != (told.get("roster") is not None) or (is_village and told["parts"]):
        return _("村的数要有名单，上级的数要由下级汇总，这一份不是")
    return ""


def _named(told: dict[str, Any]) -> tuple[str, str, list[str]]:
    return told["unit"].get("name"), told["unit"].get("code"), told["unit"].get("path")


def _called(kept: Kept) -> tuple[str, str, list[str]]:
    """As the unit was called on the period's last day: so pages and paper name it."""
    unit = kept.snapshot.unit.as_of(kept.snapshot.period.as_of)
    return unit.name, unit.code or "", [each.name for each in unit.chain()]


def _with_rosters(tables: Tables) -> Iterator[tuple[Kept, SnapshotRoster | None]]:
    """Every village's snapshot with its roster, where it has one."""
    left = {each.snapshot.pk: each for each in tables.snapshots if each.told.get("roster") is not None}
    for roster in tables.rosters():
        kept = left.pop(roster.snapshot_id, None)
        if kept:
            roster.snapshot = kept.snapshot
            yield kept, roster
    for kept in left.values():
        yield kept, None


def _fault_of_roster(kept: Kept, roster: SnapshotRoster | None) -> str:
    if roster is None:
        return _("名单不见了")
    try:
        written = bytes_of(roster)
        read = roster_in(written)
    except (Unsealable, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return _("名单打不开，被改动过")
    if hash_of(written) != kept.told["roster"].get("hash"):
        return _("名单和校验码对不上")
    counted, values = read.numbers(), kept.told["values"]
    if kept.told["definitions"] == definitions_hash():
        return "" if counted == values else _("按名单数出来的和表里的不一样")
    # some indicators meant something else, which this version of the program can't count
    same = all(counted[key] == number for key, number in values.items() if key in counted)
    return "" if same else _("按名单数出来的和表里的不一样")


def _fault_of_sum(kept: Kept, tables: Tables) -> str:
    told = kept.told
    parts = [tables.by_hash.get(hash) for hash in told_parts(told)]
    found = [part for part in parts if part]
    if len(found) < len(parts):
        return _("汇总的下级数据不见了")
    if tables.parts[kept.snapshot.pk] != sorted(told_parts(told)):
        return _("汇总的下级数据被换过")
    own = tables.of_unit.get(kept.snapshot.unit_id)
    units = {row.unit_id for row in tables.children[own.pk]} if own else set()
    summed = [part.snapshot.unit_id for part in found]
    named = [part["unit"] for part in told["parts"]] == [str(part.snapshot.unit.uid) for part in found]
    if len(set(summed)) < len(summed) or not units.issuperset(summed) or not named:
        return _("汇总的不是下级单位的数，或者同一单位汇总了两次")
    if told.get("schema") != 1 and told.get("waived_below") != waived_below(part.snapshot for part in found):
        return _("下级的表里缺报的单位，没有都写上")
    return _fault_of_total(told, [part.told for part in found])


def _fault_of_total(told: dict[str, Any], parts: list[dict[str, Any]]) -> str:
    """Of an indicator that a part does not have there is no sum, and a part may lack one alone where its definitions
    are others."""
    values = told["values"]
    if any(part["definitions"] == told["definitions"] and part["values"].keys() != values.keys() for part in parts):
        return _("下级的数和合计的栏目不一样")
    summed = {key: sum(part["values"].get(key, 0) for part in parts) for key in values}
    complete = all(key in part["values"] for key in values for part in parts)
    if not parts and told["definitions"] == definitions_hash():
        complete = values.keys() == sum_of_rows([]).keys()
    return "" if complete and summed == values else _("合计不等于下级之和")
