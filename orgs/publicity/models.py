"""Publicity activities (宣传) of villages and stations."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.access.scope import ScopedQuerySet
from orgs.publicity import codes


class PublicityQuerySet(ScopedQuerySet):
    via = "unit__"

    def newest_first(self) -> Self:
        return self.order_by("-held_on", "-id")


class Publicity(models.Model):
    """One activity of a village or station. ``id`` comes from the form: sent twice, it is the same activity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="publicity")
    held_on = models.DateField(_("日期"))
    where = models.CharField(_("地点"), max_length=100)
    topic = models.CharField(_("主题"), max_length=100)
    audience = models.JSONField(_("对象"), default=list)
    people = models.PositiveIntegerField(_("人数"))
    note = models.CharField(_("内容"), max_length=500, blank=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        verbose_name = _("宣传活动")
        indexes = [models.Index(fields=["unit", "-held_on", "-id"], name="publicity_of_unit")]

    @property
    def audience_labels(self) -> list[Words]:
        return [codes.Audience(code).label for code in self.audience]


class PublicityPhoto(models.Model):
    """A photo of an activity: re-encoded, without metadata, sealed on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="photos")
    file = models.CharField(max_length=120)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
