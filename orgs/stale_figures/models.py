"""Which counties' figures are out of date: the mark that every write leaves, in its own transaction."""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q


class CountyMonthQuerySet(models.QuerySet):
    def stale(self, now: datetime.datetime) -> Self:
        """Figures that some write has overtaken and that no live run is making."""
        return self.filter(wanted__gt=F("done")).filter(Q(lease_until=None) | Q(lease_until__lt=now))


class CountyMonth(models.Model):
    """One shard of the figures: a county in a month (``"2026-10"``).

    ``wanted`` rises with every write that can change the figures, ``done`` is the generation last rolled up;
    a run holds ``lease`` until ``lease_until``.
    """

    county = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    wanted = models.PositiveBigIntegerField(default=1)
    done = models.PositiveBigIntegerField(default=0)
    lease = models.UUIDField(null=True, default=None)
    lease_until = models.DateTimeField(null=True)
    rolled_at = models.DateTimeField(null=True)
    as_of = models.DateField(null=True)

    objects = CountyMonthQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "month"], name="one_mark_per_county_and_month")]

    @staticmethod
    def new_lease() -> uuid.UUID:
        return uuid.uuid4()
