"""What phones sent: each item once, with its verdict, and when each phone was last heard of."""

import datetime
import json
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.security.sealing import Unsealable
from childwelfare.text.days import short_day
from orgs.access.scope import Placed, ScopedQuerySet

CLOCK_OFF = datetime.timedelta(minutes=10)  # from here on a phone's clock is told to be wrong


class SyncVerdict(models.TextChoices):
    """What became of an item. The first four are kept; the others leave it with the phone."""

    ACCEPTED = "accepted", _("已送达")
    GONE = "gone", _("已交给现在负责的工作站")
    ALREADY = "already", _("早已送达")
    CONFLICT = "conflict", _("服务器上已改过")
    REFUSED = "refused", _("没有收下")
    LATER = "later", _("稍后再试")


class SyncItemQuerySet(ScopedQuerySet):
    def answer_of(self, pk: Any) -> Self:
        """One item with what a phone is told of it."""
        return self.filter(pk=pk).only("person", "hash", "verdict", "receipt", "reason")

    def handed_over_by(self, person: Any, *, since: datetime.datetime) -> Self:
        """Served by sync_of_person."""
        return self.filter(person=person, arrived_at__gte=since, verdict=SyncVerdict.GONE)

    def waiting(self) -> Self:
        """Handed over and not yet dealt with, oldest first. Served by sync_handed_over."""
        return self.filter(verdict=SyncVerdict.GONE, settled_at=None).order_by("arrived_at", "id")


class SyncItem(Placed):
    """One item that was taken over from a phone, under the id that the phone gave it.

    ``made_at`` is by the server's clock, as far as the phone told its own: ``clock_ahead`` seconds, when it sent.
    ``hash``: SHA-256 of the text as it was sent; the same id with another text is refused. ``payload`` is kept only
    of what was handed over (verdict ``gone``): the place is then that of the child, whose station looks at it.
    """

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=40)
    clock_ahead = models.IntegerField(default=0, db_default=0)  # seconds
    app = models.CharField(_("应用版本"), max_length=40)
    kind = models.CharField(max_length=20)
    hash = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=SyncVerdict)
    receipt = models.CharField(_("回执"), max_length=12)
    record = models.UUIDField(null=True)
    payload = EncryptedTextField(_("内容"), blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("手机上的时间"))
    arrived_at = models.DateTimeField(_("送达时间"), default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")

    objects: ClassVar = SyncItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("手机送来的记录")
        indexes = [
            models.Index(
                fields=["township", "arrived_at", "id"],
                name="sync_handed_over",
                condition=Q(verdict="gone", settled_at=None),
            ),
            models.Index(fields=["person", "-arrived_at"], name="sync_of_person"),
        ]

    @property
    def child_id(self) -> uuid.UUID | None:
        """Whom it is about, of what was handed over, where it says so: the trail names the child."""
        try:
            return uuid.UUID(json.loads(self.payload)["child"])
        except (ValueError, TypeError, KeyError, AttributeError, Unsealable):
            return None

    @property
    def clock_off(self) -> bool:
        """Whether the phone's clock was wrong: it said so when it sent, or the item was made after it arrived."""
        ahead = datetime.timedelta(seconds=self.clock_ahead)
        return abs(ahead) > CLOCK_OFF or self.made_at - self.arrived_at > CLOCK_OFF


class SyncPhoneQuerySet(models.QuerySet):
    def to_be_wiped(self) -> Self:
        """Ordered and not yet told back. Served by sync_phone_to_wipe."""
        return self.filter(wipe_key__isnull=False, wiped_at=None)


class SyncPhone(models.Model):
    """A phone in the hands of somebody in a post: when it was heard of, and what it said it still holds.

    ``wipe_key``: an order to wipe what the phone holds for this post; the phone tells it back when that is done.
    """

    post = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="phones")
    device = models.CharField(max_length=40)
    app = models.CharField(_("应用版本"), max_length=40)
    pulled_at = models.DateTimeField(_("最近取数"), null=True)
    sent_at = models.DateTimeField(_("最近发送"), null=True)
    unsent = models.PositiveIntegerField(_("还没有发送"), default=0)
    refused = models.PositiveIntegerField(_("没有收下的次数"), default=0)
    wipe_key = models.UUIDField(null=True, unique=True, editable=False)
    wipe_asked_at = models.DateTimeField(_("要求清除的时间"), null=True, editable=False)
    wipe_asked_by = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, editable=False, related_name="+")
    wipe_reason = models.CharField(_("清除的原因"), max_length=200, blank=True, editable=False)
    wiped_at = models.DateTimeField(_("清除的时间"), null=True, editable=False)

    objects = SyncPhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("手机")
        constraints = [models.UniqueConstraint(fields=["post", "device"], name="one_row_a_post_and_phone")]
        indexes = [
            models.Index(
                fields=["device"], name="sync_phone_to_wipe", condition=Q(wipe_key__isnull=False, wiped_at=None)
            ),
        ]

    @property
    def heard_at(self) -> datetime.datetime | None:
        return max((at for at in (self.pulled_at, self.sent_at) if at), default=None)

    @property
    def name(self) -> str:
        """What tells the phones of one director apart, to people: a lost one was last heard of when it was lost."""
        if self.heard_at is None:
            return gettext("还没有联系过")
        heard = timezone.localtime(self.heard_at)
        at = f"{short_day(heard.date())} {heard:%H:%M}"
        return gettext("最近联系 %(at)s") % {"at": at}
