"""What a post was told, and the digests that went out."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.posts.models import Appointment

KEY_LONGEST = 80  # a record and the occasion


class MessageQuerySet(models.QuerySet):
    def of(self, post: Appointment | None) -> Self:
        """The messages of ``post``: nobody else sees them, its person in another post neither."""
        return self.filter(recipient=post.pk) if post else self.none()

    def unread(self) -> Self:
        """Those that count: not read, and their matter is still open. Served by inbox_unread, by the index alone."""
        return self.filter(read_at=None, settled_at=None)

    def done_with(self) -> Self:
        """Those that do not count any more."""
        return self.exclude(read_at=None, settled_at=None)


class Message(models.Model):
    """One message to one post. It holds no words and nothing of a child: ``record`` is the key of what it is about, and
    its kind (``orgs.inbox.kinds``) says it in words to who reads it, as far as that post may know.

    ``key``: the occasion; of one kind a post is told of an occasion once. ``settled_at``: when it was seen that its
    matter needs nobody any more, although nobody had read it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=40)
    key = models.CharField(max_length=KEY_LONGEST)
    recipient = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+", db_index=False)
    record = models.UUIDField()
    sent_at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("读过"), null=True)
    settled_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("站内信")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "recipient"], name="told_once_of_an_occasion"),
        ]
        indexes = [
            # the badge of every page: counted by the index alone
            models.Index(
                fields=["recipient", "-sent_at", "-id"],
                name="inbox_unread",
                condition=Q(read_at=None, settled_at=None),
            ),
            # the list, newest first
            models.Index(fields=["recipient", "-sent_at", "-id"], name="inbox_of_post"),
            # those of a kind whose matter may be settled by now
            models.Index(fields=["kind", "record"], name="inbox_open", condition=Q(read_at=None, settled_at=None)),
        ]


class DigestChannel(models.TextChoices):
    MAIL = "mail", _("邮件")
    WEBHOOK = "webhook", _("接口推送")


class Digest(models.Model):
    """The digest of one day for one person by one channel: that it went out, and how often that was tried."""

    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=8, choices=DigestChannel)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("每日摘要")
        constraints = [
            models.UniqueConstraint(fields=["person", "day", "channel"], name="one_digest_a_person_a_day"),
        ]
        indexes = [models.Index(fields=["day"], name="digest_unsent", condition=Q(sent_at=None))]


class DigestChoice(models.Model):
    """How a person wants the digest; who never chose gets it where the account has a mail address."""

    person = models.OneToOneField("orgs.Person", models.CASCADE, primary_key=True, related_name="+")
    wanted = models.BooleanField(_("每天收一封摘要"), default=True)
    email = models.EmailField(_("邮箱"), blank=True)

    class Meta:
        verbose_name = _("摘要的选择")
