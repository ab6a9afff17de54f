"""What a row counts as, put together in one whole number, its mix; and which figures a mix adds one to.

Fifty columns that each ask every row are most of what a count costs. So the database works out once a row what it
says; the columns are looked up here, once a mix: a number with a lane of bits for each indicator, a one in the lane of
those that count the row. Such numbers are added lane by lane, all figures at once.
"""

import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import reduce
from operator import add, and_
from typing import Any

from django.db.models import BooleanField, Case, Expression, ExpressionWrapper, F, Value, When

from reports.indicators import facts
from reports.indicators.table import INDICATORS, CountedTogether, Indicator
from reports.rollup.expressions import NumberOf
from reports.rollup.periods import Period

WIDTH = len(INDICATORS)
LANE = 32  # bits: no figure reaches four thousand million, so none runs over into the next
COLUMN = {each.key: number for number, each in enumerate(INDICATORS)}
FEW = 64


def figures_of(lanes: int) -> list[int]:
    """The numbers in the order of INDICATORS."""
    return list(struct.unpack(f"<{WIDTH}I", lanes.to_bytes(WIDTH * LANE // 8, "little")))


def _lanes_of(indicators: Iterable[Indicator]) -> int:
    return sum(1 << LANE * COLUMN[each.key] for each in indicators)


class Mixes(dict[int | str, int]):
    """{mix, or its text: lanes} of rows that are counted together; worked out as they turn up, for there could be far
    more of them than there are rows."""

    def __init__(self, together: CountedTogether, period: Period) -> None:
        super().__init__()
        self._digits: list[_Digit] = []
        self._size = 0
        dimensions = together.dimensions(period)
        indicators = together.indicators
        bits = [name for name in dimensions if name in facts.BITS]
        # two names for one column are one digit
        for expression in dict.fromkeys(dimensions[name] for name in bits):
            self._append(_Bits(self._size, [name for name in bits if dimensions[name] == expression], indicators))
        for name in dimensions:
            if name not in facts.BITS:
                self._append(_Values(self._size, name, indicators))
        self._append(_Kinds(self._size, together, period))

    def _append(self, digit: "_Digit") -> None:
        self._digits.append(digit)
        self._size += digit.width

    @property
    def few(self) -> bool:
        """Whether there are so few that rows of the same mix are better counted by the database."""
        return 1 << self._size <= FEW

    def expression(self) -> Expression:
        """The mix of a row that is annotated with the dimensions."""
        return reduce(add, (digit.expression() for digit in self._digits))

    def __missing__(self, mix: int | str) -> int:
        """What each digit lets through; all of them have to."""
        self[mix] = lanes = reduce(and_, (digit.lanes(int(mix)) for digit in self._digits))
        return lanes


class _Digit(ABC):
    """``width`` bits of a mix from ``place`` on: what a row says in one respect."""

    def __init__(self, place: int, width: int, indicators: Iterable[Indicator]) -> None:
        self.place, self.width, self.indicators = place, width, tuple(indicators)
        self._known: dict[int, int] = {}

    @abstractmethod
    def expression(self) -> Any:
        """The bits of a row, where they lie in its mix."""

    @abstractmethod
    def lets_through(self, said: int) -> list[Indicator]:
        """Those that a row counts for that says this."""

    def lanes(self, mix: int) -> int:
        said = mix >> self.place & (1 << self.width) - 1
        if said not in self._known:
            self._known[said] = _lanes_of(self.lets_through(said))
        return self._known[said]


class _Bits(_Digit):
    """A column of bits, as it stands; ``names``: the dimensions that read it."""

    def __init__(self, place: int, names: list[str], indicators: Iterable[Indicator]) -> None:
        self._names = names
        every = sum({bit for name in names for bit in facts.BITS[name].values()})
        super().__init__(place, every.bit_length(), indicators)

    def expression(self) -> Any:
        column = F(self._names[0]).bitand((1 << self.width) - 1)
        return column * Value(1 << self.place) if self.place else column

    def lets_through(self, said: int) -> list[Indicator]:
        return [
            each
            for each in self.indicators
            if all(facts.holds(name, said, each.where[name]) for name in self._names if name in each.where)
        ]


class _Values(_Digit):
    """One of the values that are asked for, by its number; 0 is any other."""

    def __init__(self, place: int, name: str, indicators: Iterable[Indicator]) -> None:
        self._name = name
        self._values = sorted({value for each in indicators for value in each.where.get(name, ())})
        super().__init__(place, len(self._values).bit_length(), indicators)

    def expression(self) -> Any:
        return NumberOf(F(self._name), self._values, self.place)

    def lets_through(self, said: int) -> list[Indicator]:
        value = self._values[said - 1] if said else None
        held = [each for each in self.indicators if self._name in each.where]
        return [each for each in self.indicators if each not in held or value in each.where[self._name]]


class _Kinds(_Digit):
    """A bit for each of the facts that the row may be, or not."""

    def __init__(self, place: int, together: CountedTogether, period: Period) -> None:
        self._kinds = together.kinds
        self._conditions = [counts(period) for counts in self._kinds]
        super().__init__(place, len(self._kinds), together.indicators)

    def expression(self) -> Any:
        return reduce(add, map(self._bit, range(self.width), self._conditions))

    def _bit(self, number: int, condition: Any) -> Any:
        bit = Value(1 << self.place + number)
        if not condition:
            return bit
        return Case(When(ExpressionWrapper(condition, BooleanField()), then=bit), default=Value(0))

    def lets_through(self, said: int) -> list[Indicator]:
        kinds = [kind for number, kind in enumerate(self._kinds) if said >> number & 1]
        return [each for each in self.indicators if each.fact.counts in kinds]
