"""Saved views of the list of files: what narrows it, its order and its columns, under a name."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.posts.models import Appointment


class SavedViewQuerySet(models.QuerySet):
    def open_to(self, post: Appointment) -> Self:
        """A post's own views, and those that posts of the same unit share."""
        shared = Q(shared=True, unit=post.unit_id)
        return self.filter(Q(made_in=post) | shared).order_by("name", "id")


class SavedView(models.Model):
    """``query`` is the address's query string without what was searched for: a saved view holds nobody's name or
    number. What it shows is asked anew of whoever opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=20)
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    shared = models.BooleanField(_("本单位共用"), default=False)
    query = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("常用名单")
        constraints = [models.UniqueConstraint(fields=["made_in", "name"], name="a_view_name_once_in_a_post")]
        indexes = [models.Index(fields=["unit"], name="shared_view_of_unit", condition=Q(shared=True))]

    def __str__(self) -> str:
        return self.name
