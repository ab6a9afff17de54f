"""A division file against the tree: what differs is ordered, each difference as what it is."""

import datetime
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from orgs.reorganisation.models import Kind, Reorganisation
from orgs.reorganisation.rules import Part
from orgs.reorganisation.services import order_reorganisation
from orgs.units.divisions import Damaged, Row, merge, read_rows, resolve_parents
from orgs.units.models import OrgUnit
from orgs.units.services.load import key_of

Key = tuple[int, str]


@dataclass
class FilePlan:
    """Rows that open, move or rename a unit, by tier; ``lines`` says the same to who runs it; ``left``: units of these
    trees that no file names, which stay as they are."""

    opened: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    renamed: list[Row] = field(default_factory=list)
    parents: dict[Key, Row | None] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    left: int = 0


def plan_of_files(paths: list[Path], overlays: list[Path]) -> FilePlan:
    """What differs. Raises Damaged with every row that can't be read, or that may mean two things."""
    rows = merge([read_rows(path) for path in paths], [read_rows(path, overlay=True) for path in overlays])
    plan = FilePlan(parents=resolve_parents(rows))
    units = list(OrgUnit.objects.current().filter(stand_in=False).select_related("parent__parent__parent"))
    held, known = Counter(key_of(unit) for unit in units), {key_of(unit): unit for unit in units}
    named = {row.key for row in rows}
    unnamed = {(_key_above(unit), unit.name): unit for unit in units if key_of(unit) not in named}
    problems: list[str] = []
    for row in sorted(rows, key=lambda row: row.level):
        above, unit = plan.parents[row.key], known.get(row.key)
        if held[row.key] > 1:
            problems.append(f"{row.where}：现有 {held[row.key]} 个机构叫这个名称，不知道指哪一个。请先给它们填上代码。")
        elif unit is None and (like := unnamed.get((_key(above), row.name))):
            problems.append(f"{row.where}：现有“{like.path_label}”（{like.code or '无代码'}）同名，不知道是改了代码还是"
                            "另一个机构。请先在页面上办改名（填新代码），或把它也写进文件。")  # fmt: skip
        elif unit is None and above is None:
            problems.append(f"{row.where}：是新的最高一级。新的市请不带 --effective 载入。")
        elif unit is None:
            plan.opened.append(row)
            plan.lines.append(f"新设 {above.name if above else ''} › {row.name}")
        elif (before := _key_above(unit)) != _key(above):
            if above is None or before is None:
                problems.append(f"{row.where}：最高一级的机构不能调整到别的机构下面，也不能反过来。")
                continue
            plan.moved.append(row)
            plan.lines.append(f"调整 {unit.path_label} → {above.name} › {row.name}")
        elif unit.name != row.name:
            plan.renamed.append(row)
            plan.lines.append(f"改名 {unit.path_label} → {row.name}")
    if problems:
        raise Damaged(problems)
    plan.left = len(unnamed)
    return plan


def order_files(plan: FilePlan, *, effective_on: datetime.date, document: str, by: Appointment) -> list[Reorganisation]:
    """Order what ``plan`` says, tier by tier, all or nothing: a unit moves before what is opened or renamed below it.
    Raises Damaged with the rows of an order that can't be given."""
    orders: list[Reorganisation] = []
    with transaction.atomic():
        for level in (1, 2, 3, 4):
            for kind, rows in _steps(plan, level):
                parts = [_part(kind, row, plan) for row in rows]
                try:
                    orders.append(
                        order_reorganisation(
                            by=by,
                            kind=kind,
                            parts=parts,
                            effective_on=effective_on,
                            document=document,
                            reason=_("按区划文件"),
                        )  # fmt: skip
                    )
                except ValidationError as error:
                    where = "、".join(row.where for row in rows[:5])
                    raise Damaged([f"{where}：{' '.join(error.messages)}"]) from None
    return orders


def _steps(plan: FilePlan, level: int) -> list[tuple[str, list[Row]]]:
    steps: list[tuple[str, list[Row]]] = []
    opened = [row for row in plan.opened if row.level == level]
    if opened:
        steps.append((Kind.OPEN, opened))
    moved: dict[Key | None, list[Row]] = {}
    for row in plan.moved:
        if row.level == level:
            moved.setdefault(_key(plan.parents[row.key]), []).append(row)
    steps += [(Kind.MOVE, rows) for rows in moved.values()]
    steps += [(Kind.RENAME, [row]) for row in plan.renamed if row.level == level]
    return steps


def _part(kind: str, row: Row, plan: FilePlan) -> Part:
    code = "" if row.code.startswith("@") else row.code
    if kind == Kind.RENAME:
        return Part(_unit(row.key), name=row.name)
    above = plan.parents[row.key]
    assert above  # a root is neither opened nor moved
    parent = _unit(above.key)
    if parent.level < row.level - 1:  # the tier between does not exist there, and is marked as such
        found = OrgUnit.objects.within(parent).current().with_path().filter(level=row.level - 1, stand_in=True).first()
        if found is None:
            raise Damaged([f"{row.where}：与上级 {above.name} 之间缺一级，不能用调整来新设。"])
        parent = found
    if kind == Kind.OPEN:
        return Part(parent=parent, name=row.name, code=code)
    return Part(_unit(row.key), parent=parent, name=row.name, code=code)


def _unit(key: Key) -> OrgUnit:
    """That stands now: an order before may have put another one in its place."""
    level, code = key
    named = {"code": None, "name": code[1:]} if code.startswith("@") else {"code": code}
    return OrgUnit.objects.current().filter(level=level, stand_in=False, **named).with_path().get()


def _key(row: Row | None) -> Key | None:
    return row.key if row else None


def _key_above(unit: OrgUnit) -> Key | None:
    above = unit.parent
    while above and above.stand_in:
        above = above.parent
    return key_of(above) if above else None
