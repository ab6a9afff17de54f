"""What waits on a desk: what asks it to act first, then what is flagged, then the oldest."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from childwelfare.pages.components import Chip
from orgs.accounts.models import Person
from orgs.posts.models import Appointment
from orgs.review.kinds import REVIEW_KINDS, Card, ReviewKind
from orgs.units.models import OrgUnit

SHOWN = 100  # of a kind


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One row of the desk: a record of a kind and what its ``card`` says of it."""

    of: ReviewKind
    record: Any
    card: Card

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
        """The reader wrote a part of it herself and can't decide it."""
        return not self.record.is_others

    @property
    def writer(self) -> Person:
        """Who wrote what it says now: to whom it goes back."""
        return self.card.writer or self.record.made_by

    @property
    def actions(self) -> list[str]:
        """What the reader may decide: the buttons of the page, and what the API tells."""
        return [] if self.own else [self.of.passing, self.of.returning]

    @property
    def is_plain(self) -> bool:
        """Whether it may be passed together with others, unopened."""
        return not self.own and self.of.in_bulk is not None and not self.of.in_bulk.objection(self.record)

    @property
    def shown_chip(self) -> Chip:
        """What matters most of it: that it is the reader's own, what a rule flagged, else its kind."""
        if self.own:
            return Chip(label=_("自己填报"), tone="outline")
        if self.card.flags:
            return Chip(label=self.card.flags[0], tone="danger")
        return Chip(label=self.card.chip or self.of.label, tone=self.of.tone)


def queue_of(post: Appointment) -> list[QueueItem]:
    """What waits for ``post``, of every kind, in the order in which it wants to be seen. One query a kind, and those
    that a kind's ``fetched`` names."""
    items = [item_of(kind, row, post) for kind in REVIEW_KINDS.values() for row in kind.waiting(post)[:SHOWN]]
    return sorted(items, key=lambda item: (not item.card.asked, not item.card.flags, item.card.at))


def item_of(kind: ReviewKind, record: Any, post: Appointment) -> QueueItem:
    return QueueItem(of=kind, record=record, card=kind.card(record, post))


def waiting_of_kinds() -> list[Callable]:
    """For the badge of the menu: a query of what waits for a post for each kind there is."""
    return [kind.to_decide for kind in REVIEW_KINDS.values()]
