"""Who was given a copy of a file: rows are only ever added."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.child.models import ChildFile

ASKERS = [("self", _("孩子本人")), *codes.Relation.choices]


class IdentityCheck(models.TextChoices):
    """How the station made sure who asks."""

    ID_CARD = "id_card", _("核对身份证原件")
    HOUSEHOLD_REGISTER = "household_register", _("核对户口簿和身份证原件")
    CUSTODY_PAPER = "custody_paper", _("核对监护证明（判决、指定监护文书）和身份证原件")
    OTHER = "other", _("其他方式")


class Disclosure(models.Model):
    """A copy of the file handed to its subject or guardian on request (个人信息保护法 第四十五条)."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="disclosures")
    asked_by = models.CharField(_("申请人姓名"), max_length=50)
    relation = models.CharField(_("与儿童关系"), max_length=20, choices=ASKERS)
    checked = models.CharField(_("身份怎样核对"), max_length=20, choices=IdentityCheck)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    at = models.DateTimeField(_("提供时间"), default=timezone.now)

    class Meta:
        verbose_name = _("依申请提供")
        ordering = ["-at", "-id"]
