"""Figures as they were last counted: one row a unit and month, the numbers by key."""

from django.db import models


class Figure(models.Model):
    """``values``: {stored key of an indicator: number}, of those that were declared when the row was counted;
    ``as_of`` is the day they speak of. Read them with ``reports.indicators.table.numbers_of``."""

    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    values = models.JSONField()
    as_of = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="one_figure_row_per_unit_and_month")]
