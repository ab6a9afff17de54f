"""A choice of columns, each version a row of its own, so that a sheet that was printed can be printed again."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import ScopedQuerySet
from orgs.units.models import OrgUnit
from reports.indicators.table import BY_KEY
from reports.indicators.templates import LedgerTemplate

TITLE_LONGEST = 40


class OwnTemplateQuerySet(ScopedQuerySet):
    via = "unit__"

    def newest(self) -> Self:
        """The last version of each."""
        newer = OwnTemplate.objects.filter(series=OuterRef("series"), version__gt=OuterRef("version"))
        return self.filter(~Exists(newer))

    def used_at(self, unit: OrgUnit) -> Self:
        """What the pages of ``unit`` offer: those of its county and of its city that nobody ended."""
        above = Q(unit=unit.county_id) | Q(unit=unit.city_id) | Q(unit=unit.pk)
        return self.filter(above).newest().filter(ended=False).order_by("unit__level", "title", "series")


class OwnTemplate(models.Model):
    """``series``: the same in all versions of one; ``columns``: keys of indicators in their order; ``ended``: nobody
    is offered it from this version on."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    title = models.CharField(_("表名"), max_length=TITLE_LONGEST)
    columns = models.JSONField(_("栏目"))
    ended = models.BooleanField(default=False)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    may_change: bool  # put on one that is shown: whether its reader may

    objects: ClassVar = OwnTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("自定台账")
        constraints = [models.UniqueConstraint(fields=["series", "version"], name="one_own_template_per_version")]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """As an address says it."""
        return f"own-{self.series}"

    @property
    def template(self) -> LedgerTemplate:
        """Of the columns that are still counted."""
        columns = tuple(key for key in self.columns if key in BY_KEY)
        return LedgerTemplate(self.key, self.title, self.title, columns, version=self.version)
