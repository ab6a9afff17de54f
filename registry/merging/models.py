"""Two files of one child made one, and how each was before."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from registry.child.models import ChildFile


class MergeQuerySet(models.QuerySet):
    def valid(self) -> Self:
        """Not undone, latest first."""
        return self.filter(undone_at=None).order_by("-made_at", "-id")


class Merge(models.Model):
    """``other`` went into ``survivor``. ``snapshot_sealed`` holds every row of both before and after, as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survivor = models.ForeignKey(ChildFile, models.PROTECT, related_name="merges")
    other = models.ForeignKey(ChildFile, models.PROTECT, related_name="merged_by")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    snapshot_sealed = EncryptedTextField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    # what was changed after the merge and therefore stayed: labels of fields
    kept = models.JSONField(default=list)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("档案合并")
