"""Chosen cells of a crossing, as an address names them: ``left_behind:due,left_behind:overdue``."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.words import Words
from reports.crossing.dimensions import Dimension, Raw
from reports.crossing.source import Where
from reports.crossing.table import ALL, Crossing

Cell = tuple[str, str]  # the keys of a row and of a column
UNREADABLE = gettext_lazy("没有这一格，请在表里点选。")


@dataclass(frozen=True)
class Cells:
    """Children are in one of ``chosen``, each once."""

    chosen: tuple[Cell, ...] = ()

    @classmethod
    def read(cls, text: str, rows: Dimension, columns: Dimension) -> Self:
        """Raises ValueError for a cell that the table does not have."""
        chosen = []
        for each in filter(None, text.split(",")):
            row, _colon, column = each.partition(":")
            if row not in {*rows.by_key, ALL} or column not in {*columns.by_key, ALL}:
                raise ValueError(str(UNREADABLE))
            chosen.append((row, column))
        return cls(tuple(dict.fromkeys(chosen)))

    def __str__(self) -> str:
        return ",".join(f"{row}:{column}" for row, column in self.chosen)

    def __contains__(self, cell: Cell) -> bool:
        return cell in self.chosen

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def turned(self, cell: Cell) -> "Cells":
        """With ``cell``, or without it where it was chosen."""
        if cell in self.chosen:
            return Cells(tuple(each for each in self.chosen if each != cell))
        return Cells((*self.chosen, cell))

    def groups(self, crossing: Crossing) -> list[tuple[Raw, Raw, int]]:
        """Those of ``crossing`` that lie in a chosen cell."""
        return [group for group in crossing.groups if self._hold(crossing, group[0], group[1])]

    def _hold(self, crossing: Crossing, held_row: Raw, held_column: Raw) -> bool:
        rows = {*crossing.rows.keys_of(held_row), ALL}
        columns = {*crossing.columns.keys_of(held_column), ALL}
        return any(row in rows and column in columns for row, column in self.chosen)

    def count(self, crossing: Crossing) -> int:
        """How many children; no query."""
        return sum(children for _row, _column, children in self.groups(crossing))

    def where(self, crossing: Crossing) -> Where:
        """The same children as a condition on the rows, in as few parts as there are kinds of lines."""
        columns_of: dict[Raw, set[Raw]] = defaultdict(set)
        for row, column, _children in self.groups(crossing):
            columns_of[row].add(column)
        rows_of: dict[frozenset[Raw], set[Raw]] = defaultdict(set)
        for row, columns in columns_of.items():
            rows_of[frozenset(columns)].add(row)
        names = crossing.rows.column, crossing.columns.column
        return [dict(zip(names, (rows, columns), strict=True)) for columns, rows in rows_of.items()]


def words_of(cells: Cells, rows: Dimension, columns: Dimension) -> str:
    """留守儿童 · 未走访: lines and columns once each where all their cells are chosen, else cell by cell."""
    chosen_rows = list(dict.fromkeys(row for row, _column in cells.chosen))
    chosen_columns = list(dict.fromkeys(column for _row, column in cells.chosen))
    if len(cells.chosen) == len(chosen_rows) * len(chosen_columns):
        return _pair(_joined(rows, chosen_rows), _joined(columns, chosen_columns))
    pairs = [_pair(_joined(rows, [row]), _joined(columns, [column])) for row, column in cells.chosen]
    return _("；").join(pairs)


def _pair(row: str, column: str) -> str:
    return " · ".join(filter(None, (row, column))) or _("在册合计")


def _joined(dimension: Dimension, keys: list[str]) -> str:
    """Blank for all."""
    if ALL in keys:
        return ""
    for union in dimension.unions:
        if set(union.keys) == set(keys):
            return str(union.label)
    labels: list[Words] = [value.label for value in dimension.values if value.key in keys]
    return _("、").join(map(str, labels))
