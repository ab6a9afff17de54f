"""The meeting of a station or a county about needs of children (会商), as a record with its decisions."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from orgs.access.scope import InUnit, ScopedQuerySet
from registry.needs.models import Need


class Decision(models.TextChoices):
    """What was decided of a need; each is the move of the same name, but for the first."""

    GO_ON = "go_on", _("继续办理")
    HAND_ON = "pass_down", _("交下级办理")
    PASS_UP = "pass_up", _("报上级办理")
    SETTLE = "settle", _("办结")


class MeetingQuerySet(ScopedQuerySet):
    via = "unit__"


class Meeting(InUnit):
    """``id`` comes from the form: sent twice, it is one meeting. What was written down is not altered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("会商日期"))
    place = models.CharField(_("地点"), max_length=60, blank=True)
    chair = models.CharField(_("主持人"), max_length=50)
    present = models.CharField(_("参加人和单位"), max_length=300)
    text = EncryptedTextField(_("会商情况"))
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会商")
        indexes = [models.Index(fields=["unit", "-held_on", "-id"], name="meeting_of_unit")]


class MeetingItem(models.Model):
    """What a meeting decided of one need: who does what by when."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    need = models.ForeignKey(Need, models.PROTECT, related_name="meeting_items")
    decision = models.CharField(_("决定"), max_length=10, choices=Decision)
    text = EncryptedTextField(_("谁做什么"))
    by_on = models.DateField(_("何时前"), null=True, blank=True)

    class Meta:
        verbose_name = _("会商决定")
        constraints = [models.UniqueConstraint(fields=["meeting", "need"], name="meeting_item_once")]
