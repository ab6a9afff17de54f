"""What an indicator says of itself; the indicators stand in ``table``."""

from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from django.db.models import Q

from childwelfare.text.words import Words
from orgs.access.scope import ScopedQuerySet
from reports.indicators import facts
from reports.rollup.periods import Period

# {key: number} of every indicator; None: not counted then, for the indicator is younger than the row
Numbers = dict[str, int | None]


@dataclass(frozen=True)
class Indicator:
    """One column: how many rows of ``fact`` have, in each dimension of ``where``, one of the named values.

    Raise ``version`` when the same key comes to count something else: what was stored under the earlier meaning is then
    no longer read. A test holds the meaning of every version.
    """

    key: str
    label: Words
    group: Words
    definition: Words
    fact: facts.Fact
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = 1

    @property
    def stored_key(self) -> str:
        """Under which a row of figures holds the number."""
        return self.key if self.version == 1 else f"{self.key}.{self.version}"

    def rows(self, period: Period) -> ScopedQuerySet:
        """The rows behind the figure, of the fact's model; ``overtaken`` counts beside them."""
        return self._narrowed(self.fact.rows(period), period)

    def overtaken(self, period: Period) -> ScopedQuerySet | None:
        """Rows that are planned otherwise since the period ended; None where the fact has none."""
        return self._narrowed(self.fact.overtaken(period), period) if self.fact.overtaken else None

    def _narrowed(self, rows: ScopedQuerySet, period: Period) -> ScopedQuerySet:
        asked = {name: each for name, each in self.fact.dimensions(period).items() if name in self.where}
        return rows.annotate(**asked).filter(self.condition)

    @property
    def condition(self) -> Q:
        """On rows that are annotated with the dimensions of the fact."""
        return reduce(and_, (facts.condition(name, values) for name, values in self.where.items()), Q())
