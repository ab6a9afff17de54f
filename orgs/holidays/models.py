"""Days off by the State Council's notice, for years that came after the data the project carries."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.holidays.following import Moved


class Holiday(models.Model):
    """Everybody is off from ``since`` to ``until``, both included, the days moved to it (调休) as well."""

    name = models.CharField(_("节日"), max_length=20)
    since = models.DateField(_("第一天"))
    until = models.DateField(_("最后一天"))
    document = models.CharField(_("文件名称或文号"), max_length=120)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    moved: list[Moved]  # put on one that was written down: the open last days that moved with it

    class Meta:
        verbose_name = _("放假安排")
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_holiday_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.since:%Y-%m-%d}"
