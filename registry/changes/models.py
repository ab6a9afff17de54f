"""Changes to approved files: proposed, seen beside the old value, decided field by field, kept."""

import json
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.security.fields import EncryptedTextField
from childwelfare.workflow.models import Event
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.access.scope import TIERS, Placed, ScopedQuerySet
from orgs.accounts.models import Person
from registry.child.fields import label_of
from registry.child.models import ChildFile


class ChangeState(models.TextChoices):
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    DECIDED = "decided", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


class Verdict(models.TextChoices):
    """What was decided of one field."""

    PENDING = "pending", _("待审核")
    APPROVED = "approved", _("已通过")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class ChangeQuerySet(ScopedQuerySet):
    def awaiting_review(self) -> Self:
        """The station's queue, oldest first. Served by change_review_queue."""
        return self.filter(state=ChangeState.SUBMITTED).order_by("sent_at", "id")

    def open(self) -> Self:
        return self.filter(state__in=(ChangeState.SUBMITTED, ChangeState.RETURNED))


class Change(Placed):
    """One proposal for one approved file: new values, each against the value it was based on.

    ``id`` comes from the form, so that a second sending is the same change. ``station_made`` marks what a station
    proposed itself: a colleague or the county decides it, and the county has it in a list.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey(ChildFile, models.PROTECT, related_name="changes")
    state = models.CharField(_("状态"), max_length=10, choices=ChangeState, default=ChangeState.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    note = models.CharField(_("变更说明"), max_length=200, blank=True)
    station_made = models.BooleanField(_("工作站自填"), default=False)
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("提交时间"), default=timezone.now)

    STATE_TONES = {"decided": "ok", "returned": "warm", "submitted": "brand"}

    objects: ClassVar = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("档案变更")
        indexes = [
            # awaiting_review() of one station
            models.Index(
                fields=["township", "sent_at", "id"], name="change_review_queue", condition=models.Q(state="submitted")
            ),
            # what a station changed itself, newest first, for its county
            models.Index(
                fields=["county", "-sent_at", "-id"],
                name="change_by_stations",
                condition=models.Q(station_made=True),
            ),
            # what came back to the director
            models.Index(fields=["village", "sent_at"], name="change_returned", condition=models.Q(state="returned")),
        ]

    def __str__(self) -> str:
        return f"{self.child} {self.made_at:%Y-%m-%d}"

    @property
    def what(self) -> str:
        """The labels of the first fields, for a list."""
        labels = [label_of(field.name) for field in self.fields.all()]
        return _("、").join(labels[:3]) + (f" +{len(labels) - 3}" if len(labels) > 3 else "")

    def amended_by(self) -> Person | None:
        """Who last sent it again after a return: to whom it goes back. None where nobody did but who proposed it. Who
        wrote a field of it: ``ChangeField.amended_by``."""
        last = None
        for event in self.events.all():
            if event.action == "resubmit":
                last = event
        return last.person if last and last.person_id != self.made_by_id else None

    @property
    def is_made_elsewhere(self) -> bool:
        """Whether another place proposed it: the child was handed on since."""
        unit = self.made_in.unit
        return any(getattr(unit, f"{tier}_id") not in (None, getattr(self, f"{tier}_id")) for tier in TIERS)


class ChangeField(models.Model):
    """One field of a change. Values may be ID numbers: they lie sealed, as JSON texts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(Change, models.PROTECT, related_name="fields")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=48)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.PENDING)
    reason = models.CharField(max_length=REASON_LONGEST, blank=True)
    # who wrote the present value, where it was written anew after a return; else who proposed the change
    written_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("orgs.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    base_sealed = EncryptedTextField()
    value_sealed = EncryptedTextField()
    # the value as it stood when it was last sent back; blank text where it never was
    returned_sealed = EncryptedTextField()
    # what the last decision overwrote: an approval what the file said, a return what had been sent back before
    replaced_sealed = EncryptedTextField()
    # the four in clear, as JSON holds them
    base: Any
    value: Any
    returned: Any
    replaced: Any

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["change", "name"], name="a_field_once_in_a_change")]

    @property
    def amended_by(self) -> Person | None:
        """Who wrote the present value; None where it is the proposer's."""
        return self.written_by if self.written_by_id != self.change.made_by_id else None


def _sealed_json(column: str) -> property:
    """A JSON value kept in a sealed text column."""

    def read(self: ChangeField) -> Any:
        text = getattr(self, column)
        return json.loads(text) if text else None

    def write(self: ChangeField, value: Any) -> None:
        setattr(self, column, json.dumps(value, ensure_ascii=False, sort_keys=True))

    return property(read, write)


for _name in ("base", "value", "returned", "replaced"):
    setattr(ChangeField, _name, _sealed_json(f"{_name}_sealed"))


EVENT_WORDS = {
    "propose": _("提出"),
    "approve": _("通过"),
    "return": _("退回"),
    "return_moved": _("退回"),
    "resubmit": _("补充后重报"),
    "withdraw": _("撤回"),
    "end_with_file": _("随结案撤回"),
    "recall_with_visit": _("随走访撤回"),
    "bring_in": _("从手机文件收进来"),
    "undo": _("撤销刚才的审核"),
    "unmerge": _("合并撤销，回到原来的孩子"),
}


class ChangeEvent(Event):
    """What happened to a change: ``names`` are the fields it concerned, never their values."""

    facts = ("names",)

    record = models.ForeignKey(Change, models.PROTECT, related_name="events")
    names = models.JSONField(default=list)

    @property
    def words(self) -> str:
        return str(EVENT_WORDS[self.action])
