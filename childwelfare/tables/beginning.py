"""The beginning of a list that a page does not show whole, which says so: no list ends without a word."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")


class Beginning(list[Row]):
    """The first rows of a list; ``number``: how many there are in all. A page shows it with ``components/_rest.html``
    below, which says what is left out, or with a way to the rest."""

    def __init__(self, rows: Iterable[Row] = (), number: int | None = None) -> None:
        """Without a ``number`` these are all: Django makes such a copy of a list that stands in a filter."""
        super().__init__(rows)
        self.number = len(self) if number is None else number

    @property
    def left_out(self) -> int:
        return self.number - len(self)


def beginning_of(rows: QuerySet, most: int) -> Beginning[Any]:
    """The first ``most`` of ``rows``, in their order. One query; a second that counts only where there are more."""
    found = list(rows[: most + 1])
    number = len(found) if len(found) <= most else rows.order_by().count()
    return Beginning(found[:most], number)
