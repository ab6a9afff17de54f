"""What somebody said of two files that look like one child: that they are of two."""

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.child.models import ChildFile

REASON_LIMIT = 200  # characters


class NotTheSameQuerySet(models.QuerySet):
    def about(self, files: Iterable[uuid.UUID]) -> Self:
        """What was said of pairs in which one of ``files`` is."""
        keys = list(files)
        return self.filter(Q(first__in=keys) | Q(second__in=keys))


class NotTheSame(models.Model):
    """``first`` and ``second`` are two children. A pair is kept in the order of its keys, so that there is one row of
    it whoever comes first, and is asked about once. It stays when either is merged, for the merge may be undone.
    Taken back it goes, ``NotTheSameTakenBack`` tells of it, and the pair is asked about again."""

    first = models.ForeignKey(ChildFile, models.PROTECT, related_name="+")
    second = models.ForeignKey(ChildFile, models.PROTECT, related_name="+")
    reason = models.CharField(_("为什么不是同一个孩子"), max_length=REASON_LIMIT)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = NotTheSameQuerySet.as_manager()

    class Meta:
        verbose_name = _("不是同一个孩子")
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order_of_its_keys"),
            models.UniqueConstraint(fields=["first", "second"], name="said_once_of_a_pair"),
        ]

    @property
    def pair(self) -> tuple[uuid.UUID, uuid.UUID]:
        return self.first_id, self.second_id


class NotTheSameTakenBack(models.Model):
    """A word that was taken back: what was said of the pair, by whom and when, and who took it back and why."""

    first = models.ForeignKey(ChildFile, models.PROTECT, related_name="+")
    second = models.ForeignKey(ChildFile, models.PROTECT, related_name="+")
    reason = models.CharField(_("为什么不是同一个孩子"), max_length=REASON_LIMIT)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    taken_back_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    taken_back_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(default=timezone.now)
    taken_back_reason = models.CharField(_("为什么收回"), max_length=REASON_LIMIT)

    class Meta:
        verbose_name = _("收回的“不是同一个孩子”")


def pair_of(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """The two keys as a row holds them."""
    return (one, other) if one < other else (other, one)
