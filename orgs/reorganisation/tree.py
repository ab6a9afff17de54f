"""What an order does to the tree: which units close, which open, and which takes over from which.

A unit that lies elsewhere, or is another one, is another row: what was counted and sent of the old one stays where it
was, and is never written again (docs/decisions/0032).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from childwelfare.text.pinyin import name_pinyin
from orgs.reorganisation.models import Kind, Reorganisation, Succession
from orgs.reorganisation.rules import CLOSING, Part
from orgs.units.models import OrgUnit
from orgs.units.services.tree import create_units, inherit, note_changed


@dataclass
class Changed:
    """``pairs``: (closed unit, the one that took over), a split unit once for each of its parts. ``opened``,
    ``closed``, ``renamed``: units."""

    pairs: list[tuple[OrgUnit, OrgUnit]] = field(default_factory=list)
    opened: list[OrgUnit] = field(default_factory=list)
    closed: list[OrgUnit] = field(default_factory=list)
    renamed: list[OrgUnit] = field(default_factory=list)


def closing_units(kind: str, parts: Sequence[Part]) -> list[OrgUnit]:
    """All units that close by it: of a township that moves its villages too, for their path becomes another one."""
    if kind not in CLOSING:
        return []
    found: dict[int, OrgUnit] = {}
    for unit in (part.source for part in parts if part.source):
        found[unit.pk] = unit
        for below in OrgUnit.objects.below(unit).current().with_path():
            found[below.pk] = below
    return list(found.values())


def change_tree(reorganisation: Reorganisation, parts: Sequence[Part]) -> Changed:
    """Write it, with the successions. Call it inside the transaction of the order."""
    day, changed = reorganisation.effective_on, Changed()
    if reorganisation.kind == Kind.RENAME:
        for part in parts:
            _rename(part, day, changed)
    else:
        _close(closing_units(reorganisation.kind, parts), day, changed)
        _open(reorganisation.kind, parts, day, changed)
    Succession.objects.bulk_create(
        Succession(reorganisation=reorganisation, predecessor=before, successor=after, on=day)
        for before, after in changed.pairs
    )
    note_changed([*changed.renamed, *changed.opened, *changed.closed])
    return changed


def _rename(part: Part, day: datetime.date, changed: Changed) -> None:
    unit = part.source
    assert unit  # checked
    # of two names in one day the first was never that of a day's end
    earlier = [each for each in unit.earlier_names if each["until"] < day.isoformat()]
    until = {"name": unit.name, "code": unit.code, "pinyin": unit.pinyin, "until": day.isoformat()}
    same_day = [each for each in unit.earlier_names if each["until"] == day.isoformat()]
    unit.earlier_names = [*earlier, *(same_day or [until])]
    unit.name, unit.pinyin = part.name, name_pinyin(part.name)
    if part.code:
        unit.code = part.code
    unit.save(update_fields=["name", "pinyin", "code", "earlier_names"])
    stand_ins = OrgUnit.objects.below(unit).current().filter(stand_in=True)
    stand_ins.update(name=unit.name, pinyin=unit.pinyin)
    changed.renamed.append(unit)


def _close(units: list[OrgUnit], day: datetime.date, changed: Changed) -> None:
    """Before others open: their code may pass to those."""
    OrgUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(valid_to=day)
    for unit in units:
        unit.valid_to = day
    changed.closed += units


def _open(kind: str, parts: Sequence[Part], day: datetime.date, changed: Changed) -> None:
    merged: OrgUnit | None = None
    below = _below(changed.closed)
    for part in parts:
        unit = part.source
        if kind == Kind.OPEN:
            assert part.parent  # checked
            _new(part.parent, part.name, part.code, day, changed, level=part.parent.level + 1)
        elif kind == Kind.MOVE:
            assert unit and part.parent
            after = _new(part.parent, part.name or unit.name, part.code or unit.code or "", day, changed, like=unit)
            _take_over(unit, after, day, below, changed)
        elif kind == Kind.SPLIT:
            assert unit and unit.parent
            changed.pairs.append((unit, _new(unit.parent, part.name, part.code, day, changed, level=unit.level)))
        elif kind == Kind.MERGE:
            assert unit and unit.parent
            merged = part.target or merged or _new(unit.parent, part.name, part.code, day, changed, like=unit)
            _take_over(unit, merged, day, below, changed)


def _below(closed: list[OrgUnit]) -> dict[int | None, list[OrgUnit]]:
    children: dict[int | None, list[OrgUnit]] = {}
    for unit in closed:
        children.setdefault(unit.parent_id, []).append(unit)
    return children


def _take_over(before: OrgUnit, after: OrgUnit, day: datetime.date, below: dict, changed: Changed) -> None:
    """``after`` has what ``before`` had; each unit below it goes on as another one below ``after``."""
    after.took_over = [*after.took_over, *before.own_keys]
    after.save(update_fields=["took_over"])
    OrgUnit.objects.filter(pk__in=before.own_keys).update(taken_over_by=after)
    changed.pairs.append((before, after))
    _take_below(before, after, day, below, changed)


def _take_below(before: OrgUnit, after: OrgUnit, day: datetime.date, below: dict, changed: Changed) -> None:
    children = below.get(before.pk, [])
    if not children:
        return
    copies = [_like(unit, after, unit.name, unit.code or "", day) for unit in children]
    for unit, copy in zip(children, copies, strict=True):
        copy.took_over = unit.own_keys
    create_units(copies, before.level + 1)
    changed.opened += copies
    for unit, copy in zip(children, copies, strict=True):
        OrgUnit.objects.filter(pk__in=unit.own_keys).update(taken_over_by=copy)
        changed.pairs.append((unit, copy))
        _take_below(unit, copy, day, below, changed)


def _new(
    parent: OrgUnit, name: str, code: str, day: datetime.date, changed: Changed,
    *, like: OrgUnit | None = None, level: int = 0,
) -> OrgUnit:  # fmt: skip
    unit = _like(like or OrgUnit(level=level), parent, name, code, day)
    create_units([unit], unit.level)
    changed.opened.append(unit)
    return unit


def _like(unit: OrgUnit, parent: OrgUnit, name: str, code: str, day: datetime.date) -> OrgUnit:
    """A new unit under ``parent`` with what ``unit`` has of its own."""
    copy = OrgUnit(
        level=unit.level,
        name=name,
        code=code or None,
        pinyin=name_pinyin(name),
        parent=parent,
        pilot=unit.pilot,
        stand_in=unit.stand_in,
        host=unit.host,
        sign_hung_on=unit.sign_hung_on,
        valid_from=day,
    )
    inherit(copy, parent)
    return copy
