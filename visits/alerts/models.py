"""A mandatory report of danger to a child (紧急报告), and what was done about it."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.text.words import Words
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from visits.alerts import codes
from visits.visit.receipt import receipt_of

# the registry's own clock: the law says at once (未成年人保护法 art. 11)
HANDLED_WITHIN_HOURS = 24
HANDLED_WITHIN = datetime.timedelta(hours=HANDLED_WITHIN_HOURS)
OUTCOME = ("outcome", "grounds", "placement", "closed_at")  # what closing writes
ACKNOWLEDGED_WITHIN = datetime.timedelta(hours=1)


def screened_in_words(question: str) -> str:
    """What the urgent screen found: its question and the yes."""
    return gettext("%(question)s是") % {"question": question}


class AlertState(models.TextChoices):
    RAISED = "raised", _("待签收")
    HANDLED = "handled", _("处置中")
    CLOSED = "closed", pgettext_lazy("alert", "已办结")


class AlertQuerySet(ScopedQuerySet):
    def open_to(self, post: Appointment) -> Self:
        """Reports that ``post`` may read: where it has the duty, by the place reported from or the one that keeps the
        child's file now, and those it raised itself."""
        own = self.visible_to(post, "raise_alert").filter(made_by=post.person_id)
        files = ChildFile.objects.visible_to(post, "view_alert")
        return own | self.visible_to(post, "view_alert") | self.filter(child__in=files.values("pk"))

    def open(self) -> Self:
        return self.exclude(state=AlertState.CLOSED)

    def unacknowledged(self) -> Self:
        """Nobody signed for it yet. Served by alert_raised."""
        return self.filter(state=AlertState.RAISED)

    def late(self, now: datetime.datetime) -> Self:
        """Past HANDLED_WITHIN, and nothing done for the child."""
        return self.open().filter(handled_at=None, clock_from__lt=now - HANDLED_WITHIN)

    def newest_first(self) -> Self:
        return self.order_by("-made_at", "-id")


class Alert(Placed):
    """``id`` comes from the form: sent twice, it is one report. Never deleted: its events and steps hold it.

    Placed where it was reported; ``child`` is missing where nobody knows the child, then ``child_words`` and ``where``
    tell what is known. ``clock_from``: HANDLED_WITHIN runs from here, anew after a reopening.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, null=True, blank=True, related_name="alerts")
    # the merged file that was named, where ``child`` is another one: undoing the merge gives it back
    sent_for = models.ForeignKey(ChildFile, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    child_words = EncryptedTextField(_("孩子是谁"))
    where = EncryptedTextField(_("在哪里"))
    situations = models.JSONField(_("看到了什么"), default=list)
    # of a report that the urgent screen of an assessment opened: what it asked, in the city's words; shown instead of
    # the situation that goes with the question, until a person says which one it is
    screened = models.CharField(
        _("紧急筛查的问题"), max_length=100, blank=True, default="", db_default="", editable=False
    )
    seen = EncryptedTextField(_("经过"))
    found_at = models.DateTimeField(_("发现时间"), default=timezone.now)
    told_by = EncryptedTextField(_("谁告诉的"))
    # the call to 110
    call = models.CharField(_("报警"), max_length=10, choices=codes.Call)
    called_at = models.DateTimeField(_("报警时间"), null=True, blank=True)
    police_unit = models.CharField(_("接警单位"), max_length=60, blank=True)
    police_receipt = models.CharField(_("报警回执号"), max_length=40, blank=True)
    # how far it is
    state = models.CharField(_("状态"), max_length=10, choices=AlertState, default=AlertState.RAISED)
    version = models.PositiveIntegerField(default=1)
    clock_from = models.DateTimeField(default=timezone.now, editable=False)
    township_at = models.DateTimeField(_("乡镇签收时间"), null=True, editable=False)
    county_at = models.DateTimeField(_("县级签收时间"), null=True, editable=False)
    handled_at = models.DateTimeField(_("首次处置时间"), null=True, editable=False)
    answered_at = models.DateTimeField(_("答复报告人时间"), null=True, editable=False)
    # the level (2 county, 1 city) that was told again because nobody signed
    escalated_to = models.PositiveSmallIntegerField(null=True, editable=False)
    outcome = models.CharField(_("结果"), max_length=16, choices=codes.Outcome, blank=True)
    grounds = models.JSONField(_("监护情形"), default=list, blank=True)
    placement = models.CharField(_("安置方式"), max_length=12, choices=codes.Placement, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("报告时间"), default=timezone.now)

    whose: str  # put on a row that is shown: the child as its reader may read of it (presentation.child_name_for)

    STATE_TONES = {"raised": "danger", "handled": "warm", "closed": "ok"}

    objects: ClassVar = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("紧急报告")
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False) | Q(child_words__isnull=False), name="alert_names_a_child"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="alert_closed_with_outcome",
            ),
        ]
        indexes = [
            # newest_first() within a scope
            models.Index(fields=["city", "-made_at", "-id"], name="alert_city_newest"),
            models.Index(fields=["county", "-made_at", "-id"], name="alert_county_newest"),
            models.Index(fields=["township", "-made_at", "-id"], name="alert_township_newest"),
            models.Index(fields=["village", "-made_at", "-id"], name="alert_village_newest"),
            # what nobody signed for: looked at every minute
            models.Index(fields=["made_at"], name="alert_raised", condition=Q(state="raised")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What is said outside the registry instead of a name: ``20261126-3F2K``."""
        return f"{timezone.localtime(self.made_at):%Y%m%d}-{receipt_of(self.id)}"

    @property
    def situation_labels(self) -> list[Words]:
        """What was said: the situations, or the question of the urgent screen to which the answer was yes."""
        if self.screened:
            return [screened_in_words(self.screened)]
        return [codes.Situation(code).label for code in self.situations]

    @property
    def ground_labels(self) -> list[Words]:
        words = dict(codes.GROUND_CHOICES)
        return [words[code] for code in self.grounds]

    @property
    def due_at(self) -> datetime.datetime:
        """Until when something must have been done."""
        return self.clock_from + HANDLED_WITHIN

    @property
    def was_called(self) -> bool:
        return self.call in codes.CALLED

    def late(self, now: datetime.datetime | None = None) -> bool:
        """Whether nothing was done in time; stays true when something was done too late."""
        return (self.handled_at or now or timezone.now()) > self.due_at


class AlertEvent(Event):
    """Free text stands sealed in the steps, never here. Without a person: the clock did it."""

    record = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    # here both may be missing
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]


class AlertStep(models.Model):
    """One thing that was done or learnt. Rows are only ever added."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="steps")
    kind = models.CharField(_("做了什么"), max_length=12, choices=codes.StepKind)
    organ = models.CharField(_("部门"), max_length=14, choices=codes.Organ, blank=True)
    text = EncryptedTextField(_("说明"))
    done_at = models.DateTimeField(_("时间"), default=timezone.now)
    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("紧急报告处置")
        ordering = ["at", "id"]
