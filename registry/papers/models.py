"""The papers and photos of a file: sealed on disk, never deleted, void (作废) with a reason where one was wrong."""

import uuid
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs.access.scope import ScopedQuerySet
from registry.child import codes
from registry.child.models import ChildFile


class PaperKind(models.TextChoices):
    """The proofs that counties ask for (民发〔2019〕62号, 三; 民发〔2020〕125号), and a portrait."""

    PORTRAIT = "portrait", _("照片")
    ID_CARD = "id_card", _("身份证")
    HOUSEHOLD_REGISTER = "household_register", _("户口簿")
    BIRTH_CERTIFICATE = "birth_certificate", _("出生证明")
    DISABILITY_CERTIFICATE = "disability_certificate", _("残疾证")
    MEDICAL = "medical", _("病历诊断")
    CUSTODY_AGREEMENT = "custody_agreement", _("委托照护书")
    PARENT_SITUATION = "parent_situation", _("父母情况证明")
    SCHOOL = "school", _("就学证明")
    OTHER = "other", _("其他")


JPEG, PDF = "image/jpeg", "application/pdf"


class PaperQuerySet(ScopedQuerySet):
    """A paper is where its child is: moved or merged, it goes along by ``child`` alone."""

    via = "child__"

    def valid(self) -> Self:
        """Papers that were not declared void."""
        return self.filter(removed_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class Paper(models.Model):
    """One picture or PDF of a child's file. ``id`` comes from the sender: sent twice, it is the same paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="papers")
    kind = models.CharField(_("材料种类"), max_length=24, choices=PaperKind)
    of = models.CharField(_("谁的材料"), max_length=20, choices=codes.Relation, blank=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    file = models.CharField(max_length=120, editable=False)
    thumbnail = models.CharField(max_length=120, blank=True, editable=False)
    media_type = models.CharField(max_length=20, editable=False)
    size = models.PositiveIntegerField(_("大小（字节）"), editable=False)
    width = models.PositiveSmallIntegerField(null=True, editable=False)
    height = models.PositiveSmallIntegerField(null=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, editable=False)
    # of the bytes as kept: shows damage, and a second upload of the same picture
    sha256 = models.CharField(max_length=64, editable=False)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    removed_at = models.DateTimeField(_("作废时间"), null=True, editable=False)
    removed_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+", editable=False)
    removed_reason = models.CharField(_("作废原因"), max_length=200, blank=True, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("证件和照片")
        # the papers of one file, newest first; one file's count
        indexes = [models.Index(fields=["child", "-made_at", "-id"], name="paper_of_child")]

    def __str__(self) -> str:
        if not self.of:
            return self.get_kind_display()
        return gettext("%(whose)s%(what)s") % {"whose": self.get_of_display(), "what": self.get_kind_display()}

    @property
    def is_picture(self) -> bool:
        return self.media_type == JPEG
