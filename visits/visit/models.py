"""One patrol visit to a child."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from childwelfare.workflow.models import Event
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.periods.models import PastPeriod, PeriodEnd
from registry.stays.models import Stay
from visits.visit import codes, outcomes
from visits.visit.receipt import receipt_of


class VisitState(models.TextChoices):
    SUBMITTED = "submitted", _("待审核")
    ACCEPTED = "accepted", _("已通过")
    RETURNED = "returned", _("已退回")


class VisitQuerySet(ScopedQuerySet):
    def awaiting_review(self) -> Self:
        """The station's queue, oldest first. Served by visit_review_queue."""
        return self.filter(state=VisitState.SUBMITTED).order_by("visited_on", "id")

    def met_since(self, child: Any, day: Any) -> Self:
        """Visits of one child from ``day`` on that met it, oldest first, with what planning reads of them."""
        found = self.filter(child=child, visited_on__gte=day).seen()
        return found.only("visited_on", "made_at", "next_on").order_by("visited_on", "made_at", "pk")

    def of_key_or_child(self, pk: Any, *, child: Any, person: Any, after: Any) -> Self:
        """The visit ``pk``, and those to ``child`` that ``person`` sent after the moment ``after``."""
        return self.filter(Q(pk=pk) | Q(child=child, made_at__gt=after), made_by=person)

    def last_met(self, keys: Iterable[uuid.UUID]) -> dict:
        """{file: the day of its last accepted visit that met the child}, of the files ``keys``. One query."""
        met = self.filter(child__in=keys, state=VisitState.ACCEPTED).seen()
        return dict(met.order_by().values_list("child").annotate(day=Max("visited_on")))

    def seen(self) -> Self:
        """Visits that met the child and were not sent back: what counts as done."""
        return self.filter(outcome=codes.Outcome.SEEN).exclude(state=VisitState.RETURNED)

    def not_seen(self) -> Self:
        """Visits that did not meet the child and were not sent back."""
        return self.exclude(outcome=codes.Outcome.SEEN).exclude(state=VisitState.RETURNED)

    def newest_first(self) -> Self:
        return self.order_by("-visited_on", "-id")

    def made_as_host(self, post: Appointment, permission: str) -> Self:
        """Visits that the village of a stay, or its station, made to the child: they lie in a file kept elsewhere.
        Readable, and to be completed when sent back, by who made them, also after the stay."""
        stays = Stay.objects.visible_to(post, permission).filter(begun_on__isnull=False)
        return self.filter(_made_at(post, permission), child__in=stays.values("child"))

    def returned_after_move(self, post: Appointment, permission: str) -> Self:
        """Visits that were made here before the child was handed on, and that came back: who made them knows what was
        missing, and may still complete them. Those of ``visible_to`` are not among them but by chance."""
        periods = PastPeriod.objects.visible_to(post, permission).filter(ended_by=PeriodEnd.MOVED)
        made = self.filter(_made_at(post, permission), state=VisitState.RETURNED)
        return made.filter(child__in=periods.values("child"))

    def completed_after_move(self, post: Appointment, permission: str) -> Self:
        """Visits of ``returned_after_move`` that were completed since: who made or completed one still reads it, and a
        second sending learns that it arrived."""
        periods = PastPeriod.objects.visible_to(post, permission).filter(ended_by=PeriodEnd.MOVED)
        mine = Q(made_by=post.person_id) | Q(events__person=post.person_id)
        return self.filter(
            _made_at(post, permission),
            mine,
            events__action="resubmit",
            events__at__date__gte=F("child__past_periods__until"),
            child__past_periods__in=periods,
        )

    def without_those_of_others(self) -> Self:
        """Without the visits that another place made, in a stay or before the child was handed on: if one of them
        comes back, it is asked of that place (``returned_from_elsewhere``)."""
        unit = "made_in__unit__"
        elsewhere = Q(**{f"{unit}village__isnull": False}) & ~Q(**{f"{unit}village": F("village")})
        elsewhere |= ~Q(**{f"{unit}township": F("township")})
        had_it = {"child": OuterRef("child"), "township": OuterRef(f"{unit}township")}
        moved = Exists(PastPeriod.objects.filter(ended_by=PeriodEnd.MOVED, **had_it))
        hosted = Exists(Stay.objects.filter(begun_on__isnull=False, **had_it))
        return self.exclude(elsewhere & (moved | hosted))

    def returned_from_elsewhere(self, post: Appointment, permission: str) -> Self:
        """What was made here, lies in a file kept elsewhere, and came back: in a stay, or before the child was handed
        on."""
        hosted = self.made_as_host(post, permission).filter(state=VisitState.RETURNED).values("pk")
        moved = self.returned_after_move(post, permission).values("pk")
        return self.filter(Q(pk__in=hosted) | Q(pk__in=moved))

    def returned_to(self, post: Appointment, permission: str) -> Self:
        """What came back and is asked of ``post``: of its own files, and what it made in files kept elsewhere."""
        here = self.visible_to(post, permission).filter(state=VisitState.RETURNED).without_those_of_others()
        elsewhere = self.returned_from_elsewhere(post, permission)
        return self.filter(Q(pk__in=here.values("pk")) | Q(pk__in=elsewhere.values("pk")))

    def open_to(self, post: Appointment, permission: str) -> Self:
        """Visits that ``post`` may open one by one: of files it keeps, of children who stay there now, those it made
        itself while a child stayed, and those it made before a child was handed on and that came back, or were
        completed then. For a look-up by key, as ``ChildFile.objects.open_to``."""
        hosted = ChildFile.objects.hosted_at(post, permission).values("pk")
        made = self.made_as_host(post, permission).values("pk")
        before = self.returned_after_move(post, permission).values("pk")
        completed = self.completed_after_move(post, permission).values("pk")
        opened = self.visible_to(post, permission) | self.filter(child__in=hosted)
        return opened | self.filter(Q(pk__in=made) | Q(pk__in=before) | Q(pk__in=completed))


def _made_at(post: Appointment, permission: str) -> Q:
    """Visits made by the village or station at which ``post`` holds ``permission``."""
    made = Q(pk__in=[])
    for tier, ids in post.units_granting(permission).items():
        made |= Q(**{f"made_in__unit__{tier}__in": ids})
    return made


class Visit(Placed):
    """A visit as the director logged it. ``id`` comes from the form, so that a second sending is the same visit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("registry.ChildFile", models.PROTECT, related_name="visits")
    visited_on = models.DateField(_("走访日期"))
    method = models.CharField(_("走访方式"), max_length=8, choices=codes.Method, default=codes.Method.HOME)
    outcome = models.CharField(_("走访结果"), max_length=16, choices=codes.Outcome, default=codes.Outcome.SEEN)
    # where the child was not met
    whereabouts = models.CharField(_("去向或对方的话"), max_length=200, blank=True)
    next_step = models.CharField(_("下一步"), max_length=16, choices=codes.NextStep, blank=True)
    late_reason = models.CharField(_("补录原因"), max_length=100, blank=True)
    # who was met
    met = models.CharField(_("见到谁"), max_length=50, blank=True)
    met_relation = models.CharField(_("与儿童关系"), max_length=30, blank=True)
    seen_alone = models.BooleanField(_("单独见过孩子"), null=True, blank=True)
    parent_contact_on = models.DateField(_("父母最近一次联系"), null=True, blank=True)
    # what was found
    carer = models.CharField(_("实际照看人"), max_length=8, choices=codes.Carer, blank=True)
    carer_note = models.CharField(_("照看人说明"), max_length=100, blank=True)
    carer_ability = models.CharField(
        _("照看能力"), max_length=10, choices=codes.CarerAbility, blank=True, default="", db_default=""
    )
    care = models.CharField(_("照看情况"), max_length=4, choices=codes.Level, blank=True)
    living = models.CharField(_("吃穿住用"), max_length=4, choices=codes.Level, blank=True)
    attendance = models.CharField(_("上学"), max_length=10, choices=codes.Attendance, blank=True)
    health = models.CharField(_("身体"), max_length=4, choices=codes.Level, blank=True)
    mood = models.CharField(_("情绪"), max_length=8, choices=codes.Mood, blank=True)
    lives_alone = models.BooleanField(_("单独居住"), null=True, blank=True)
    hazards = models.JSONField(_("安全隐患"), default=list, blank=True)
    hazard_note = models.CharField(_("隐患说明"), max_length=200, blank=True)
    # long enough for what was noticed where no change of the file can be proposed
    family_change = models.CharField(_("家庭变化"), max_length=800, blank=True)
    guardian_words = models.CharField(_("监护人的话"), max_length=200, blank=True)
    needs = models.CharField(_("需要什么帮助"), max_length=200, blank=True)
    help_given = models.CharField(_("已提供的帮助和指导"), max_length=200, blank=True)
    benefits = models.CharField(_("正在享受的救助"), max_length=100, blank=True)
    focus = models.BooleanField(_("重点关注"), default=False)
    next_on = models.DateField(_("约定下次走访"), null=True, blank=True)
    # where (optional, never waited for)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    # one mark for the visits to brothers and sisters that were made at one door
    family = models.UUIDField(null=True, blank=True, editable=False)
    # changes of the file that came of what was noticed
    noticed = models.ManyToManyField("registry.Change", related_name="noticed_in", editable=False)
    # what was sent, as fingerprints (services.sendings): first, then under another key and with each correction
    sendings = models.JSONField(default=list, blank=True, editable=False, db_default=[])
    # the record
    flags = models.JSONField(default=list, blank=True, editable=False)
    state = models.CharField(_("状态"), max_length=10, choices=VisitState, default=VisitState.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("记录时间"), default=timezone.now)

    STATE_TONES = {"accepted": "ok", "returned": "warm", "submitted": "brand"}

    objects: ClassVar = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        indexes = [
            # awaiting_review() of one station: an index-ordered page, no sort
            models.Index(
                fields=["township", "visited_on", "id"], name="visit_review_queue", condition=Q(state="submitted")
            ),
            # one child's timeline, newest first; the latest valid visit for the schedule
            models.Index(fields=["child", "-visited_on", "-id"], name="visit_of_child"),
            # newest_first() within a scope
            models.Index(fields=["county", "-visited_on", "-id"], name="visit_county_newest"),
            models.Index(fields=["township", "-visited_on", "-id"], name="visit_township_newest"),
            models.Index(fields=["village", "-visited_on", "-id"], name="visit_village_newest"),
            # the other visits at the same door
            models.Index(fields=["family"], name="visit_of_family", condition=Q(family__isnull=False)),
            # what came back to the director
            models.Index(fields=["village", "visited_on"], name="visit_returned", condition=Q(state="returned")),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on:%Y-%m-%d} {self.get_method_display()}"

    @property
    def host(self) -> Stay | PastPeriod | None:
        """A stay, or a time before the child was handed on, at the place that made a visit that came back: its village
        completes it too. Of any day, as ``returned_from_elsewhere``: what is listed there can be sent."""
        if self.state != VisitState.RETURNED:
            return None
        unit = self.made_in.unit
        stays = self.child.stays.filter(begun_on__isnull=False).within(unit)
        return stays.first() or self.child.past_periods.filter(ended_by=PeriodEnd.MOVED).within(unit).first()

    @property
    def not_seen_words(self) -> str:
        """外出不在，6月20日再访; blank where the child was met."""
        return outcomes.in_words(self)

    @property
    def flag_labels(self) -> list[Words]:
        return [codes.FlagReason(flag).label for flag in self.flags]

    @property
    def receipt(self) -> str:
        """Four characters that the director can read out: ``3F2K``."""
        return receipt_of(self.id)


class VisitEvent(Event):
    record = models.ForeignKey(Visit, models.PROTECT, related_name="events")


class VisitPhoto(models.Model):
    """A photo of a visit: re-encoded, without metadata, sealed on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    file = models.CharField(max_length=120)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    came_after: bool  # put on a photo that is shown: whether its visit was accepted before
