"""Figures as they were last counted: one row a unit and month, all values in the declared order."""

from django.db import models


class Figure(models.Model):
    """``values`` follow ``INDICATORS`` of that ``signature``; ``as_of`` is the day they speak of."""

    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    values = models.JSONField()
    signature = models.CharField(max_length=12)
    as_of = models.DateField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="one_figure_row_per_unit_and_month")]
