"""The people around a child: family members and guardians."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import BlindIndexField, EncryptedTextField
from childwelfare.security.sealing import blind_index
from childwelfare.security.tails import tail_index
from childwelfare.text.pinyin import name_pinyin
from registry.child import codes
from registry.child.models import ChildFile
from registry.child.spellings import keep_spellings


class Kin(models.Model):
    """What is known of any grown-up in a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名"), max_length=50, blank=True)
    relation = models.CharField(_("与儿童关系"), max_length=20, choices=codes.Relation)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    id_number = EncryptedTextField(_("身份证号"))
    id_index = BlindIndexField(source="id_number", label="id_number")
    phone = EncryptedTextField(_("电话"))
    phone_index = BlindIndexField(source="phone", label="phone")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.name}".strip()


class FamilyMember(Kin):
    """A parent, grandparent, brother or sister: alive or not, in what situation, where away since when."""

    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="family")
    life = models.CharField(_("存亡"), max_length=8, choices=codes.Life, default=codes.Life.ALIVE)
    situation = models.CharField(_("特殊情形"), max_length=16, choices=codes.Situation, blank=True)
    situation_since = models.DateField(_("情形起始日期"), null=True, blank=True)
    situation_until = models.DateField(_("期限届满日期"), null=True, blank=True)
    disability = models.CharField(_("残疾类别"), max_length=1, choices=codes.Disability, blank=True)
    disability_grade = models.CharField(_("残疾等级"), max_length=1, choices=codes.DisabilityGrade, blank=True)
    contact_proof = models.CharField(_("失联的证明"), max_length=6, choices=codes.ContactProof, blank=True)
    unable = models.BooleanField(_("无监护能力"), null=True, blank=True)
    away = models.BooleanField(_("外出务工"), null=True, blank=True)
    away_at = models.CharField(_("务工地点（省、市）"), max_length=60, blank=True)
    away_since = models.DateField(_("外出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("家庭成员")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "relation"],
                condition=Q(relation__in=["father", "mother"]),
                name="one_father_one_mother",
            )
        ]


class GuardianQuerySet(models.QuerySet):
    def current(self) -> "GuardianQuerySet":
        """Who cares now: one a child at most."""
        return self.filter(until=None)


class Guardian(Kin):
    """Who actually cares for the child, from when to when; with the entrusted-care agreement (委托照护书) if any."""

    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="guardians")
    health = models.CharField(_("健康状况"), max_length=60, blank=True)
    capacity = models.CharField(_("监护能力"), max_length=4, choices=codes.Capacity, blank=True)
    address = models.CharField(_("居住地址"), max_length=120, blank=True)
    entrusted_from = models.DateField(_("委托照护起"), null=True, blank=True)
    entrusted_to = models.DateField(_("委托照护止"), null=True, blank=True)
    entrusted_terms = models.CharField(_("委托事项"), max_length=200, blank=True)
    briefed_on = models.DateField(_("告知监护职责日期"), null=True, blank=True)
    since = models.DateField(_("照护起始"), null=True, blank=True)
    until = models.DateField(_("照护结束"), null=True, blank=True)

    objects = GuardianQuerySet.as_manager()

    class Meta:
        verbose_name = _("实际监护人")
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(until=None), name="one_guardian_at_a_time"),
        ]
        indexes = [
            # the other children of who cares now (registry.twins)
            models.Index(
                fields=["id_index", "child"], name="guardian_by_number", condition=Q(until=None) & ~Q(id_index="")
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Also tells the file who cares for the child now, whichever guardian this is."""
        super().save(*args, **kwargs)
        had = bool(self.child.guardian_name)
        now = self if self.until is None else self.child.guardians.current().first()
        changed = (now or Guardian()).mark(self.child)
        self.child.updated_at = timezone.now()
        ChildFile.objects.filter(pk=self.child_id).update(**changed, updated_at=self.child.updated_at)
        if "guardian_name" in changed:
            keep_spellings(self.child, of_carer=True, had=had)

    def mark(self, file: ChildFile) -> dict[str, str]:
        """Set on ``file`` what it is found by of this guardian, and return what of it is new. Whoever writes guardians
        without ``save`` calls this."""
        found_by = {
            "guardian_name": self.name,
            "guardian_pinyin": name_pinyin(self.name),
            "guardian_phone_index": blind_index(self.phone, "phone"),
            "guardian_phone_tail": tail_index(self.phone, "phone"),
        }
        changed = {column: value for column, value in found_by.items() if getattr(file, column) != value}
        for column, value in changed.items():
            setattr(file, column, value)
        return changed


def current_guardian(child: ChildFile) -> Guardian | None:
    """Who cares for ``child`` now. Asks nothing where the child's guardians were fetched with it, else one query."""
    return next((guardian for guardian in child.guardians.all() if guardian.until is None), None)
