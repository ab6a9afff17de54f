"""The events of a record that moves through states."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

# actions of events that sent a record back: by a reviewer, or because the child was handed on
RETURNS = ("return", "return_moved")
UNDO = "undo"


def last_return(record: Any) -> "Event | None":
    """The last time that ``record`` was sent back and this was not taken back; among its events as they were fetched,
    asking nothing more."""
    events = list(record.events.all())
    following = [event.action for event in events[1:]] + [""]
    for event, next_action in reversed(list(zip(events, following, strict=True))):
        if event.action in RETURNS and next_action != UNDO:
            return event
    return None


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

    class Meta:
        abstract = True
        ordering = ["at", "id"]
