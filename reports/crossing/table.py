"""The table of a crossing: how many children are in each cell, in each line, and in all of them."""

from collections import Counter
from dataclasses import dataclass

from orgs.units.models import OrgUnit
from reports.crossing.dimensions import Dimension, Raw
from reports.crossing.source import Rows
from reports.rollup.periods import Period

ALL = "all"  # in place of a value's key: whatever it is, each child once


@dataclass(frozen=True)
class Crossing:
    """``groups``: (what the column of ``rows`` holds, that of ``columns``, how many children); each child in one."""

    unit: OrgUnit
    month: Period
    rows: Dimension
    columns: Dimension
    groups: list[tuple[Raw, Raw, int]]
    numbers: Counter[tuple[str, str]]

    @property
    def parted(self) -> Dimension:
        """By which of both chosen children are told apart: by their visits, else by the columns."""
        return self.rows if self.rows.unions else self.columns

    def number(self, row: str = ALL, column: str = ALL) -> int:
        """How many children are in the cell; with ALL in the line, each of them once."""
        return self.numbers[row, column]

    def held_twice(self, dimension: Dimension) -> tuple[int, int]:
        """(the sum of its values, by how much that is more than the children, of whom one may have several)."""
        keys = [value.key for value in dimension.values]
        numbers = [self.number(key) if dimension is self.rows else self.number(column=key) for key in keys]
        return sum(numbers), sum(numbers) - self.number()


def crossing_of(source: Rows, rows: Dimension, columns: Dimension) -> Crossing:
    """One query, whatever is crossed."""
    groups = source.groups(rows.column, columns.column)
    numbers: Counter[tuple[str, str]] = Counter()
    for held_row, held_column, children in groups:
        for row in (*rows.keys_of(held_row), ALL):
            for column in (*columns.keys_of(held_column), ALL):
                numbers[row, column] += children
    return Crossing(source.unit, source.month, rows, columns, groups, numbers)
