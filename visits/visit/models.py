"""One patrol visit to a child."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.days import short_day
from childwelfare.text.words import Words
from childwelfare.workflow.models import TAKEN_BACK, Event, standing_events
from orgs.access.scope import Placed, ScopedQuerySet
from orgs.posts.models import Appointment
from orgs.posts.station_work import without_work_of_above
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.stays.models import Stay
from visits.visit import codes, outcomes
from visits.visit.receipt import receipt_of

COMPLETED_LATELY = datetime.timedelta(days=60)  # so long who completed a visit elsewhere reads it


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

    def made_elsewhere(self) -> Self:
        """Visits made by another place than the one that keeps the file now: in a stay, before the child was handed on,
        in a file that was merged since. Of a place that was dissolved nobody can be asked."""
        unit = "made_in__unit__"
        other = Q(**{f"{unit}village__isnull": False}) & ~Q(**{f"{unit}village": F("village")})
        other |= Q(**{f"{unit}township__isnull": False}) & ~Q(**{f"{unit}township": F("township")})
        return self.filter(other, **{f"{unit}valid_to": None})

    def made_as_host(self, post: Appointment, permission: str) -> Self:
        """Visits that the village of a stay, or its station, made to the child: they lie in a file kept elsewhere.
        Readable by who made them, also after the stay."""
        stays = Stay.objects.visible_to(post, permission).filter(begun_on__isnull=False)
        hosted = Q(pk__in=[])
        for file in ("child", "child__merged_into", "child__merged_into__merged_into"):
            hosted |= Q(child__in=stays.values(file))
        return self.filter(hosted, _made_at(post, permission))

    def returned_from_elsewhere(self, post: Appointment, permission: str) -> Self:
        """What was made here, lies in a file kept elsewhere, and came back: who made it knows what was missing, and
        completes it. Those of ``visible_to`` are not among them but by chance."""
        return self.made_elsewhere().filter(_made_at(post, permission), state=VisitState.RETURNED)

    def completed_from_elsewhere(self, post: Appointment, permission: str) -> Self:
        """Visits of ``returned_from_elsewhere`` that were completed lately: who made or completed one still reads it,
        and a second sending learns that it arrived."""
        mine = Q(made_by=post.person_id) | Q(events__person=post.person_id)
        lately = {"events__action": "resubmit", "events__at__gt": timezone.now() - COMPLETED_LATELY}
        return self.made_elsewhere().filter(_made_at(post, permission), mine, **lately)

    def returned_to(self, post: Appointment, permission: str) -> Self:
        """What came back and is asked of ``post``: of its own files what neither another place made nor its station,
        and what it made in files kept elsewhere."""
        if not post.holds(permission):
            return self.none()
        returned = self.visible_to(post, permission).filter(state=VisitState.RETURNED)
        here = without_work_of_above(post, returned).exclude(
            pk__in=self.filter(state=VisitState.RETURNED).made_elsewhere().values("pk")
        )
        elsewhere = self.returned_from_elsewhere(post, permission)
        either = Q(pk__in=here.values("pk")) | Q(pk__in=elsewhere.values("pk"))
        return self.filter(either, state=VisitState.RETURNED)  # said again, for without it every visit is looked at

    def listed_to(self, post: Appointment, permission: str) -> Self:
        """What ``post`` reads in a list: visits of the files it keeps, of children who stay there now, and those it
        made while a child stayed. Who hosts nobody, as nearly everyone, is asked no slower question."""
        visible = self.visible_to(post, permission)
        if not Stay.objects.visible_to(post, permission).filter(begun_on__isnull=False).exists():
            return visible
        hosted = self.filter(child__in=ChildFile.objects.hosted_at(post, permission).values("pk"))
        made = self.made_as_host(post, permission)
        # keys: an "or" over questions of two kinds would look at every visit there is
        elsewhere = {*hosted.values_list("pk", flat=True), *made.values_list("pk", flat=True)}
        return visible | self.filter(pk__in=elsewhere)

    def open_to(self, post: Appointment, permission: str) -> Self:
        """Visits that ``post`` may open one by one: of files it keeps, of children who stay there now, those it made
        itself while a child stayed, and those it made in a file that is kept elsewhere now and that came back, or were
        completed lately. For a look-up by key, as ``ChildFile.objects.open_to``."""
        hosted = ChildFile.objects.hosted_at(post, permission).values("pk")
        made = self.made_as_host(post, permission).values("pk")
        before = self.returned_from_elsewhere(post, permission).values("pk")
        completed = self.completed_from_elsewhere(post, permission).values("pk")
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
    # the merged file for which it came, where ``child`` is another one: undoing the merge gives it back
    sent_for = models.ForeignKey(
        "registry.ChildFile", models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
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
    # by who sent it, to mend it (move "recall"), until it is sent again; its state is that of what was sent back
    taken_back = models.BooleanField(default=False, db_default=False, editable=False)
    # whether it took part in a draw of spot checks (visits.oversight) since it was written
    drawn_from = models.BooleanField(default=False, db_default=False, editable=False)
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
            # and to who made it, where another place keeps the file now
            models.Index(fields=["made_in"], name="visit_returned_to_maker", condition=Q(state="returned")),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on:%Y-%m-%d} {self.get_method_display()}"

    @property
    def is_taken_back(self) -> bool:
        """Whether it is with who sent it, who took it back to mend it; what the station sent back is not."""
        return self.taken_back and self.state == VisitState.RETURNED

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Its state in words; 撤回修改 of what its writer took back, which nobody sent back."""
        return str(TAKEN_BACK if self.is_taken_back else VisitState(self.state).label)

    @property
    def to_mend_words(self) -> str:
        """That it lies with who made it, to be mended and sent again: of one that was sent or taken back."""
        day = {"day": short_day(self.visited_on)}
        if self.taken_back:
            return str(_("有一条撤回修改的走访（%(day)s），改好再送")) % day
        return str(_("有一条被退回的走访（%(day)s），请补充")) % day

    @property
    def recorded_on(self) -> datetime.date:
        """The day as of which its answers are asked and flagged. Taken back by who sent it, it is nobody's record until
        it is sent again: then it is recorded anew, be it late. What the station sent back stays recorded when that was
        sent, also where it is taken back later: the station has seen it, and it counts in the month of its day.
        Reads the events as they were fetched."""
        at = self.made_at
        for event in standing_events(self.events.all()):
            if event.is_return and event.action != "recall":
                return timezone.localdate(at)
            if event.action == "resubmit":  # after a recall: nothing was sent back yet
                at = event.at
        return timezone.localdate() if self.is_taken_back else timezone.localdate(at)

    @property
    def asked_elsewhere(self) -> OrgUnit | None:
        """The place that made a visit which came back, where another one keeps the file now: it completes it. As
        ``returned_from_elsewhere``: what is listed there can be sent."""
        return self.made_at_another_place if self.state == VisitState.RETURNED else None

    @property
    def made_at_another_place(self) -> OrgUnit | None:
        """The place that made the visit, where another one keeps the file."""
        unit = self.made_in.unit
        if unit.valid_to:
            return None
        in_other_village = unit.village_id is not None and unit.village_id != self.village_id
        in_other_township = unit.township_id is not None and unit.township_id != self.township_id
        return unit if in_other_village or in_other_township else None

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
