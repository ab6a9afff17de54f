"""What a child counts as in every dimension at once, in one whole number, its mix: so that what was counted can be
kept, and summed by any two dimensions.

Every dimension has some bits of it: the number of its value, or of the categories, which a child may have several of,
the bits themselves.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from itertools import combinations
from operator import add
from typing import Any

from django.db.models import F

from reports.crossing.dimensions import ALL_CATEGORIES, DIMENSIONS, VISIT, Dimension, Raw
from reports.crossing.joined import column
from reports.rollup.expressions import NumberOf

MixCounts = Counter[int]  # {mix: how many children}


@dataclass(frozen=True)
class Digit:
    """The bits of ``dimension``, from ``place`` on. ``codes``: what its column may hold, from the number 1 on; none
    where the column holds the number itself."""

    dimension: Dimension
    place: int
    codes: tuple[Raw, ...]

    @property
    def width(self) -> int:
        if self.dimension.several:
            return ALL_CATEGORIES.bit_length()
        most = len(self.codes) or max(code for value in self.dimension.values for code in value.codes)
        return int(most).bit_length()

    @property
    def mask(self) -> int:
        return (1 << self.width) - 1 << self.place

    def raw(self, mix: int) -> Raw:
        """What the column of such a child holds."""
        said = (mix & self.mask) >> self.place
        return self.codes[said - 1] if self.codes else said

    def expression(self) -> Any:
        name = self.dimension.column
        return NumberOf(F(name), self.codes, self.place) if self.codes else F(name) * (1 << self.place)


def _digits() -> dict[str, Digit]:
    found: dict[str, Digit] = {}
    place = 0
    for dimension in DIMENSIONS:
        as_it_is = dimension.several or dimension.column == VISIT
        codes = () if as_it_is else tuple(code for value in dimension.values for code in value.codes)
        digit = Digit(dimension, place, codes)
        found[dimension.column] = digit
        place += digit.width
    return found


DIGITS = _digits()
PAIRS = {
    frozenset(pair): ".".join(sorted(DIGITS[name].dimension.key for name in pair)) for pair in combinations(DIGITS, 2)
}
# what was kept by other bits, or by another meaning, is not read
LAYOUT = sha256(
    repr([(each.dimension.key, each.dimension.version, each.place, each.width, each.codes) for each in DIGITS.values()])
    .encode()
).hexdigest()[:16]  # fmt: skip


def status_mix(names: Iterable[str] = DIGITS) -> Any:
    """Of a row that is annotated with the dimensions: the bits of ``names``, but how it stands with its visits."""
    return reduce(add, (DIGITS[name].expression() for name in names if name != VISIT))


def whole_mix(names: Collection[str] = DIGITS) -> str:
    """As SQL over the join of ``joined``, with ``status_mix`` as ``mix``."""
    return f"(s.mix + {column(VISIT)} * {1 << DIGITS[VISIT].place})" if VISIT in names else "s.mix"


def counted(texts: Iterable[str]) -> MixCounts:
    """How many children of each mix stand in ``texts``, which have a mix a child, with commas between them."""
    found: Counter[str] = Counter()
    for text in texts:
        if text:
            found.update(text.split(","))
    return Counter({int(mix): children for mix, children in found.items()})


def mask_of(names: Iterable[str]) -> int:
    return sum(DIGITS[name].mask for name in names)


def narrowed(mixes: MixCounts, mask: int) -> MixCounts:
    """By the bits of ``mask`` alone."""
    found: MixCounts = Counter()
    for mix, children in mixes.items():
        found[mix & mask] += children
    return found


def by_pairs(mixes: MixCounts) -> dict[str, MixCounts]:
    """{name of two dimensions (PAIRS): by these two alone}. By four at a time first: of those there are few, where
    nearly every child has a mix of its own."""
    names = list(DIGITS)
    halves = [frozenset(names[first : first + 2]) for first in range(0, len(names), 2)]
    fours = [(one | other, narrowed(mixes, mask_of(one | other))) for one, other in combinations(halves, 2)]
    found = {}
    for pair, key in PAIRS.items():
        some = next(some for four, some in fours if pair <= four)
        found[key] = narrowed(some, mask_of(pair))
    return found
