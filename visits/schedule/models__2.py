"""A visit that the station asked for, besides what the rules say."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.models import ScopedQuerySet
from visits.models.visit import Visit


class ExtraVisitQuerySet(ScopedQuerySet):
    """By the place of the child's file."""

    via = "child__"

    def standing(self):
        return self.filter(withdrawn_at=None)

    def open(self):
        """What nobody has done, and nobody taken back."""
        return self.standing().filter(ended_on=None)


class ExtraVisit(models.Model):
    """The child is to be visited by ``due_on`` because of ``reason``: its open due is owed by then.

    ``visit`` and ``ended_on`` follow from the child's valid visits (visits.services.schedule): the next one that met
    the child did it; it ended without one when the child left who was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="extra_visits")
    due_on = models.DateField(_("最迟哪天"))
    reason = models.CharField(_("为什么加访"), max_length=200)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    ended_on = models.DateField(_("完成日期"), null=True, blank=True)
    visit = models.ForeignKey("visits.Visit", models.PROTECT, null=True, related_name="extras")

    objects = ExtraVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("加访")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(visit=None) | Q(ended_on__isnull=False), name="a_visit_ends_the_extra"),
        ]
        indexes = [
            # open() of some children: a look that nearly always finds nothing
            models.Index(fields=["child"], name="extra_open", condition=Q(ended_on=None, withdrawn_at=None)),
        ]

    def done_by(self, visit: Visit) -> bool:
        """Whether ``visit`` comes after the asking: on a later day, or recorded later on the same day."""
        asked_on = timezone.localdate(self.made_at)
        return visit.visited_on > asked_on or (visit.visited_on == asked_on and visit.made_at >= self.made_at)
