"""What a post may have to decide: concepts add their kinds, the desk, its API, the menu and the workbench read them."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words
from childwelfare.workflow.transitions import Workflow
from orgs.access.api.workflow import Decision
from orgs.access.declarations import Reads
from orgs.posts.models import Appointment
from orgs.posts.station_work import COUNTY_INSTEAD, decided_by, written_by_others
from orgs.review.workbench import todo_kind
from orgs.workbench.kinds import TODO_KINDS, Together, Waiting

UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One row of the desk. ``at``: since when it waits; ``detail`` stands behind the kind's label; ``chip``: its word
    where that is not the label; ``asked``: it asks the desk to act; ``is_urgent``: a child is in danger,
    which comes before all else."""

    at: datetime.datetime | None
    detail: str
    chip: Words = ""
    flags: list[Words] = field(default_factory=list)
    asked: bool = False
    is_urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class InBulk:
    """How plain records of a kind are passed together. ``objection(record)``: why one has to be opened, or "";
    ``button``, ``question`` and ``done`` take the number."""

    objection: Callable[[Any], str]
    button: Callable[[int], str]
    question: Callable[[int], str]
    done: Callable[[int], str]


def nothing_besides(_records: list[Any], _post: Appointment) -> None:
    """Of a kind whose cards read what was fetched."""


def no_payload(_sent: Any, _record: Any, _action: str) -> None:
    """Of a decision that needs nothing besides a reason."""


@dataclass(frozen=True, kw_only=True)
class ReviewKind:
    """One kind of what is decided on the desk. Its model is Placed, with ``state``, ``version``, ``made_by``,
    ``made_in`` and ``events`` (childwelfare.workflow), and its queryset says ``awaiting_review()``.

    ``permission``: who decides; with ``county_too`` a county decides what its stations wrote (orgs.posts.station_work).
    ``workflow``: its moves; ``passing``, ``returning``: the two that decide, in whose words buttons and API offer them.

    The list: ``fetched(records)`` joins what ``card(record, post)`` reads; ``look_over(records, post)`` finds out what
    it needs besides, of all that are shown at once. ``name_of(record)``: whom it is about.
    The case: ``reads`` is the act of the trail that its being read is recorded as, on the page and over the API, with
    ``also_reads`` what ``case`` notes besides;
    ``case(request, record)`` is what ``template``, which extends orgs/review/review.html, shows besides;
    ``serializer`` what the API shows. ``reasons``: hints for a return. ``done_words(record)``: what was passed.
    ``is_passed(record)``: whether nothing of it waits any more; else the case stays open.

    A decision that takes more than version and reason: ``body`` is what the API reads besides them, and
    ``payload_of_form(form, record, action)`` and ``payload_of_data(data, record, action)`` make of it the payload of
    the move; taking one back (``UNDO``) needs none.

    One model may be decided at two desks: ``narrowed(records)`` leaves those that this kind decides at all (of a high
    level, say), ``awaiting(records)`` those of them that wait for it, the oldest first, ``awaiting_review()`` unless
    said.

    The workbench: ``columns``, ``todo_words(row)``, ``days``, ``together`` as of a TodoKind.
    """

    key: str
    label: Words
    tone: str
    model: type[Any]
    permission: str
    workflow: Workflow
    passing: str
    card: Callable[[Any, Appointment], Card]
    reads: str
    template: str
    serializer: type[serializers.BaseSerializer]
    done_words: Callable[[Any], str]
    columns: Mapping[str, Any]
    todo_words: Callable[[Waiting], str]
    also_reads: tuple[str, ...] = ()
    returning: str = "return"
    county_too: bool = True
    icon: str = "clipboard-check"
    fetched: Callable[[QuerySet], QuerySet] = lambda records: records
    look_over: Callable[[list[Any], Appointment], None] = nothing_besides
    name_of: Callable[[Any], str] = lambda record: record.child.name
    case: Callable[[Any, Any], dict] = lambda request, record: {}
    reasons: tuple[Words, ...] = ()
    is_passed: Callable[[Any], bool] = lambda record: True
    in_bulk: InBulk | None = None
    body: type[serializers.Serializer] = Decision
    payload_of_form: Callable[[Any, Any, str], Any] = no_payload
    payload_of_data: Callable[[Any, Any, str], Any] = no_payload
    narrowed: Callable[[Any], Any] = lambda records: records
    awaiting: Callable[[Any], Any] = lambda records: records.awaiting_review()
    days: int = 5  # working days; this installation's own measure
    together: Callable[[list[Waiting]], Together | None] | None = None

    def __post_init__(self) -> None:
        """Raises ImproperlyConfigured for a table of moves that would let who wrote a record decide it, or its county
        not."""
        for action in (self.passing, self.returning):
            move, what = self.workflow.transitions[action], f"review kind {self.key!r}: the move {action!r}"
            if not move.decides:
                raise ImproperlyConfigured(f"{what} says decides=True: else who wrote the record could decide it")
            if self.county_too != (move.instead == COUNTY_INSTEAD):
                raise ImproperlyConfigured(
                    f"{what} says instead=COUNTY_INSTEAD (orgs.posts.station_work) where the county decides what a"
                    " station wrote, or the kind says county_too=False"
                )

    @property
    def permissions(self) -> tuple[str, ...]:
        """Whoever holds one of them has such records on the desk."""
        return (self.permission, "settle_station_work") if self.county_too else (self.permission,)

    @property
    def passing_label(self) -> Words:
        return self.label_of(self.passing)

    @property
    def returning_label(self) -> Words:
        return self.label_of(self.returning)

    def label_of(self, action: str) -> Words:
        """The words of a move, as the table of moves has them; of its taking back."""
        return _("撤销") if action == UNDO else self.workflow.transitions[action].label

    @property
    def actions(self) -> tuple[str, ...]:
        return (self.passing, self.returning, UNDO)

    def apply(
        self, record: Any, action: str, *, by: Appointment, seen_version: int, reason: str = "", payload: Any = None
    ) -> None:
        """Pass or return ``record``, or take the last decision back. Raises as the workflow does."""
        if action == UNDO:
            self.workflow.undo(record, by=by, seen_version=seen_version)
        else:
            self.workflow.apply(action, record, by=by, seen_version=seen_version, reason=reason, payload=payload)

    def decided_by(self, post: Appointment) -> Any:
        """What ``post`` decides, whatever its state. ``is_others``: the post's person wrote no part of it;
        ``village_name`` spares a row of the queue its whole village."""
        others = written_by_others(post, self.model._base_manager.filter(pk=OuterRef("pk")))
        return self.fetched(self._records(post)).annotate(is_others=Exists(others), village_name=F("village__name"))

    def waiting(self, post: Appointment) -> QuerySet:
        """What waits for ``post``, its own among it: it sees that a colleague has to decide them."""
        return self.awaiting(self.decided_by(post))

    def to_decide(self, post: Appointment) -> QuerySet:
        """What waits for ``post`` and may be decided by it: what badges and workbench count."""
        return written_by_others(post, self.awaiting(self._records(post)))

    def _records(self, post: Appointment) -> Any:
        records = self.narrowed(self.model.objects.all())
        if self.county_too:
            return decided_by(post, records, self.permission)
        return records.visible_to(post, self.permission)


class ReviewKinds(KeyedRegistry[ReviewKind]):
    """Each kind is one of the workbench's to-dos as well."""

    def add(self, *kinds: ReviewKind, order: int = 0) -> None:
        super().add(*kinds, order=order)
        TODO_KINDS.add(*(todo_kind(kind) for kind in kinds), order=order)


class Deciders(Collection[str]):
    """The permissions of whoever has a desk: who decides one kind at least. Asked anew each time, for kinds are added
    while the program starts."""

    def __init__(self, kinds: Mapping[str, ReviewKind], *, in_bulk: bool = False) -> None:
        self.kinds, self.in_bulk = kinds, in_bulk

    def _names(self) -> dict[str, None]:
        if self.in_bulk:
            return dict.fromkeys(kind.permission for kind in self.kinds.values() if kind.in_bulk)
        return dict.fromkeys(name for kind in self.kinds.values() for name in kind.permissions)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()


class ReadOnTheDesk(Collection[str]):
    """The acts of the trail by which the queue and the cases of all kinds are recorded as read; asked anew each time,
    as Deciders."""

    def __iter__(self) -> Iterator[str]:
        acts = {"read_list": None}
        for kind in REVIEW_KINDS.values():
            acts |= dict.fromkeys((kind.reads, *kind.also_reads))
        return iter(acts)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __contains__(self, act: object) -> bool:
        return act in list(iter(self))


REVIEW_KINDS = ReviewKinds("kinds of what is decided on the desk", key="key")
DECIDERS = Deciders(REVIEW_KINDS)
READ_ON_THE_DESK = Reads(ReadOnTheDesk())
DECIDERS_IN_BULK = Deciders(REVIEW_KINDS, in_bulk=True)
