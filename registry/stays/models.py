"""A child lives elsewhere for a while: the host village visits, the home village keeps the file and the count."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from registry.child.id_number import masked_phone
from registry.child.models import HOSTED, ChildFile


class StayState(models.TextChoices):
    ANNOUNCED = "announced", _("已登记")
    RUNNING = "running", _("暂住中")
    ENDED = "ended", _("已结束")


class StayEnd(models.TextChoices):
    """Which way a stay came to its end."""

    HOME = "home", _("档案所在地结束")
    HOST = "host", _("暂住地结束")
    UNTIL = "until", _("到期")
    CLOSED = "closed", _("结案")
    MOVED = "moved", _("转出")
    MERGED = "merged", _("合并")


class StayQuerySet(ScopedQuerySet):
    """``visible_to`` on ``objects`` goes by the host village, on ``away`` by the village that keeps the file."""

    def open(self) -> Self:
        """Running, or to begin on a day to come."""
        return self.filter(ended_on=None)

    def in_force(self) -> Self:
        """The host has the child to visit now, and so may open the file. Served by stay_hosted_*."""
        return self.filter(begun_on__isnull=False, ended_on=None)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class AwayQuerySet(StayQuerySet):
    via = "child__"


class Stay(Placed):
    """Placed at the host village, whoever keeps the file.

    ``since`` is the day the child went, ``until`` the day it is expected back, if one is known. ``begun_on`` is the
    day on which the duty to visit passed to the host: ``since``, or the day the stay was registered where that came
    later, for nobody owes visits for days on which nobody could know of them. ``ended_on`` is the first day on which
    the home village owes them again. ``state`` says the same in one word: the database itself works it out from the two
    days, so that neither can contradict the other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="stays")
    since = models.DateField(_("暂住起"))
    until = models.DateField(_("预计返回日期"), null=True, blank=True)
    reason = models.CharField(_("暂住原因"), max_length=200)
    address = models.CharField(_("暂住住址"), max_length=120, blank=True)
    host_name = models.CharField(_("与谁同住"), max_length=50, blank=True)
    host_phone = EncryptedTextField(_("同住人电话"))
    begun_on = models.DateField(_("由暂住地走访起"), null=True, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    ended_by = models.CharField(_("怎样结束"), max_length=8, choices=StayEnd, blank=True)
    end_reason = models.CharField(_("结束说明"), max_length=200, blank=True)
    state = models.GeneratedField(
        expression=Case(
            When(ended_on__isnull=False, then=Value("ended")),
            When(begun_on__isnull=False, then=Value("running")),
            default=Value("announced"),
        ),
        output_field=models.CharField(max_length=9),
        db_persist=True,
        verbose_name=_("状态"),
        choices=StayState,
    )
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects: ClassVar = StayQuerySet.as_manager()
    away = AwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("临时居住")
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(ended_on=None), name="one_open_stay_per_child"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="stay_until_after_since"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(begun_on=None) | Q(ended_on__gte=F("begun_on")),
                name="stay_ends_after_it_begins",
            ),
        ]
        indexes = [
            # in_force() within a scope: a look that nearly always finds nothing
            models.Index(fields=["village", "child"], name="stay_hosted_village", condition=Q(ended_on=None)),
            models.Index(fields=["township", "child"], name="stay_hosted_township", condition=Q(ended_on=None)),
            models.Index(fields=["county", "child"], name="stay_hosted_county", condition=Q(ended_on=None)),
        ]

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.host_phone)

    @property
    def in_force(self) -> bool:
        return self.begun_on is not None and self.ended_on is None


class StayEvent(Event):
    record = models.ForeignKey(Stay, models.PROTECT, related_name="events")


def stay_of(file: ChildFile) -> Stay | None:
    """The open stay of ``file``'s child, with the host's place."""
    return file.stays.open().select_related("village__county", "village__township", "made_by").first()


def is_hosted_in_reach(post: Appointment, path: str) -> Exists:
    """That the child behind ``path`` stays where ``post`` may open files."""
    stays = Stay.objects.in_force().visible_to(post, "view_child")
    return Exists(stays.filter(child=OuterRef(path or "pk")))


def may_open(post: Appointment, permission: str, file: ChildFile) -> bool:
    """Whether ``post`` holds ``permission`` on ``file``: where it is kept or, for HOSTED, where the child stays now.

    The check that belongs to ``ChildFile.objects.open_to``: list and check say the same.
    """
    if post.may(permission, file):
        return True
    if permission not in HOSTED or not post.holds(permission):
        return False
    return any(post.may(permission, stay) for stay in file.stays.in_force())
