"""What a unit wants to know of the units below it, the columns that had to be asked for, and what each unit said."""

import datetime
import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from childwelfare.workflow.models import Event
from orgs.access.scope import InUnit
from orgs.reorganisation.models import Succession
from orgs.units.models import NOTHING, Level, OrgUnit
from reports.indicators.indicator import Indicator
from reports.indicators.table import BY_KEY
from reports.periods.models import days_late, moment_due
from reports.requests.querysets import DataAnswerQuerySet, DataRequestQuerySet
from reports.requests.states import OPEN_STATES, AnswerState, QuestionKind, RequestState
from reports.rollup.periods import Period
from reports.submissions.people import in_office

TITLE_LONGEST, PURPOSE_LONGEST, DOCUMENT_LONGEST = 60, 300, 120
NAME_LONGEST, MEANING_LONGEST, MEASURE_LONGEST, NOTE_LONGEST = 30, 200, 6, 300


class DataRequest(InUnit):
    """``unit`` wants to know something of the units of ``level`` below it, or of those that lie in one of ``within``.

    ``columns``: keys of indicators, which nobody is asked for. ``asked_on``, ``month``, ``asked_units``,
    ``asked_columns``, ``asked_questions``: when it was asked and how much, as it is counted; blank of a draft.
    ``nominal_due_on``: the last day as it was told, where a holiday moved it on. ``at_once``: nothing was missing, so
    nobody was asked. ``figures``: the sheet's figures as they were when it was closed: [{unit, now, source, numbers}],
    ``now``: the keys of who stood in the unit's place on that day. ``repeats``: the request that it asks again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    title = models.CharField(_("要什么"), max_length=TITLE_LONGEST)
    purpose = models.CharField(_("依据和用途"), max_length=PURPOSE_LONGEST)
    document = models.CharField(_("文号"), max_length=DOCUMENT_LONGEST, blank=True)
    period = models.CharField(_("月份"), max_length=7)
    level = models.PositiveSmallIntegerField(_("要到哪一级"), choices=Level)
    within = models.ManyToManyField(OrgUnit, related_name="+")
    due_on = models.DateField(_("截止日期"))
    nominal_due_on = models.DateField(null=True)
    columns = models.JSONField(_("已有的栏目"), default=list)
    state = models.CharField(_("状态"), max_length=9, choices=RequestState, default=RequestState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    asked_on = models.DateField(null=True)
    month = models.CharField(max_length=7, blank=True)
    asked_units = models.PositiveIntegerField(default=0)
    asked_columns = models.PositiveSmallIntegerField(default=0)
    asked_questions = models.PositiveSmallIntegerField(default=0)
    at_once = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    figures = models.JSONField(null=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated")

    answered: int  # put on one that is listed: how many units have answered

    STATE_TONES = {"draft": "outline", "sent": "brand", "closed": "ok", "withdrawn": "outline"}

    objects: ClassVar = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("要数")
        indexes = [
            # the list of a unit, and what is counted of it by month
            models.Index(fields=["unit", "month"], name="data_request_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def month_asked(self) -> Period:
        """The month of which it asks."""
        return Period.of(self.period)

    @property
    def due_at(self) -> datetime.datetime:
        return moment_due(self.due_on)

    @property
    def indicators(self) -> list[Indicator]:
        """Of the columns that are still counted."""
        return [BY_KEY[key] for key in self.columns if key in BY_KEY]

    @property
    def is_draft(self) -> bool:
        return self.state == RequestState.DRAFT

    @property
    def tone(self) -> str:
        return self.STATE_TONES[self.state]


class DataRequestEvent(Event):
    record = models.ForeignKey(DataRequest, models.PROTECT, related_name="events")

    label: Words  # put on a row that is shown: its move in words


class DataQuestion(models.Model):
    """One column that no figure of the registry tells: declared once; form, API and sheet read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("怎么填"), max_length=6, choices=QuestionKind)
    name = models.CharField(_("栏目名称"), max_length=NAME_LONGEST)
    meaning = models.CharField(_("口径"), max_length=MEANING_LONGEST)
    measure = models.CharField(_("计量单位"), max_length=MEASURE_LONGEST, blank=True)
    choices = models.JSONField(_("可选的答案"), default=list)

    class Meta:
        verbose_name = _("要填的栏目")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "name"], name="one_data_question_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def head(self) -> str:
        """With what it is measured in, as a sheet's head has it."""
        return f"{self.name}（{self.measure}）" if self.measure else self.name

    @property
    def field(self) -> str:
        """Under which forms, API and messages name it."""
        return f"q-{self.pk}"


class DataAnswer(InUnit):
    """One row for each unit that is asked, made when the request goes out: who has not answered is seen by its row.

    ``unit`` stands today. ``covers``: the keys of the units of the month asked for which it answers, itself or those
    whose place it took since; empty for itself alone. ``values``: {key of a question: answer}, whole numbers, "yes" or
    "no", or texts. ``due_on`` moves on when it is returned (``nominal_due_on``: as of its request); ``on_time`` is
    settled by the first sending. ``made_by``, ``made_in``: who sent it last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(DataRequest, models.PROTECT, related_name="answers")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=AnswerState, default=AnswerState.OPEN)
    version = models.PositiveIntegerField(default=1)
    covers = models.JSONField(default=list, db_default=NOTHING)
    values = models.JSONField(default=dict)
    note = models.CharField(_("说明"), max_length=NOTE_LONGEST, blank=True)
    due_on = models.DateField(_("截止日期"))
    nominal_due_on = models.DateField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(_("按时"), null=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")

    STATE_TONES = {"open": "danger", "answered": "ok", "returned": "warm"}

    objects: ClassVar = DataAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("要数的回答")
        constraints = [
            models.UniqueConstraint(fields=["request", "unit"], name="one_data_answer_per_request_and_unit"),
        ]
        indexes = [
            # what waits for a unit; a request's own are found by the constraint above
            models.Index(fields=["unit", "state"], name="data_answer_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.request}"

    @property
    def due_at(self) -> datetime.datetime:
        return moment_due(self.due_on)

    @property
    def covered(self) -> list[int]:
        """The keys of the units of the month asked for which it answers."""
        return self.covers or [self.unit_id]

    @cached_property
    def in_office(self) -> list[int]:
        """Its unit and those above, the nearest first, where somebody holds the post that answers; asked once."""
        return in_office(self.unit)

    @property
    def is_answered(self) -> bool:
        return self.state == AnswerState.ANSWERED

    @property
    def is_expected(self) -> bool:
        """As ``expected``, of a request that is open."""
        return self.state in OPEN_STATES and (self.unit.valid_to is None or self.is_left_above)

    @property
    def is_left_above(self) -> bool:
        """As ``left_above``. Asks a query of what came back to a closed unit alone."""
        if self.state not in OPEN_STATES or self.made_in_id is None or self.unit.valid_to is None:
            return False
        return not Succession.objects.filter(predecessor=self.unit_id).exists()

    @property
    def state_label(self) -> Words:
        label: Words = AnswerState(self.state).label
        return label

    @property
    def days_late(self) -> int | None:
        """How many days its last one is past, 0 on the evening of it; None where it is not late."""
        return days_late(self.due_on) if self.is_expected else None

    @property
    def tone(self) -> str:
        return self.STATE_TONES[self.state]


class DataAnswerEvent(Event):
    """``values``, ``note``: what was sent then; what was said before a correction stays."""

    facts: ClassVar = ("values", "note")

    record = models.ForeignKey(DataAnswer, models.PROTECT, related_name="events")
    values = models.JSONField(default=dict)
    note = models.CharField(max_length=NOTE_LONGEST, blank=True)

    label: Words  # put on a row that is shown: its move in words
