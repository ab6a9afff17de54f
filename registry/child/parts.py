"""The sections of a file that are columns of the child's one row: a change, a history entry and a page read one row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import BlindIndexField, EncryptedTextField
from childwelfare.security.tails import TailIndexField
from childwelfare.text.pinyin import ORDER_LENGTH
from registry.child import codes


class Identity(models.Model):
    """基本信息: who the child is and where it is registered and lives."""

    name = models.CharField(_("姓名"), max_length=50)
    given_name = models.CharField(max_length=50, blank=True, editable=False)
    pinyin = models.CharField(max_length=100, blank=True, editable=False)
    initials = models.CharField(max_length=40, blank=True, editable=False)
    name_order = models.CharField(max_length=ORDER_LENGTH, blank=True, default="", db_default="", editable=False)
    sex = models.CharField(_("性别"), max_length=6, choices=codes.Sex)
    birth_date = models.DateField(_("出生日期"))
    nation = models.CharField(_("民族"), max_length=2, choices=codes.NATIONS, default="01")
    id_number = EncryptedTextField(_("身份证号"))
    id_index = BlindIndexField(source="id_number", label="id_number")
    id_tail = TailIndexField(source="id_number", label="id_number")
    no_id_reason = models.CharField(_("没有身份证号的原因"), max_length=12, choices=codes.NoIdReason, blank=True)
    registration = models.CharField(_("户口性质"), max_length=6, choices=codes.Registration, blank=True)
    registered_at = models.CharField(_("户籍地址"), max_length=120, blank=True)
    registered_region = models.CharField(_("户籍所在县（市、区）代码"), max_length=6, blank=True)
    here_since = models.DateField(_("来现住地居住的日期"), null=True, blank=True)
    residence_permit = models.CharField(
        _("居住证"), max_length=8, choices=codes.ResidencePermit, blank=True, default="", db_default=""
    )
    address = models.CharField(_("现住址（组、门牌）"), max_length=120, blank=True)
    phone = EncryptedTextField(_("联系电话"))
    phone_index = BlindIndexField(source="phone", label="phone")
    phone_tail = TailIndexField(source="phone", label="phone")

    class Meta:
        abstract = True


class SearchedGuardian(models.Model):
    """What a file is found by of who cares for the child now: one row then answers a search. Only Guardian.save
    writes these."""

    guardian_name = models.CharField(max_length=50, blank=True, editable=False)
    guardian_pinyin = models.CharField(max_length=100, blank=True, editable=False)
    guardian_phone_index = models.CharField(max_length=32, blank=True, editable=False)
    guardian_phone_tail = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        abstract = True


class Household(models.Model):
    """家庭: how the family lives; its people are FamilyMember rows."""

    incomes = models.JSONField(_("家庭经济来源"), default=list, blank=True)
    relief = models.JSONField(_("救助帮扶"), default=list, blank=True)
    low_income = models.CharField(_("低收入情形"), max_length=16, choices=codes.LowIncome, blank=True)
    guardianship = models.CharField(_("监护情况"), max_length=4, choices=codes.Guardianship, blank=True)
    guardianship_kind = models.CharField(_("监护类型"), max_length=16, choices=codes.GuardianshipKind, blank=True)
    flags_sealed = EncryptedTextField(_("其他情形"))
    # files of one family carry the same mark: what is changed in one is offered to the others
    family_uid = models.UUIDField(null=True, blank=True, db_index=True, editable=False)

    class Meta:
        abstract = True

    @property
    def flags(self) -> list[str]:
        """Codes of codes.Flag."""
        return self.flags_sealed.split(",") if self.flags_sealed else []

    @flags.setter
    def flags(self, flags: list[str]):
        self.flags_sealed = ",".join(sorted(flags))


class SchoolLife(models.Model):
    """就学."""

    schooling = models.CharField(_("就学情况"), max_length=14, choices=codes.Schooling, blank=True)
    school = models.CharField(_("学校"), max_length=60, blank=True)
    grade = models.CharField(_("年级"), max_length=20, blank=True)
    boarding = models.BooleanField(_("寄宿"), null=True, blank=True)
    out_of_school_since = models.DateField(_("离校日期"), null=True, blank=True)
    out_of_school_reason = models.CharField(_("离校原因"), max_length=60, blank=True)

    class Meta:
        abstract = True


class BodyHealth(models.Model):
    """健康与残疾."""

    health = models.CharField(_("身体情况"), max_length=8, choices=codes.Health, blank=True)
    disability = models.CharField(_("残疾类别"), max_length=1, choices=codes.Disability, blank=True)
    disability_grade = models.CharField(_("残疾等级"), max_length=1, choices=codes.DisabilityGrade, blank=True)
    disability_certificate = EncryptedTextField(_("残疾证号"))
    illness = models.CharField(_("疾病名称"), max_length=60, blank=True)
    serious_illness = models.BooleanField(_("重病"), default=False)
    insurance = models.CharField(_("医疗保险"), max_length=10, choices=codes.Insurance, blank=True)

    class Meta:
        abstract = True
