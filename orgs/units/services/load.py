"""Loading division files into the tree: the whole of it or nothing."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from childwelfare.text.pinyin import name_pinyin
from orgs.units.divisions import Damaged, Row, merge, read_rows, resolve_parents
from orgs.units.models import OrgUnit
from orgs.units.services.tree import align_units, create_units, has_past, inherit, note_changed

PILOTS = ("荥阳市", "金水区")  # notice, part 5 (三)


PAST = "这个机构已有人员或档案，改名和调整隶属要写明生效日期和批文：加上 --effective 日期 --document 文号。"


@dataclass
class Loaded:
    """What a load did, for the person who ran it."""

    new: int = 0
    changed: int = 0
    moved: list[str] = field(default_factory=list)
    same: int = 0
    stand_ins: int = 0
    overlaid: int = 0
    not_in_files: int = 0


def load_units(paths: list[Path], overlays: list[Path]) -> Loaded:
    """Load division files, then the overlays. Raises Damaged with every problem; then nothing is changed.

    Existing units are found by level and code (those without a code by level and name). One with a past is neither
    renamed nor moved here, which is refused by row: that is ordered, with a day (orgs.reorganisation.files); one to
    which nobody was appointed and of which nothing was written yet is. Units that no file names are left as they are.
    """
    rows = merge([read_rows(path) for path in paths], [read_rows(path, overlay=True) for path in overlays])
    parents = resolve_parents(rows)
    with transaction.atomic():
        return _Load(rows, parents).run()


def key_of(unit: OrgUnit) -> tuple[int, str]:
    """By which a row of a file finds it."""
    return unit.level, unit.code or f"@{unit.name}"


class _Load:
    def __init__(self, rows: list[Row], parents: dict):
        self.rows, self.parents = rows, parents
        self.result = Loaded(overlaid=sum(row.overlay for row in rows))
        self.units: dict[tuple[int, str], OrgUnit] = {}
        self.changed: list[OrgUnit] = []
        self.problems: list[str] = []
        current = list(OrgUnit.objects.current().select_related("parent"))
        self.known = {key_of(unit): unit for unit in current if not unit.stand_in}
        self.stand_ins = {(unit.parent_id, unit.level): unit for unit in current if unit.stand_in}

    def run(self) -> Loaded:
        for level in (1, 2, 3, 4):
            self._load_level(level, [row for row in self.rows if row.level == level])
        if self.problems:
            raise Damaged(self.problems)
        align_units()
        note_changed(self.changed)
        cities = {unit.pk for unit in self.units.values() if unit.parent_id is None}
        named = {unit.pk for unit in self.units.values()}
        self.result.not_in_files = sum(
            1 for unit in self.known.values() if unit.pk not in named and (unit.city_id or unit.county_id) in cities
        )
        return self.result

    def _load_level(self, level: int, rows: list[Row]) -> None:
        new, changed = [], []
        for row in rows:
            parent = self._parent_unit(row)
            unit = self.known.get(row.key)
            if unit is None:
                unit = OrgUnit(level=level, code=None if row.code.startswith("@") else row.code, name=row.name)
                unit.parent, unit.pilot = parent, level == 2 and row.name in PILOTS
                unit.pinyin = name_pinyin(row.name)
                inherit(unit, parent)
                new.append(unit)
            elif (unit.name, unit.parent_id) != (row.name, parent and parent.pk):
                if has_past(unit):
                    self.problems.append(f"{row.where}：{PAST}")
                if unit.parent_id != (parent and parent.pk):
                    self.result.moved.append(f"{row.name}：{unit.parent or '—'} → {parent or '—'}")
                unit.name, unit.parent, unit.pinyin = row.name, parent, name_pinyin(row.name)
                changed.append(unit)
            else:
                self.result.same += 1
            self.units[row.key] = unit
        create_units(new, level)
        OrgUnit.objects.bulk_update(changed, ["name", "parent", "pinyin"], batch_size=500)
        self.result.new += len(new)
        self.result.changed += len(changed)
        self.changed += changed

    def _parent_unit(self, row: Row) -> OrgUnit | None:
        """The unit of the row's parent; tiers that are missing between get a marked stand-in."""
        parent_row = self.parents[row.key]
        if parent_row is None:
            return None
        parent = self.units[parent_row.key]
        for level in range(parent_row.level + 1, row.level):
            stand_in = self.stand_ins.get((parent.pk, level))
            if stand_in is None:
                stand_in = OrgUnit(level=level, name=parent.name, parent=parent, stand_in=True, pinyin=parent.pinyin)
                inherit(stand_in, parent)
                create_units([stand_in], level)
                self.stand_ins[parent.pk, level] = stand_in
                self.result.stand_ins += 1
            parent = stand_in
        return parent
