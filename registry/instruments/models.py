"""Assessment systems (评估体系) in numbered versions, as a city writes and publishes them."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from childwelfare.workflow.models import Event
from orgs.access.scope import InUnit, ScopedQuerySet
from registry.child import codes
from registry.instruments.definition import Definition


class InstrumentState(models.TextChoices):
    DRAFT = "draft", _("草拟中")
    PUBLISHED = "published", _("已发布")
    DISCARDED = "discarded", _("已作废")


class InstrumentQuerySet(ScopedQuerySet):
    via = "unit__"

    def in_force(self, on: datetime.date | None = None) -> Self:
        """By which children are assessed on a day: one a city at most."""
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=day), state=InstrumentState.PUBLISHED, since__lte=day)

    def published_of(self, unit: int) -> Self:
        """The versions that ``unit`` (its key) published, whether they held, hold or are to come."""
        return self.filter(unit=unit, state=InstrumentState.PUBLISHED)

    def not_replaced(self) -> Self:
        """Without those in whose place another came before they began."""
        return self.exclude(until=F("since"))

    def readable_by(self, post: Any) -> Self:
        """What ``post`` may read of those above, at and below its unit: published ones; drafts, and what was discarded,
        where it writes them."""
        here = self.of_unit(post.unit) | self.visible_to(post, "view_instruments")
        mine = self.visible_to(post, "manage_instruments")
        return here.filter(state=InstrumentState.PUBLISHED) | mine

    def of_unit(self, place: "models.Model") -> Self:
        """Those of the city that ``place`` lies in, or of the county where none is above it. ``place``: a unit or a
        placed record."""
        return self.filter(unit__in=[key for key in (place.city_id, place.county_id) if key])  # type: ignore[attr-defined]


class Instrument(InUnit):
    """One version. ``number`` counts within ``unit``, the city (or the county that has none above). A published one is
    never altered; it holds from ``since`` to before ``until``, which the next one's publication sets: to ``since``
    itself, where it was replaced before it began."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="instruments")
    number = models.PositiveIntegerField(_("版次"))
    name = models.CharField(_("名称"), max_length=60)
    definition = models.JSONField(default=dict)
    document = models.CharField(_("文号"), max_length=60, blank=True)
    since = models.DateField(_("启用日期"), null=True, blank=True)
    until = models.DateField(_("停用日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=InstrumentState, default=InstrumentState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    STATE_TONES = {"draft": "warm", "published": "ok", "discarded": "outline"}
    # childwelfare.security.frozen
    frozen_in = "published"
    frozen_columns = ("unit", "number", "name", "definition", "document", "since", "state", "made_by", "made_at")

    objects: ClassVar = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("评估体系")
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="instrument_number_in_unit"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="draft"), name="instrument_one_draft"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(since__isnull=False), name="instrument_published_since"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="instrument_ends_after"),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s 第 %(n)s 版") % {"name": self.name, "n": self.number}

    @property
    def is_in_force(self) -> bool:
        """Whether children are assessed by it today."""
        return self._holds_from(lambda since, today: since <= today)

    @property
    def is_to_come(self) -> bool:
        """Whether it is published and begins after today."""
        return self._holds_from(lambda since, today: since > today)

    @property
    def is_replaced(self) -> bool:
        """Whether another version took its place before it began: nobody was ever assessed by it."""
        return self.until is not None and self.until == self.since

    def _holds_from(self, test: Callable[[datetime.date, datetime.date], bool]) -> bool:
        today = timezone.localdate()
        ended = self.is_replaced or (self.until is not None and self.until <= today)
        return (
            self.state == InstrumentState.PUBLISHED and not ended and self.since is not None and test(self.since, today)
        )

    @cached_property
    def content(self) -> Definition:
        return Definition.from_json(self.definition)


class InstrumentEvent(Event):
    record = models.ForeignKey(Instrument, models.PROTECT, related_name="events")


class RescoredQuerySet(ScopedQuerySet):
    via = "assessment__"


class Rescored(models.Model):
    """An assessment in force whose level would be another one by a version's points: kept when that was published, so
    that what the try-out said can be read and worked off afterwards. Rows are only ever added."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="rescored")
    assessment = models.ForeignKey("registry.Assessment", models.PROTECT, related_name="rescored")
    level = models.CharField(_("原等级"), max_length=8, choices=codes.CHILD_RISKS)
    level_by_it = models.CharField(_("按新版"), max_length=8, choices=codes.CHILD_RISKS)

    objects: ClassVar = RescoredQuerySet.as_manager()

    class Meta:
        verbose_name = _("换版后等级会变的评估")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "assessment"], name="rescored_once"),
        ]


class TryOut(models.Model):
    """One count of what a version would make of the assessments in force: tried on a draft as often as its author
    likes, and once more when it is published. The job that counts fills ``counts``: {township: {"high>raised": children
    whose level it would be instead}}; a level that it can't give is ``codes.UNASSESSED``.

    ``version``: the version of the draft that was tried. ``is_final``: the count at its publication.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="try_outs")
    version = models.PositiveIntegerField()
    is_final = models.BooleanField(default=False)
    job = models.ForeignKey("childwelfare.Job", models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("试算")
        indexes = [
            # the newest one of a version
            models.Index(fields=["instrument", "-made_at"], name="try_out_newest"),
        ]


class TriedOutQuerySet(ScopedQuerySet):
    via = "assessment__"


class TriedOut(models.Model):
    """A child whose level would be another one by the draft that was tried. Counted anew, the rows are replaced; what a
    publication changes is kept as ``Rescored``."""

    try_out = models.ForeignKey(TryOut, models.CASCADE, related_name="rows")
    assessment = models.ForeignKey("registry.Assessment", models.PROTECT, related_name="+")
    level = models.CharField(_("原等级"), max_length=8, choices=codes.CHILD_RISKS)
    level_by_it = models.CharField(_("按新版"), max_length=8, choices=codes.CHILD_RISKS)

    objects: ClassVar = TriedOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("试算会变的评估")
        constraints = [models.UniqueConstraint(fields=["try_out", "assessment"], name="tried_out_once")]
