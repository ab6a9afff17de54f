"""What an order must say, and when it may take effect. Asked when it is given, and again on its day."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from orgs.reorganisation.models import Kind, Reorganisation
from orgs.reorganisation.registries import REPORTED
from orgs.units.models import Level, OrgUnit

MOST_AHEAD = 366  # days
NAME_LIMIT, CODE_LIMIT = 60, 12
# kinds after which the unit is closed
CLOSING = (Kind.MOVE, Kind.MERGE, Kind.SPLIT, Kind.CLOSE)


@dataclass(frozen=True)
class Part:
    """One unit of an order, as of ``ReorganisationPart``."""

    source: OrgUnit | None = None
    target: OrgUnit | None = None
    parent: OrgUnit | None = None
    name: str = ""
    code: str = ""


def root_of(unit: OrgUnit) -> OrgUnit:
    """The unit at the top of its tree."""
    return unit.chain()[0] if not unit.stand_in else (unit.city or unit.county or unit)


def check(kind: str, parts: Sequence[Part], day: datetime.date) -> None:
    """Raises ValidationError by field (units, into, parent, name, code, names, effective_on)."""
    problems: dict[str, list[str]] = {}
    sources = [part.source for part in parts if part.source]
    _check_sources(kind, sources, parts, problems)
    if not problems:
        _check_places(kind, parts, problems)
        _check_names(kind, parts, problems)
    concerned = [*sources, *(unit for part in parts for unit in (part.parent, part.target) if unit)]
    root = root_of(concerned[0]) if concerned else None
    _check_day(root, concerned, day, problems)
    if problems:
        raise ValidationError(problems)


def _check_sources(kind: str, sources: list[OrgUnit], parts: Sequence[Part], problems: dict) -> None:
    if not sources and kind != Kind.OPEN:
        problems["units"] = [_("请选择要调整的机构。")]
    for unit in sources:
        if unit.valid_to:
            problems["units"] = [_("“%(unit)s”已停用，不能再调整。") % {"unit": unit}]
        elif unit.stand_in:
            problems["units"] = [_("“%(unit)s”只是补位，实际并不存在，不能调整。") % {"unit": unit}]
        elif unit.parent_id is None and kind != Kind.RENAME:
            problems["units"] = [_("“%(unit)s”是最高一级，只能改名。") % {"unit": unit}]
    if len({unit.level for unit in sources}) > 1:
        problems["units"] = [_("一次只能调整同一层级的机构。")]
    if kind != Kind.SPLIT and (twice := [unit for unit, number in Counter(sources).items() if number > 1]):
        problems["units"] = [_("“%(unit)s”选了两次。") % {"unit": twice[0]}]
    if problems or not sources:
        return
    first = sources[0]
    if kind == Kind.SPLIT and first.level != Level.VILLAGE:
        problems["units"] = [_("拆分只用于村（居）。乡镇（街道）请先新设，再把村（居）调整到新设的下面。")]
    if kind == Kind.CLOSE and any(unit.children.current().exists() for unit in sources):
        problems["units"] = [_("“%(unit)s”下面还有机构，请先把它们调整或合并到别处。") % {"unit": first}]


def _check_places(kind: str, parts: Sequence[Part], problems: dict) -> None:
    for part in parts:
        unit, target, parent = part.source, part.target, part.parent
        if kind == Kind.MOVE and unit:
            if parent is None or parent.level != unit.level - 1 or parent.valid_to:
                problems["parent"] = [_("请选择现有的、高一级的机构。")]
            elif parent.pk == unit.parent_id:
                problems["parent"] = [_("“%(unit)s”现在就在这下面。") % {"unit": unit}]
            elif root_of(parent).pk != root_of(unit).pk:
                problems["parent"] = [_("只能在同一个市内调整。")]
        if kind == Kind.MERGE and unit and target:
            if target.level != unit.level or target.valid_to or target.stand_in or target.pk == unit.pk:
                problems["into"] = [_("请选择现有的、同一层级的另一个机构。")]
            elif root_of(target).pk != root_of(unit).pk:
                problems["into"] = [_("只能在同一个市内调整。")]
        if kind == Kind.OPEN and (parent is None or parent.valid_to or parent.level >= Level.VILLAGE):
            problems["parent"] = [_("请选择现有的、高一级的机构。")]
    sources = [part.source for part in parts if part.source]
    if kind == Kind.MERGE and len(sources) < 2 and not any(part.target for part in parts):
        problems["into"] = [_("请选择并入哪个机构，或至少两个机构合并成一个新的。")]
    if kind == Kind.MERGE and any(part.target in sources for part in parts if part.target):
        problems["into"] = [_("并入的机构自己不能又被合并。")]
    if kind == Kind.SPLIT and len(parts) < 2:
        problems["names"] = [_("请写明拆成哪几个，每行一个，至少两个。")]


def _check_names(kind: str, parts: Sequence[Part], problems: dict) -> None:
    field = "names" if kind == Kind.SPLIT else "name"
    named = [part for part in parts if part.name]
    if kind in (Kind.RENAME, Kind.OPEN) and not named:
        problems[field] = [_("请填写名称。")]
    if kind == Kind.MERGE and not any(part.target or part.name for part in parts):
        problems[field] = [_("请填写合并后的名称，或选择并入哪个机构。")]
    closing = {part.source.pk for part in parts if part.source and kind in CLOSING}
    for part in named:
        parent = part.parent or (part.source.parent if part.source else None)
        if len(part.name) > NAME_LIMIT:
            problems[field] = [_("名称有 %(n)s 个字，最多 %(most)s 个。") % {"n": len(part.name), "most": NAME_LIMIT}]
        same = OrgUnit.objects.current().filter(parent=parent, name=part.name).exclude(pk__in=closing)
        if parent and same.exists():
            problems[field] = [_("“%(parent)s”下面已有“%(name)s”。") % {"parent": parent, "name": part.name}]
        _check_code(part, closing, field if kind == Kind.SPLIT else "code", problems)
    names = [part.name for part in named]
    if kind in (Kind.SPLIT, Kind.OPEN) and len(set(names)) < len(names):
        problems[field] = [_("有两个写成了同一个名称。")]
    # units that merge into one new one are its parts: they name it alike
    codes = [part.code for part in named if part.code] if kind != Kind.MERGE else []
    if len(set(codes)) < len(codes):
        problems[field if kind == Kind.SPLIT else "code"] = [_("有两个写成了同一个代码。")]


def _check_code(part: Part, closing: set[int], field: str, problems: dict) -> None:
    if not part.code:
        return
    if not (part.code.isascii() and part.code.isdigit() and 2 <= len(part.code) <= CODE_LIMIT):
        problems[field] = [_("代码应为 2–%(most)s 位数字。") % {"most": CODE_LIMIT}]
        return
    level = part.source.level if part.source else part.parent.level + 1 if part.parent else 0
    own = closing | ({part.source.pk} if part.source else set())
    held = OrgUnit.objects.current().filter(code=part.code, level=level).exclude(pk__in=own)
    if taken := held.first():
        problems[field] = [_("代码 %(code)s 已是“%(unit)s”的。") % {"code": part.code, "unit": taken.path_label}]


def _check_day(root: OrgUnit | None, units: list[OrgUnit], day: datetime.date, problems: dict) -> None:
    today = timezone.localdate()
    youngest = max((unit.valid_from for unit in units if unit.valid_from), default=None)
    if day > today + datetime.timedelta(days=MOST_AHEAD):
        problems["effective_on"] = [_("生效日期最多可以定在一年以内。")]
    elif (renamed := _last_renamed(units)) and day < renamed:
        words = {"day": short_day(renamed)}
        problems["effective_on"] = [_("其中有机构%(day)s才改名，生效日期不能早于那天。") % words]
    elif youngest and day < youngest:
        problems["effective_on"] = [_("其中有机构%(day)s才启用，生效日期不能早于那天。") % {"day": short_day(youngest)}]
    elif root:
        said = [sentence for reported in REPORTED if (sentence := reported(root, day))]
        if said:
            problems["effective_on"] = said


def _last_renamed(units: list[OrgUnit]) -> datetime.date | None:
    """The day since when the last of ``units`` to be renamed has its name: names of then follow each other in time."""
    days = [datetime.date.fromisoformat(each["until"]) for unit in units for each in unit.earlier_names]
    return max(days, default=None)


def parts_of(reorganisation: Reorganisation) -> list[Part]:
    """As they were ordered, with the units as they are now."""
    rows = reorganisation.parts.with_units()
    return [Part(row.source, row.target, row.parent, row.name, row.code) for row in rows]
