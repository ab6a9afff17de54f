"""The events of a record that moves through states."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from childwelfare.workflow.history import moment_of_next_event
from childwelfare.workflow.tables import Actions

# actions of events that sent a record back to be completed: the moves that say ``returns``
RETURNS = Actions("returns")
# of a record that who sent it took back to mend it, where it is named instead of what the station sent back
TAKEN_BACK = pgettext_lazy("state", "撤回修改")


def standing_events(events: Iterable[Any]) -> list[Any]:
    """``events`` of one record, in their order, without what was taken back and its taking back: "undo" takes back
    what stands before it."""
    standing: list[Any] = []
    for event in events:
        if event.action != "undo":
            standing.append(event)
        elif standing:
            standing.pop()
    return standing


def last_return(record: Any) -> "Event | None":
    """The last time that ``record`` was sent back and that stands; among its events as they were fetched, asking
    nothing more."""
    return next((event for event in reversed(standing_events(record.events.all())) if event.action in RETURNS), None)


class EventQuerySet(models.QuerySet):
    def create(self, **given: Any) -> Any:
        """Tell what happened to a record after all that was told of it, whatever the clocks of servers say; asks for
        the last event, unless it is the first one (which comes from no state) or ``at`` is given."""
        if given.get("was") and "at" not in given:
            given["at"] = moment_of_next_event(given["record"])
        return super().create(**given)


class Event(models.Model):
    """What happened to a record: who, in which post, from what to what, why. Rows are only ever added.

    ``facts``: columns of a model's own that say what of the record it concerned; taking it back concerns the same.
    """

    append_only = True
    facts: ClassVar[tuple[str, ...]] = ()

    action = models.CharField(max_length=32)
    was = models.CharField(max_length=16, blank=True)
    now = models.CharField(max_length=16)
    person = models.ForeignKey("orgs.Person", models.PROTECT, related_name="+")
    post = models.ForeignKey("orgs.Appointment", models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["at", "id"]

    @property
    def reason_in_words(self) -> str:
        """The reason as the reader is told it: who takes back her own gives none, so it is worded when it is shown."""
        return _("本人撤回，改好再送") if self.action == "recall" else self.reason

    @property
    def is_return(self) -> bool:
        """Whether it sent the record back; a reason may be given with other moves as well."""
        return self.action in RETURNS
