"""Crossings as they were last counted, kept beside the figures of the month, by the same marks."""

from typing import ClassVar, Self

from django.db import models

from orgs.stale_figures.models import CountyMonth


class CountyCellsQuerySet(models.QuerySet):
    def readable(self, layout: str) -> Self:
        """Those that this version of the program counted."""
        return self.filter(layout=layout)


class CountyCells(models.Model):
    """A county's children in a month by any two dimensions: ``cells`` is {two dimensions: {mix: children}}, of
    ``reports.crossing.mixes`` as ``layout`` says. They are as new as the figures: ``done`` of ``mark``, and of the day
    ``as_of``, the period's ``overdue_before`` then."""

    mark = models.OneToOneField(CountyMonth, models.CASCADE, related_name="+")
    layout = models.CharField(max_length=16)
    as_of = models.DateField()
    cells = models.JSONField()

    objects: ClassVar = CountyCellsQuerySet.as_manager()


class VillageMixes(models.Model):
    """The mix of each child of a village in a month, with commas between them: what a county's cells have of it, to be
    taken out where the village was written to. ``generation``: of the county's mark, when they came to be these."""

    village = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    mixes = models.TextField()
    generation = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "period"], name="one_row_of_mixes_per_village")]
