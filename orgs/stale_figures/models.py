"""Which counties' figures are out of date: the mark that every write leaves, in its own transaction."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

LISTED = 4_000  # letters of a list of villages; where more were written to, the county is counted as a whole
WHOLE = Value(None, output_field=TextField())


class CountyMonthQuerySet(models.QuerySet):
    def stale(self, now: datetime.datetime) -> Self:
        """Figures that some write has overtaken and that no live run is making."""
        return self.filter(wanted__gt=F("done")).filter(Q(lease_until=None) | Q(lease_until__lt=now))

    def overtake(self, villages: Iterable[int] | None = None) -> int:
        """Note that a write has overtaken them: at ``villages`` alone, anywhere in the county for None."""
        listed: Case | Value = WHOLE
        if villages is not None:
            keys = Value("".join(f"{pk}," for pk in sorted(set(villages))))
            listed = _joined("villages", keys)
        return self.update(wanted=F("wanted") + 1, villages=listed)

    def take(self, lease: uuid.UUID, until: Combinable) -> int:
        """Begin to count: what was written to until now is taken out of ``villages``. What a run that died had taken
        stays taken."""
        taken = _joined("taken", F("villages"))
        return self.update(taken=taken, villages="", lease=lease, lease_until=until)


class CountyMonth(models.Model):
    """One shard of the figures: a county in a month, a quarter or a year (``period``: orgs.stale_figures.keys).

    ``wanted`` rises with every write that can change the figures, ``done`` is the generation last rolled up;
    a run holds ``lease`` until ``lease_until``.

    ``villages``: keys of those that were written to since, each with a comma behind it; None: any of the county's may
    have been. A run takes them over into ``taken``, and empties that with what it writes.
    """

    county = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    period = models.CharField(max_length=7, db_column="month")
    wanted = models.PositiveBigIntegerField(default=1)
    done = models.PositiveBigIntegerField(default=0)
    lease = models.UUIDField(null=True, default=None)
    lease_until = models.DateTimeField(null=True)
    rolled_at = models.DateTimeField(null=True)
    as_of = models.DateField(null=True)
    villages = models.TextField(null=True, default=None)
    taken = models.TextField(null=True, default=None)

    objects = CountyMonthQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "period"], name="one_mark_per_county_and_month")]

    @staticmethod
    def new_lease() -> uuid.UUID:
        return uuid.uuid4()

    @property
    def villages_to_count(self) -> set[int] | None:
        """Of a mark that was read by the run that took it: what it took, and what came in before it was read, for
        ``wanted`` counts that too. None: all."""
        if self.taken is None or self.villages is None:
            return None
        return {int(key) for key in (self.taken + self.villages).split(",") if key}


def _joined(name: str, more: Value | F) -> Case:
    """The column with ``more`` behind it; None where one of the two is, or the list is long already."""
    # not Concat, which takes None for nothing
    joined = Func(F(name), more, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())
    return Case(When(GreaterThan(Length(name), LISTED), then=WHOLE), default=joined, output_field=TextField())
