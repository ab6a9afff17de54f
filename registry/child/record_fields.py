"""The fields of one person in a file, for a layout set by hand: it names some, the table gives the others."""

from collections.abc import Callable
from typing import Any

from registry.child.fields import Field, display, empty_value, fields_of, is_empty


class RecordFields:
    """``record`` is the file for the child's own fields, else the guardian or relative, or None where there is none.

    ``mask(field, value)`` writes a sealed value; without it as every screen does.
    """

    def __init__(self, holder: str, record: Any, mask: Callable[[Field, str], str] | None = None) -> None:
        self.record, self.mask = record, mask
        self.by_column = {field.column: field for field in fields_of(holder)}
        self._layout_columns: set[str] = set()

    def label(self, column: str) -> str:
        self.cover(column)
        return str(self.by_column[column].short_label)

    def text(self, column: str) -> str:
        """The value in words; "" where nothing is known."""
        self.cover(column)
        field = self.by_column[column]
        value = empty_value(field) if self.record is None else getattr(self.record, column)
        if field.sealed and self.mask and value:
            return self.mask(field, value)
        return display(field.name, value)

    def cover(self, *columns: str) -> None:
        """The layout says these in words of its own, or leaves them out where they say nothing."""
        self._layout_columns.update(columns)

    def others(self, wanted: Callable[[Field], bool], *, filled: bool = False) -> list[str]:
        """The columns that the layout has not named so far; ``filled``: those that hold something. A field that only
        children of some categories need is among them only then."""
        found = []
        for column, field in self.by_column.items():
            if column in self._layout_columns or not wanted(field):
                continue
            needed = field.entry.requirement
            only_filled = filled or (needed is not None and needed.categories)
            if not only_filled or self._holds_something(column):
                found.append(column)
        return found

    def _holds_something(self, column: str) -> bool:
        return self.record is not None and not is_empty(getattr(self.record, column))
