"""Figures as they were last counted: one row a unit and period, the numbers by key."""

from typing import ClassVar, Self

from django.db import models


class FigureQuerySet(models.QuerySet):
    def counted(self) -> Self:
        """Rows that this version can read."""
        return self.filter(numbers__isnull=False)


class Figure(models.Model):
    """``numbers``: {stored key of an indicator: number}, of those that were declared when the row was counted; None in
    a row of an earlier version. Read with ``indicators.table.numbers_of``. ``as_of`` is the day they speak of,
    ``counted_at`` when they came to be these: when they were counted last says the county's mark."""

    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    period = models.CharField(max_length=7, db_column="month")
    numbers = models.JSONField(null=True)
    as_of = models.DateField()
    counted_at = models.DateTimeField()

    objects: ClassVar = FigureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="one_figure_row_per_unit_and_month")]
