"""What waits on a desk: what asks it to act first, then what is flagged, then the oldest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.components import Chip
from childwelfare.workflow.writers import last_writer
from orgs.accounts.models import Person
from orgs.posts.models import Appointment
from orgs.review.kinds import REVIEW_KINDS, Card, ReviewKind
from orgs.units.models import OrgUnit

SHOWN = 100  # of a kind


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One row of the desk: a record of a kind and what its ``card`` says of it. ``is_beyond``: more than SHOWN of its
    kind come before it; it was asked for by its address."""

    of: ReviewKind
    record: Any
    card: Card
    is_beyond: bool = False

    @property
    def kind(self) -> str:
        return self.of.key

    @property
    def pk(self):
        return self.record.pk

    @cached_property
    def name(self) -> str:
        return self.of.name_of(self.record)

    @property
    def village(self) -> str:
        return OrgUnit(name=self.record.village_name).short_name

    @property
    def url(self) -> str:
        return reverse("review-case", args=[self.kind, self.pk])

    @property
    def own(self) -> bool:
        """The reader wrote a part of it herself, or sent it, and can't decide it."""
        return not self.record.is_others

    @property
    def writer(self) -> Person:
        """Who wrote last what it says now: to whom it goes back. Of a record whose events were fetched."""
        return last_writer(self.record)

    @property
    def actions(self) -> list[str]:
        """What the reader may decide now: the buttons of the page, and what the API tells."""
        if self.own:
            return []
        decisions = (self.of.passing, self.of.returning)
        return [action for action in decisions if self.of.workflow.hindrance(self.record, action) is None]

    @property
    def hindrance(self) -> str:
        """Why it can't be passed as it is, whoever reads it."""
        return str(self.of.workflow.hindrance(self.record, self.of.passing) or "")

    @property
    def is_plain(self) -> bool:
        """Whether it may be passed together with others, unopened."""
        if self.of.passing not in self.actions:
            return False
        return self.of.in_bulk is not None and not self.of.in_bulk.objection(self.record)

    @property
    def shown_chip(self) -> Chip:
        """What matters most of it: that it is the reader's own, what a rule flagged, else its kind."""
        if self.own:
            return Chip(label=_("自己填报或送出"), tone="outline")
        if self.card.flags:
            return Chip(label=self.card.flags[0], tone="danger")
        return Chip(label=self.card.chip or self.of.label, tone=self.of.tone)


def queue_of(post: Appointment, kind: str = "", pk: Any = None) -> list[QueueItem]:
    """What waits for ``post``, of every kind the first SHOWN, in the order in which it wants to be seen. One query a
    kind, and those that a kind's ``fetched`` names.

    With ``kind`` and ``pk`` that one too, where it waits, though more than SHOWN of its kind come before it.
    """
    items = [item for each in REVIEW_KINDS.values() for item in items_of(each, each.waiting(post)[:SHOWN], post)]
    if kind in REVIEW_KINDS and pk and not any(item.kind == kind and item.pk == pk for item in items):
        asked = REVIEW_KINDS[kind]
        items += items_of(asked, asked.waiting(post).filter(pk=pk), post, is_beyond=True)

    def place(item: QueueItem) -> tuple:
        card = item.card
        return not card.is_urgent, not card.asked, not card.flags, card.at

    return sorted(items, key=place)


def waits_in_all(post: Appointment, queue: list[QueueItem]) -> int:
    """How much ``post`` has to decide, as the badge of the menu counts it. Asks nothing more where ``queue`` has it
    all."""
    number = 0
    for kind in REVIEW_KINDS.values():
        shown = [item for item in queue if item.of is kind]
        number += sum(not item.own for item in shown) if len(shown) < SHOWN else kind.to_decide(post).count()
    return number


class WholeQueue(Sequence[QueueItem]):
    """All that waits for ``post``, for a reader that asks for one page of it: what ``queue_of`` shows comes first, in
    its order; then what waits beyond SHOWN, kind by kind, the oldest first."""

    def __init__(self, post: Appointment) -> None:
        self.post, self.head = post, queue_of(post)
        self.rest = [(kind, kind.waiting(post)[SHOWN:]) for kind in REVIEW_KINDS.values() if self._is_long(kind)]

    def _is_long(self, kind: ReviewKind) -> bool:
        return sum(item.of is kind for item in self.head) == SHOWN

    @cached_property
    def _numbers(self) -> list[int]:
        return [rows.count() for _kind, rows in self.rest]

    def __len__(self) -> int:
        return len(self.head) + sum(self._numbers)

    @overload
    def __getitem__(self, place: int) -> QueueItem: ...
    @overload
    def __getitem__(self, place: slice) -> list[QueueItem]: ...
    def __getitem__(self, place: int | slice) -> QueueItem | list[QueueItem]:
        if isinstance(place, int):
            return self._page(range(len(self))[place], 1)[0]
        start, stop, _step = place.indices(len(self))
        return self._page(start, stop - start)

    def _page(self, start: int, size: int) -> list[QueueItem]:
        stop = start + size
        items = self.head[start:stop]
        before = len(self.head)
        for (kind, rows), number in zip(self.rest, self._numbers, strict=True):
            first, last = max(start - before, 0), min(stop - before, number)
            if first < last:
                items += items_of(kind, rows[first:last], self.post)
            before += number
        return items


def items_of(
    kind: ReviewKind, records: Iterable[Any], post: Appointment, *, is_beyond: bool = False
) -> list[QueueItem]:
    rows = list(records)
    kind.look_over(rows, post)
    return [QueueItem(of=kind, record=row, card=kind.card(row, post), is_beyond=is_beyond) for row in rows]


def item_of(kind: ReviewKind, record: Any, post: Appointment) -> QueueItem:
    return items_of(kind, [record], post)[0]


def waiting_of_kinds() -> list[Callable]:
    """For the badge of the menu: a query of what waits for a post for each kind there is."""
    return [kind.to_decide for kind in REVIEW_KINDS.values()]
