"""Where a unit is with reporting a period. The figures themselves are in its snapshots."""

import datetime
import hashlib
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from childwelfare.text.canonical import canonical_bytes
from childwelfare.text.words import Words
from childwelfare.workflow.history import moment_of_next_event
from childwelfare.workflow.models import Event, EventQuerySet
from orgs.access.scope import InUnit, ScopedQuerySet
from orgs.units.models import OrgUnit
from reports.indicators.table import BY_KEY
from reports.periods.models import PeriodState, ReportingPeriod, days_late, due_before, moment_due
from reports.snapshots.models import Snapshot
from reports.submissions.people import decided_at, in_office, next_above, office_at, unmanned


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("未报")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已通过")
    WAIVED = "waived", _("缺报")


# what the unit itself is still to send
OPEN_STATES = (SubmissionState.DRAFT, SubmissionState.RETURNED)
# what became of those that had no valid figures when the period was locked; they are supplied by an amendment
MISSED = {
    SubmissionState.DRAFT: _("未报（已锁定）"),
    SubmissionState.SUBMITTED: _("报了未审（已锁定）"),
    SubmissionState.RETURNED: _("退回未重报（已锁定）"),
    SubmissionState.WAIVED: _("缺报（已锁定）"),
}

# what the figures of a sheet are that is not valid
NOT_VALID = {
    SubmissionState.DRAFT: _("已撤回，没有通过"),
    SubmissionState.SUBMITTED: _("待审核，还没有通过"),
    SubmissionState.RETURNED: _("已退回，没有通过"),
    SubmissionState.WAIVED: _("缺报，不计入上级合计"),
}


class SubmissionQuerySet(ScopedQuerySet):
    via = "unit__"

    def with_all(self) -> Self:
        """With what a page says of each, asking nothing more."""
        units = ("unit__city", "unit__county", "unit__township", "above__taken_over_by")
        return self.select_related("period", "parent", "current", "approved", *units)

    def in_order(self) -> Self:
        """As the tables print the units."""
        return self.order_by("unit__level", F("unit__code").asc(nulls_last=True), "unit__pinyin", "unit")

    def sent_by(self, unit: Any) -> Self:
        """Those that the people of ``unit`` (a key, or an expression of one) send: its own, and those of units that it
        alone took over from."""
        return self.filter(office_at(unit, "unit"))

    def months_of(self, unit: OrgUnit) -> Self:
        """Those of ``unit`` and of units that it alone took over from, the last month first, of one month its own."""
        rows = self.filter(unit__in=unit.own_keys).annotate(is_own=Q(unit=unit.pk))
        return rows.order_by("-period__key", "-is_own", "unit")

    def decided_by(self, unit: Any) -> Self:
        """Those that ``unit`` decides: the next above that has people in post; what that one sent itself, the one above
        it as well."""
        return self.filter(decided_at(unit))

    def left_to(self, unit: Any) -> Self:
        """Those that ``unit`` sends for units below where nobody is in post, be they vacant or closed for good, nor at
        any tier between."""
        return self.filter(unmanned() & next_above(unit))

    def reported(self) -> Self:
        """Those that stand as sent: on their way up, or valid; not what was returned or withdrawn and is still to be
        sent, unless a lock kept it valid."""
        kept = Q(approved__isnull=False, period__state=PeriodState.LOCKED)
        return self.filter(Q(state__in=(SubmissionState.SUBMITTED, SubmissionState.APPROVED)) | kept)

    def late(self, moment: datetime.datetime) -> Self:
        """Not sent, though their day is over."""
        return self.filter(due_before(moment), state__in=OPEN_STATES)


class Submission(InUnit):
    """One row for each unit that is expected, made when the period opens, so that nobody can drop out of the count.

    ``above``: the unit that approves it, the next that exists over it; of the topmost it is the unit itself, where
    somebody else than who sent it approves. ``parent``: that unit's own submission, None at the top. ``current``: what
    was sent last; ``approved``: the figures that are valid, until others are approved or it is waived: what was
    returned after its approval keeps them, so that a lock finds them. ``due_on`` moves on when it is returned:
    ``nominal_due_on`` is the day that it was given then, of which a later holiday makes another (``due_order`` says
    what holds of all days of a month); ``on_time`` is settled by the first sending. ``made_by``, ``made_in``: who sent
    it last. ``looked_at``: since when the tier above has it before it, and it is not withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    above = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    state = models.CharField(_("状态"), max_length=9, choices=SubmissionState, default=SubmissionState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    due_on = models.DateField(_("截止日期"))
    nominal_due_on = models.DateField(null=True)
    first_submitted_at = models.DateTimeField(_("首次上报时间"), null=True)
    on_time = models.BooleanField(_("按时"), null=True)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    current = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    approved = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")

    above_it: "list[Submission]"  # put on one that is moved: those above, held

    STATE_TONES = {"draft": "danger", "submitted": "brand", "returned": "warm", "approved": "ok", "waived": "outline"}

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("上报")
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="one_submission_per_period_and_unit"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved__isnull=False), name="submission_approved_with_figures"
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(current__isnull=False), name="submission_sent_with_figures"
            ),
        ]
        indexes = [models.Index(fields=["parent", "state"], name="submission_below")]

    def __str__(self) -> str:
        return f"{self.unit} {self.period}"

    @cached_property
    def unit_then(self) -> OrgUnit:
        """Its unit as it was called on the period's last day: so it is signed, shown and printed for ever."""
        return self.unit.as_of(self.period.as_of)

    @property
    def sent_to(self) -> OrgUnit:
        """The unit above; where it closed, the one that alone took over from it."""
        return self.above.taken_over_by or self.above

    @property
    def was_closed(self) -> bool:
        """Whether its unit closed before the period was over: it counts what was there until then."""
        return self.unit.valid_to is not None and self.unit.valid_to <= self.period.as_of

    @property
    def due_at(self) -> datetime.datetime:
        return moment_due(self.due_on)

    @property
    def days_late(self) -> int | None:
        """How many days its last one is past, 0 on the evening of it; None where it is not late."""
        return days_late(self.due_on) if self.state in OPEN_STATES else None

    @property
    def is_locked(self) -> bool:
        return self.period.is_locked

    @property
    def counts(self) -> bool:
        """Whether the valid figures are in the sum above: while the period is open once they are approved, for what was
        returned since is sent again; after the lock whatever was valid then."""
        return self.approved_id is not None and (self.state == SubmissionState.APPROVED or self.is_locked)

    @property
    def came_too_late(self) -> bool:
        """What it sent last was not in the sum above when the period was locked, where what it sent before was."""
        return self.is_locked and self.approved_id is not None and self.current_id != self.approved_id

    @property
    def shown(self) -> Snapshot | None:
        """What it says: the figures that wait for a decision; else the valid ones, else what was sent last."""
        if self.state == SubmissionState.SUBMITTED and not self.is_locked:
            return self.current
        return self.approved or self.current

    @property
    def standing(self) -> Words:
        """What the figures are that are ``shown``, in words, where they are not simply the valid ones; else blank. It
        stands on every file that is made of them."""
        if self.counts or self.shown is None:
            return ""
        if self.approved_id is not None and self.state == SubmissionState.RETURNED:
            return _("通过后退回重报，新数还没有通过")
        return MISSED[SubmissionState(self.state)] if self.is_locked else NOT_VALID[SubmissionState(self.state)]

    @property
    def state_label(self) -> Words:
        """Its state; in a locked period whether it has valid figures, and else what became of it."""
        state = SubmissionState(self.state)
        if self.is_locked:
            return _("已锁定") if self.counts else MISSED[state]
        label: Words = state.label
        return label

    @property
    def tone(self) -> str:
        return "ok" if self.counts else self.STATE_TONES[self.state]

    @cached_property
    def in_office(self) -> list[int]:
        """The units whose people do the work of its unit and of those above, the nearest first, where somebody holds
        the post that reports; asked once."""
        return in_office(self.unit)


class SubmissionEventQuerySet(EventQuerySet):
    def create(self, **given: Any) -> Any:
        """Tell what happened, chained to what was told of the same submission before."""
        last = given["record"].events.order_by("at", "id").last()
        at = moment_of_next_event(given["record"], last) if last else timezone.now()
        event = SubmissionEvent(**{"at": at, **given})
        event.chain(last)
        event.save(force_insert=True)
        return event


class SubmissionEvent(Event):
    """``snapshot``: the figures that it is about; ``remarks``: {key of an indicator: what is said of its number};
    ``hash`` chains it to the event before, so that no event can be changed or left out unseen. Without a person: the
    calendar did it, or there was nothing to report."""

    facts: ClassVar = ("snapshot", "remarks")

    record = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    person = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="events")
    remarks = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    label: Words  # put on a row that is shown: its move in words

    objects: ClassVar = SubmissionEventQuerySet.as_manager()

    @property
    def remarks_in_words(self) -> list[tuple[Words, str]]:
        """(name of the column, what is said of its number)."""
        return [(BY_KEY[key].label, text) for key, text in self.remarks.items() if key in BY_KEY]

    def chain(self, last: "SubmissionEvent | None") -> None:
        self.previous = last.hash if last else ""
        self.hash = self.computed_hash()

    def computed_hash(self) -> str:
        """SHA-256 of what it tells and of the hash before it."""
        return hashlib.sha256(
            canonical_bytes(
                {
                    "record": str(self.record_id),
                    "previous": self.previous,
                    "action": self.action,
                    "was": self.was,
                    "now": self.now,
                    "person": self.person_id,
                    "post": self.post_id,
                    "reason": self.reason,
                    "remarks": self.remarks,
                    "snapshot": self.snapshot.hash if self.snapshot else "",
                    "at": self.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
                }
            )
        ).hexdigest()
