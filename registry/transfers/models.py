"""A child's file on its way from one village to another."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from orgs.access.scope import ScopedQuerySet
from registry.child.models import ChildFile


class TransferState(models.TextChoices):
    ASKED = "asked", _("等待接收")
    ACCEPTED = "accepted", _("已接收")
    REFUSED = "refused", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class TransferQuerySet(ScopedQuerySet):
    """``visible_to`` on ``objects`` goes by the sender's village, on ``arriving`` by the receiver's."""

    via = "origin__"

    def open(self) -> Self:
        return self.filter(state=TransferState.ASKED)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class ArrivingQuerySet(TransferQuerySet):
    via = "target__"


class Transfer(models.Model):
    """Asked for by who holds the file, answered by who answers for ``target``. Until then the file stays where it is.

    One rule for every distance: whoever holds accept_transfer over the target village may take the child in, which
    is its station or its county.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="transfers")
    origin = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    target = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    reason = models.CharField(_("转出原因"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=TransferState, default=TransferState.ASKED)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    answered_on = models.DateField(null=True)

    STATE_TONES = {"asked": "warm", "accepted": "ok"}

    objects = TransferQuerySet.as_manager()
    arriving = ArrivingQuerySet.as_manager()

    class Meta:
        verbose_name = _("转出转入")
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(state="asked"), name="one_open_transfer_per_child")
        ]
        indexes = [
            # newest_first() of one side
            models.Index(fields=["origin", "-made_at", "-id"], name="transfer_out"),
            models.Index(fields=["target", "-made_at", "-id"], name="transfer_in"),
        ]


class TransferEvent(Event):
    record = models.ForeignKey(Transfer, models.PROTECT, related_name="events")
