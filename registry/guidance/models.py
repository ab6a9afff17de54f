"""Advice given to a guardian, and the written agreement by which a guardian entrusts a child to somebody."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.text.words import Words
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from registry.child import codes as registry_codes
from registry.child.id_number import masked_phone
from registry.child.models import ChildFile
from registry.guidance import codes


class Guidance(Placed):
    """One talk with a guardian. ``id`` comes from the form: sent twice, it is the same talk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="guidance")
    given_on = models.DateField(_("日期"))
    guardian = models.CharField(_("对谁"), max_length=50)
    topics = models.JSONField(_("讲了什么"), default=list)
    advice = EncryptedTextField(_("具体建议"))
    agreed = models.BooleanField(_("监护人表示愿意做到"), null=True, blank=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("指导监护")
        # one child's talks, newest first
        indexes = [models.Index(fields=["child", "-given_on", "-id"], name="guidance_of_child")]

    @property
    def topic_labels(self) -> list[Words]:
        return [codes.Topic(code).label for code in self.topics]


class EntrustmentState(models.TextChoices):
    AGREED = "agreed", _("已签订")
    ENDED = "ended", _("已提前结束")


class EntrustmentQuerySet(ScopedQuerySet):
    def in_force(self, on: datetime.date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), until__gte=day, since__lte=day)

    def overlapping(self, since: datetime.date, until: datetime.date) -> Self:
        """Agreements that hold on a day from ``since`` to ``until``."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=since), since__lte=until, until__gte=since)


class Entrustment(Placed):
    """委托照护书 (未成年人保护法 art. 22, 23): who entrusts the child to whom, from when to when.

    ``until`` is the last day. The law asks for written notice to the school and to the village; a child outside school
    has nobody to be told there. The paper lies with the file's papers. ``state``: whether it was ended before its last
    day, worked out by the database from ``ended_on``; on which days it holds, the days alone say (``in_force``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="entrustments")
    by_name = models.CharField(_("委托人"), max_length=50)
    by_relation = models.CharField(_("委托人与孩子关系"), max_length=20, choices=registry_codes.Relation)
    reason = models.CharField(_("为什么委托"), max_length=200)
    carer_name = models.CharField(_("受托人"), max_length=50)
    carer_relation = models.CharField(_("受托人与孩子关系"), max_length=20, choices=registry_codes.Relation)
    carer_phone = EncryptedTextField(_("受托人电话"))
    child_heard = models.BooleanField(_("听取过孩子的意见"), null=True, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))
    signed_on = models.DateField(_("签订日期"))
    school_told_on = models.DateField(_("书面告知学校日期"), null=True, blank=True)
    village_told_on = models.DateField(_("书面告知村（居）委会日期"), null=True, blank=True)
    paper = models.ForeignKey("registry.Paper", models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(_("提前结束日期"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=200, blank=True)
    state = models.GeneratedField(
        expression=Case(When(ended_on__isnull=False, then=Value("ended")), default=Value("agreed")),
        output_field=models.CharField(max_length=6),
        db_persist=True,
        verbose_name=_("状态"),
        choices=EntrustmentState,
    )
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = EntrustmentQuerySet.as_manager()

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.carer_phone)

    class Meta:
        verbose_name = _("委托照护书")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="entrusted_until_after_since"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="entrustment_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["child", "-since", "-id"], name="entrustment_of_child")]

    @property
    def in_force(self) -> bool:
        day = timezone.localdate()
        return self.since <= day <= self.until and (self.ended_on is None or self.ended_on > day)

    @property
    def last_day(self) -> datetime.date:
        """Until when it holds, or held."""
        return self.until if self.ended_on is None else min(self.until, self.ended_on)

    @property
    def lacking(self) -> list[str]:
        """What the law or the file still asks of it, in words."""
        in_school = self.child.schooling in registry_codes.IN_SCHOOL
        asked = {
            _("没有书面告知学校"): in_school and self.school_told_on is None,
            _("没有书面告知村（居）委会"): self.village_told_on is None,
            _("没有上传委托照护书"): self.paper_id is None,
        }
        return [str(text) for text, lacks in asked.items() if lacks]


def agreement_of(child: ChildFile) -> Entrustment | None:
    """The agreement that tells to whom ``child`` is entrusted: the one in force, else the newest. Where there is one it
    is what holds; the period in the file's guardian is what was written there before one was registered. Asks nothing
    where the child's agreements were fetched with it, else one query."""
    newest_first = sorted(child.entrustments.all(), key=lambda each: (each.since, each.made_at), reverse=True)
    in_force = [agreement for agreement in newest_first if agreement.in_force]
    return next(iter(in_force or newest_first), None)


class EntrustmentEvent(Event):
    record = models.ForeignKey(Entrustment, models.PROTECT, related_name="events")
