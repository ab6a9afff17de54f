"""An amendment of what a unit reported."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from childwelfare.workflow.models import Event
from orgs.access.scope import InUnit, ScopedQuerySet
from orgs.units.models import OrgUnit
from reports.snapshots.models import Snapshot
from reports.submissions.models import Submission


class AmendmentState(models.TextChoices):
    ASKED = "asked", _("待上级同意")
    OPEN = "open", _("更正中")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("已通过，等上级更正")
    EFFECTIVE = "effective", _("已生效")
    REFUSED = "refused", _("未同意")
    WITHDRAWN = "withdrawn", _("已撤回")


# nothing of it is settled yet: one at a time of a submission
UNDER_WAY = (AmendmentState.ASKED, AmendmentState.OPEN, AmendmentState.SUBMITTED, AmendmentState.APPROVED)


class AmendmentQuerySet(ScopedQuerySet):
    via = "submission__unit__"

    def under_way(self) -> Self:
        return self.filter(state__in=UNDER_WAY)

    def with_all(self) -> Self:
        units = ("submission__unit__city", "submission__unit__county", "submission__unit__township")
        rest = ("submission__period", "submission__above", "submission__parent", "submission__approved", "current")
        return self.select_related(*units, *rest, "current__supersedes", "made_by", "made_in")


class Amendment(InUnit):
    """``current``: the new figures, which ``supersedes`` the valid ones; they become valid when every tier up to the
    top has amended its own sum. A unit that had no valid figures at the lock supplies them: they supersede nothing.
    ``document``: the paper that grants it. ``reason``: blank where it follows from amendments below, which give theirs.
    ``made_by``, ``made_in``: who asked for it, then who sent it last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="amendments")
    state = models.CharField(_("状态"), max_length=9, choices=AmendmentState, default=AmendmentState.ASKED)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("更正原因"), max_length=500, blank=True)
    document = models.CharField(_("文号"), max_length=120)
    current = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    made_in = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    effective_at = models.DateTimeField(null=True)

    STATE_TONES = {"asked": "warm", "open": "warm", "submitted": "brand", "approved": "brand", "effective": "ok"}

    objects: ClassVar = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("更正")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(state__in=UNDER_WAY), name="one_amendment_of_a_submission_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.document}"

    # it lies where its unit does: permissions are asked there
    @property
    def unit(self) -> OrgUnit:
        return self.submission.unit

    @property
    def is_supplement(self) -> bool:
        """Whether it reports what had no valid figures when the period was locked."""
        if self.current is not None:
            return self.current.supersedes_id is None
        return self.submission.approved_id is None

    @property
    def reason_in_words(self) -> Words:
        return self.reason or _("从下级更正")

    @property
    def differences(self) -> list[tuple[str, int | None, int]]:
        """(key of an indicator, what is valid, what takes its place) of those that differ; where nothing is valid, of
        all that is not nought."""
        if self.current is None:
            return []
        after = self.current.numbers
        if self.current.supersedes is None:
            return [(key, None, number) for key, number in after.items() if number]
        before = self.current.supersedes.numbers
        return [(key, before[key] or 0, number or 0) for key, number in after.items() if before[key] != number]


class AmendmentEvent(Event):
    record = models.ForeignKey(Amendment, models.PROTECT, related_name="events")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")

    label: Words  # put on a row that is shown: its move in words

    facts: ClassVar = ("snapshot",)
