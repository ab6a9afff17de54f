"""Words of assessments (评估)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    """Why a child is assessed now."""

    FIRST = "first", _("首次评估")
    REGULAR = "regular", _("定期评估")
    AFTER_ALERT = "after_alert", _("紧急报告后评估")
    CHANGED = "changed", _("情况变化")
    SECOND = "second", _("第二人评估")


# E, this installation's own measures, in days; no document sets any
FIRST_WITHIN = 30  # from the registration, or from the day on which the assessment system came into force
AFTER_ALERT_WITHIN = 7  # from the day on which an urgent report was closed
UNFINISHED_WITHIN = 30  # from an assessment in which too much was unknown
SECOND_WITHIN = 14  # between two assessments of one child that are compared
