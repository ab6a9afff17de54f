"""What a unit reported, as it reported it: never altered, never deleted."""

import json
import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.access.scope import ScopedQuerySet
from orgs.units.models import OrgUnit
from reports.indicators.indicator import Numbers
from reports.indicators.table import numbers_of
from reports.periods.models import ReportingPeriod


class SnapshotKind(models.TextChoices):
    ORIGINAL = "original", _("首次上报")
    RESUBMISSION = "resubmission", _("重报")
    AMENDMENT = "amendment", _("更正")


class SnapshotQuerySet(ScopedQuerySet):
    via = "unit__"


class Snapshot(models.Model):
    """``content``: canonical JSON (``reports.snapshots.content``), of which ``hash`` is the SHA-256. ``seq`` counts a
    unit's snapshots of the period; ``supersedes``: the valid one that an amendment takes the place of, None where it
    supplies what had none."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="snapshots")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=SnapshotKind)
    content = models.TextField()
    hash = models.CharField(max_length=64, db_index=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = SnapshotQuerySet.as_manager()

    standing: Words = ""  # put on one that is exported: what its figures are, where they are not simply the valid ones

    class Meta:
        verbose_name = _("上报数据")
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["period", "unit", "seq"], name="one_snapshot_per_unit_period_and_seq")
        ]

    def __str__(self) -> str:
        return self.short_hash

    @property
    def short_hash(self) -> str:
        """As it is printed and read out: ``7c1e 40b9``."""
        return f"{self.hash[:4]} {self.hash[4:8]}"

    @cached_property
    def told(self) -> dict[str, Any]:
        """``content``, read."""
        read: dict[str, Any] = json.loads(self.content)
        return read

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """All whose figures are not in it, at whatever tier: {unit, name, reason, in: the units between}."""
        below: list[dict[str, Any]] = self.told.get("waived_below", [])
        return [each | {"in": []} for each in self.told["waived"]] + below

    @property
    def numbers(self) -> Numbers:
        """{indicator key: number}, as a row of figures has them."""
        return numbers_of(self.told["values"])


class SnapshotPart(models.Model):
    """That ``part``, of a unit below, is summed in ``whole``."""

    append_only = True

    whole = models.ForeignKey(Snapshot, models.PROTECT, related_name="parts")
    part = models.ForeignKey(Snapshot, models.PROTECT, related_name="wholes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whole", "part"], name="one_part_once_in_a_whole")]


class SnapshotRoster(models.Model):
    """The children behind a village's snapshot: compressed, and sealed under a key that may be changed. That nobody
    altered it is told by its hash in the snapshot's content."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, primary_key=True, related_name="roster")
    sealed = models.BinaryField()
