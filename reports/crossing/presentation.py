"""How a crossing reads on the page: its lines of cells with their shares, and what each cell leads to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from orgs.units.models import OrgUnit
from reports.crossing.cells import Cell, Cells
from reports.crossing.dimensions import Dimension, Value
from reports.crossing.people import Places
from reports.crossing.table import ALL, Crossing

WHOLE = 1000  # units of a bar
LEAST = 6  # of them are still seen


@dataclass(frozen=True)
class Address:
    """Leads to the same question with something asked otherwise. ``several``: a cell that is pressed comes to those
    that are chosen, or goes, instead of taking their place. ``official``: of what was reported."""

    crossing: Crossing
    cells: Cells
    several: bool
    official: bool = False

    def to(self, *, cells: Cells | None = None, anchor: str = "chosen", name: str = "crossing", **asked: str) -> str:
        crossing, chosen = self.crossing, self.cells if cells is None else cells
        query = {
            "unit": str(crossing.unit.uid),
            "rows": crossing.rows.key,
            "columns": crossing.columns.key,
            "period": crossing.month.key,
            "as": "official" if self.official else "",
            "several": "1" if self.several else "",
            "cells": str(chosen),
        } | asked
        filled = {name: value for name, value in query.items() if value}
        return f"{reverse(name)}?{urlencode(filled, safe=':,')}" + (f"#{anchor}" if anchor else "")

    def to_cell(self, cell: Cell) -> str:
        return self.to(cells=self.cells.turned(cell) if self.several else Cells((cell,)))


@dataclass(frozen=True)
class ShownCell:
    """``bar``: its share of the line, of WHOLE; ``edges``: the sides on which no other chosen cell lies."""

    number: int
    whole: int
    bar: int
    tone: str
    url: str
    chosen: bool
    edges: str
    label: Words


@dataclass(frozen=True)
class Sum:
    """Cells of a line that are asked for together."""

    label: Words
    number: int
    url: str
    chosen: bool


@dataclass
class Line:
    """A value of the rows; ``note`` under its name."""

    label: Words
    note: Words
    cells: list[ShownCell]
    total: bool = False
    sums: list[Sum] = field(default_factory=list)


@dataclass(frozen=True)
class Head:
    label: Words
    tone: str
    sums: list[Sum]


def heads_of(crossing: Crossing, address: Address) -> list[Head]:
    """Of the columns; the last is the total."""
    heads = [
        Head(value.label, _tone(value), _sums_of_column(value.key, crossing, address))
        for value in shown_values(crossing, crossing.columns)
    ]
    return [*heads, Head(_("合计"), "", _sums_of_column(ALL, crossing, address))]


def lines_of(crossing: Crossing, address: Address) -> list[Line]:
    """A line a value, the total last. Values that nobody has told are left out where everybody did."""
    rows: list[tuple[str, Words, Words]] = [
        (value.key, value.label, "") for value in shown_values(crossing, crossing.rows)
    ]
    rows.append((ALL, _("合计"), _("不重复") if crossing.rows.several or crossing.columns.several else ""))
    columns = [*shown_values(crossing, crossing.columns), None]
    total_label = _("合计")
    grid = [[(row, column.key if column else ALL) for column in columns] for row, _label, _note in rows]
    lines = []
    for y, (row, label, note) in enumerate(rows):
        cells = []
        for x, value in enumerate(columns):
            cell = grid[y][x]
            number, whole = crossing.number(*cell), crossing.number(row)
            tone = _tone(value) if value else ""
            if crossing.rows.unions and value and row != ALL:
                tone = _tone(crossing.rows.by_key[row])
            bar = max(LEAST, WHOLE * number // whole) if number else 0
            edges = _edges(grid, x, y, address.cells) if cell in address.cells else ""
            said = f"{label} · {value.label if value else total_label}"
            url = address.to_cell(cell) if number or cell in address.cells else ""
            cells.append(ShownCell(number, whole, bar, tone, url, cell in address.cells, edges, said))
        lines.append(Line(label, note, cells, row == ALL, _sums_of_row(row, crossing, address)))
    return lines


def shown_values(crossing: Crossing, dimension: Dimension) -> list[Value]:
    own = dimension is crossing.rows
    return [
        value
        for value in dimension.values
        if not value.blank or crossing.number(*((value.key, ALL) if own else (ALL, value.key)))
    ]


def _tone(value: Value) -> str:
    return value.tone or "plain"


def _sums_of_row(row: str, crossing: Crossing, address: Address) -> list[Sum]:
    unions = crossing.columns.unions
    return [_sum(each.label, Cells(tuple((row, key) for key in each.keys)), crossing, address) for each in unions]


def _sums_of_column(column: str, crossing: Crossing, address: Address) -> list[Sum]:
    unions = crossing.rows.unions
    return [_sum(each.label, Cells(tuple((key, column) for key in each.keys)), crossing, address) for each in unions]


def _sum(label: Words, cells: Cells, crossing: Crossing, address: Address) -> Sum:
    number, chosen = cells.count(crossing), set(cells.chosen) == set(address.cells.chosen)
    return Sum(label, number, address.to(cells=cells) if number else "", chosen)


def _edges(grid: list[list[Cell]], x: int, y: int, cells: Cells) -> str:
    sides = {"l": (x - 1, y), "r": (x + 1, y), "t": (x, y - 1), "b": (x, y + 1)}
    open_sides = []
    for side, (column, row) in sides.items():
        inside = 0 <= row < len(grid) and 0 <= column < len(grid[row])
        if not (inside and grid[row][column] in cells):
            open_sides.append(f"edge-{side}")
    return " ".join(open_sides)


def held_twice(crossing: Crossing) -> list[str]:
    """兼类 in figures: what the values come to, and by how much that is more than the children."""
    said = []
    for dimension in (crossing.rows, crossing.columns):
        if dimension.several:
            total, more = crossing.held_twice(dimension)
            words = {"total": f"{total:,}", "children": f"{crossing.number():,}", "more": f"{more:,}"}
            said.append(
                _("一个孩子可兼几类：各类相加 %(total)s，不重复 %(children)s，多出的 %(more)s 是兼类。") % words
            )
    return said


@dataclass(frozen=True)
class Part:
    start: int
    width: int
    tone: str


@dataclass(frozen=True)
class ShownUnit:
    """``parts`` of its bar, by the columns' values, the longest bar being WHOLE."""

    unit: OrgUnit
    count: int
    note: str
    url: str
    parts: list[Part]


def shown_places(places: Places, crossing: Crossing, address: Address) -> list[ShownUnit]:
    most = max((each.count for each in places.units), default=1)
    parted = crossing.parted
    found = []
    for each in places.units:
        parts, start = [], 0
        told = {"": each.count} if parted.several else each.parts
        for key in sorted(told, key=_by_weight(parted)):
            width = max(LEAST, WHOLE * told[key] // most)
            value = parted.by_key.get(key)
            parts.append(Part(start, width, _tone(value) if value else "plain"))
            start += width
        late = each.parts["overdue"] if parted.unions else 0
        note = _("逾期 %(n)s") % {"n": late} if late and late < each.count else ""
        url = address.to(unit=str(each.unit.uid))
        found.append(ShownUnit(each.unit, each.count, note, url, parts))
    return found


def _by_weight(parted: Dimension) -> Callable[[str], int]:
    """What is worst first."""
    order = {"late": 0, "due": 1}
    return lambda key: order.get(parted.by_key[key].tone, 2) if key in parted.by_key else 0


def how_chosen(cells: Cells, crossing: Crossing) -> str:
    """应访未访 35 ＋ 逾期 14: what the chosen cells of one line, or one column, come to; blank for others."""
    rows, columns = (list(dict.fromkeys(keys)) for keys in zip(*cells.chosen, strict=True))
    several, dimension = (columns, crossing.columns) if len(rows) == 1 else (rows, crossing.rows)
    if min(len(rows), len(columns)) != 1 or len(several) < 2 or dimension.several or ALL in several:
        return ""
    numbers = [crossing.number(*cell) for cell in cells.chosen]
    labels = [dimension.by_key[key].label for key in several]
    return " ＋ ".join(f"{label} {number:,}" for label, number in zip(labels, numbers, strict=True))
