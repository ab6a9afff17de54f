"""What the events of records say, asked in queries: when something happened last, why, and what was taken back."""

import datetime
from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

Events = TypeVar("Events", bound=QuerySet)
UNDO = "undo"


def moment_of_next_event(record: Any, last: Any = None) -> datetime.datetime:
    """When what happens to ``record`` now is told to have happened: now, and never before what happened last, be it by
    the clock of another server that is ahead; of one moment the later row is the later event. ``last``: the last event
    where it is at hand; else one question to an index. Asked with the record claimed."""
    now = timezone.now()
    before = last.at if last else record.events.aggregate(last=Max("at"))["last"]
    return max(now, before) if before else now


def without_undone(events: Events) -> Events:
    """``events`` less those that were taken back: the next event of the same record undoes them."""
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    following = events.model._base_manager.filter(later, record=OuterRef("record")).order_by("at", "pk")
    # blank where nothing followed: a comparison with NULL would leave the event out
    followed_by = Coalesce(Subquery(following.values("action")[:1]), Value(""))
    return events.alias(followed_by=followed_by).exclude(followed_by=UNDO)


def last_event(model: type[Model], actions: Collection[str]) -> QuerySet:
    """For a subquery of ``model``: the last event of a record that is one of ``actions`` and was not taken back."""
    events = model.events.rel.related_model._base_manager.filter(  # type: ignore[attr-defined]
        record=OuterRef("pk"), action__in=tuple(actions)
    )
    return without_undone(events).order_by("-at", "-pk")


def last_arrival(model: type[Model], state: str) -> QuerySet:
    """For a subquery of ``model``: the last event by which a record came into ``state`` from another one. A change that
    came back in part is with its proposer only once nothing of it waits any more."""
    events = model.events.rel.related_model._base_manager.filter(  # type: ignore[attr-defined]
        record=OuterRef("pk"), now=state
    )
    return events.exclude(was=state).order_by("-at", "-pk")


def last_at(model: type[Model], actions: Collection[str]) -> Subquery:
    """In a query of ``model``: when one of ``actions`` happened last; None where it never did."""
    return Subquery(last_event(model, actions).values("at")[:1])


def last_reason(model: type[Model], actions: Collection[str]) -> Subquery:
    """In a query of ``model``: the reason given when one of ``actions`` happened last."""
    return Subquery(last_event(model, actions).values("reason")[:1])
