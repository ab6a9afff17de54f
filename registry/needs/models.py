"""A need of a child (需求): who holds it since when, until when, what was done, and what came of it."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from childwelfare.security.fields import EncryptedTextField
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from orgs.units.models import Level
from registry.child.models import ChildFile
from registry.needs import codes


class NeedState(models.TextChoices):
    OPEN = "open", _("在办")
    SETTLED = "settled", pgettext_lazy("need", "已办结")
    ENDED = "ended", _("随结案结束")
    VOID = "void", _("记错已撤销")


class NeedQuerySet(ScopedQuerySet):
    def open_to(self, post: Appointment) -> Self:
        """Those that ``post`` may read: within its reach; for the city, which goes by figures, what it holds or once
        held, and what a county settled that left the family dissatisfied: it is told, and may have it reopened."""
        found = self.visible_to(post, "view_need")
        if post.unit.level != Level.CITY:
            return found
        own = post.unit.own_keys
        held = Exists(NeedEvent.objects.filter(record=OuterRef("pk"), holder__in=own))
        left_unhappy = Q(satisfaction=codes.Satisfaction.NOT, holder__level=Level.COUNTY)
        return found.filter(Q(holder__in=own) | left_unhappy | held)

    def held_by(self, post: Appointment) -> Self:
        """What is open and held by the unit of ``post``, for who handles needs there."""
        return self.visible_to(post, "handle_need").open().filter(holder__in=post.unit.own_keys)

    def open(self) -> Self:
        return self.filter(state=NeedState.OPEN)

    def overdue(self, on: datetime.date | None = None) -> Self:
        """Open past their last day."""
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def unsatisfied(self) -> Self:
        """Settled, and the family is not content. Served by need_county_unsatisfied."""
        return self.filter(satisfaction=codes.Satisfaction.NOT)

    def most_urgent_first(self) -> Self:
        return self.order_by("due_on", "found_on", "id")


class Need(Placed):
    """``id`` comes from the form or the phone: sent twice, it is one need. Placed with the child's file; it is held by
    ``holder``, the village or a unit above it, since ``held_since``, and there by ``owner``, if somebody took it.

    ``source`` says where it was found, ``source_id`` which record (of the model that the source names). ``due_on`` is
    the holder's last day; a date that was moved keeps the old one in its event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="needs")
    # the merged file that was named, where ``child`` is another one: undoing the merge gives it back
    sent_for = models.ForeignKey(ChildFile, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    kind = models.CharField(_("需要什么"), max_length=30, choices=codes.Kind)
    system = models.CharField(_("体系"), max_length=12, choices=codes.System, editable=False)
    urgency = models.CharField(_("紧急程度"), max_length=8, choices=codes.Urgency, default=codes.Urgency.NORMAL)
    words = EncryptedTextField(_("具体情况"))
    source = models.CharField(_("从哪里发现"), max_length=12, choices=codes.Source)
    source_id = models.UUIDField(null=True, blank=True, editable=False)
    found_on = models.DateField(_("发现日期"))
    holder = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="needs_held", verbose_name=_("现在谁在办"))
    owner = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, blank=True, related_name="needs_owned")
    held_since = models.DateTimeField(_("何时起"), default=timezone.now)
    due_on = models.DateField(_("应办结日期"))
    state = models.CharField(_("状态"), max_length=8, choices=NeedState, default=NeedState.OPEN)
    version = models.PositiveIntegerField(default=1)
    outcome = models.CharField(_("结果"), max_length=12, choices=codes.Outcome, blank=True)
    outcome_words = EncryptedTextField(_("结果说明"))
    satisfaction = models.CharField(_("家庭是否满意"), max_length=10, choices=codes.Satisfaction, blank=True)
    settled_on = models.DateField(_("办结日期"), null=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    STATE_TONES = {"open": "brand", "settled": "ok"}
    # joined, a page, a move or a list asks nothing more of one
    PLACES = ("city", "county", "township", "village", "holder", "owner__person", "made_in__unit", "made_by", "child")

    objects: ClassVar = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("需求")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(outcome=""),
                name="need_ended_with_outcome",
            ),
        ]
        indexes = [
            # what a unit holds, most urgent first
            models.Index(fields=["holder", "due_on", "id"], name="need_held", condition=Q(state="open")),
            # what a person took
            models.Index(fields=["owner", "due_on", "id"], name="need_owned", condition=Q(state="open")),
            # one child's
            models.Index(fields=["child", "-found_on", "-id"], name="need_of_child"),
            # most_urgent_first() of what is open within a scope
            models.Index(fields=["county", "due_on", "id"], name="need_county_open", condition=Q(state="open")),
            models.Index(fields=["township", "due_on", "id"], name="need_township_open", condition=Q(state="open")),
            models.Index(fields=["village", "due_on", "id"], name="need_village_open", condition=Q(state="open")),
            # unsatisfied() within a scope
            models.Index(
                fields=["county", "due_on", "id"], name="need_county_unsatisfied", condition=Q(satisfaction="not")
            ),
            # what is overdue anywhere: looked at each morning
            models.Index(fields=["due_on"], name="need_open_due", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.get_kind_display()}"


class NeedEvent(Event):
    """What a move did: ``holder``, ``owner`` and ``due_on`` as they were after it. Without a person: the calendar did
    it. The reason of a move that is told to others stands here; what is said of the child stands sealed in the
    steps."""

    record = models.ForeignKey(Need, models.PROTECT, related_name="events")
    # here both may be missing
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    holder = models.ForeignKey("orgs.OrgUnit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    # of a settling and what follows it: the need itself forgets them when it is reopened
    outcome = models.CharField(max_length=12, choices=codes.Outcome, blank=True, default="", db_default="")
    satisfaction = models.CharField(
        max_length=10, choices=codes.Satisfaction, blank=True, default="", db_default=""
    )  # fmt: skip

    # taking a settling back concerns the same holder and day
    facts = ("holder_id", "owner_id", "due_on")

    class Meta(Event.Meta):
        indexes = [models.Index(fields=["holder", "record"], name="need_event_holder")]  # what a unit once held


class NeedStep(models.Model):
    """One thing that was done for a need. Rows are only ever added."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="steps")
    service = models.CharField(_("做了什么"), max_length=16, choices=codes.Service)
    text = EncryptedTextField(_("说明"))
    done_on = models.DateField(_("日期"))
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("需求办理记录")
        ordering = ["done_on", "made_at", "id"]
