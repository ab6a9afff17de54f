"""Telling posts of something, and what was read of it."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from orgs.access.permissions import MATRIX
from orgs.inbox.kinds import INBOX_KINDS, NEWS_FOR
from orgs.inbox.models import KEY_LONGEST, Message, MessageQuerySet
from orgs.posts.models import Appointment, AppointmentQuerySet
from orgs.units.models import OrgUnit, office


@dataclass(frozen=True)
class Holders:
    """Whoever holds ``permission`` in a post at ``unit`` itself (a unit or its key) when the message is sent;
    ``lead``: those who lead it, and all where nobody does."""

    unit: Any
    permission: str
    lead: bool = False


@dataclass(frozen=True)
class Author:
    """Who made something in ``post`` (its key); where that post ended, who holds ``permission`` at its unit now."""

    post: Any
    permission: str


def notify(
    kind: str,
    about: Model,
    *,
    to: Holders | Author,
    key: str = "",
    by: Appointment | None = None,
    at: datetime.datetime | None = None,
) -> None:
    """Tell ``to`` of ``about``; call it inside the writer's transaction, so that both are there or neither.

    ``kind``: of INBOX_KINDS. ``key``: the occasion, the key of its event; blank where a record is told of once.
    Whoever was told of the occasion already is not told again. ``by``: who did it needs no message of it. ``at``: when,
    of what happened earlier.
    """
    posts = [post for post in _posts_of(to) if by is None or post.person_id != by.person_id]
    _send(kind, [(about, post, key) for post in posts], at)


def notify_each(kind: str, units: Collection[OrgUnit], *, permission: str, key: str) -> None:
    """Tell who holds ``permission`` at each of ``units`` of that unit itself. Two queries, however many units."""
    by_key = {unit.pk: unit for unit in units}
    holders = _holding(permission).filter(unit__in=by_key)
    with transaction.atomic():
        _send(kind, [(by_key[post.unit_id], post, key) for post in holders])


def notify_about(
    kind: str, told: Collection[tuple[int, Model]], *, permission: str, key: str, by: Appointment | None
) -> set[int]:
    """Tell who holds ``permission`` at each unit (its key) of the record beside it, ``by`` left out, as ``notify``;
    None where the calendar tells. Two queries, however many. Returns the units at which somebody holds it."""
    units = {unit for unit, _about in told}
    holders: dict[int, list[Appointment]] = defaultdict(list)
    for post in _holding(permission).filter(unit__in=units) if units else ():
        holders[post.unit_id].append(post)
    doer = by and by.person_id
    rows = [(about, post, key) for unit, about in told for post in holders[unit] if post.person_id != doer]
    with transaction.atomic():
        _send(kind, rows)
    return {unit for unit, posts in holders.items() if posts}


def mark_read(message: Message, *, by: Appointment) -> None:
    """``by`` read it; who reads it again changes nothing. Another post's message is none of its own."""
    Message.objects.of(by).filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, by: Appointment, kind: str = "", until: datetime.datetime | None = None) -> int:
    """All of ``by``'s messages (of ``kind``) that were there ``until`` then: what came in while she read stays unread.
    Returns how many."""
    unread = Message.objects.of(by).filter(read_at=None)
    if kind:
        unread = unread.filter(kind=kind)
    if until:
        unread = unread.filter(sent_at__lte=until)
    return unread.update(read_at=timezone.now())


def settle(keys: Collection[uuid.UUID]) -> None:
    """Of the messages ``keys`` it was seen that their matter is over."""
    if keys:
        Message.objects.filter(pk__in=keys, settled_at=None).update(settled_at=timezone.now())


def settle_all() -> int:
    """Every unread message whose matter is over by now, a statement a kind; and news of long ago. Returns how many.
    Idempotent."""
    news = [kind.key for kind in INBOX_KINDS.values() if kind.news]
    old = Message.objects.unread().filter(kind__in=news, sent_at__lt=timezone.now() - NEWS_FOR)
    settled = old.update(settled_at=timezone.now())
    for kind in INBOX_KINDS.values():
        if not kind.waits():
            continue
        unread: MessageQuerySet = Message.objects.unread().filter(kind=kind.key)
        still = kind.open().filter(**{kind.key_field: OuterRef("record")})
        settled += unread.filter(~Exists(still.order_by())).update(settled_at=timezone.now())
    return settled


def _send(kind: str, told: Iterable[tuple[Model, Appointment, str]], at: datetime.datetime | None = None) -> None:
    """One insert; the database itself passes over who was told already."""
    field, now, rows = INBOX_KINDS[kind].key_field, at or timezone.now(), []
    for about, post, key in told:
        record = getattr(about, field)
        occasion = f"{record}:{key}"
        if len(occasion) > KEY_LONGEST:  # SQLite would keep it, PostgreSQL refuse the write that tells of it
            raise ValueError(f"{kind}: the key of an occasion has at most {KEY_LONGEST} characters, not {occasion}")
        rows.append(Message(kind=kind, key=occasion, record=record, recipient=post, sent_at=now))
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)


def _posts_of(to: Holders | Author) -> list[Appointment]:
    """One query."""
    if isinstance(to, Author):
        its_office = Appointment.objects.filter(pk=to.post).values(office=office("unit"))
        colleagues = Q(unit__in=its_office, role__in=_roles(to.permission))
        found = list(Appointment.objects.current().filter(Q(pk=to.post) | colleagues))
        return [post for post in found if post.pk == to.post] or found
    # of a closed unit who alone took over from it
    at = OrgUnit.objects.filter(pk=to.unit).values(office=office())
    posts = list(_holding(to.permission).filter(unit__in=at))
    return [post for post in posts if post.lead] or posts if to.lead else posts


def _holding(permission: str) -> AppointmentQuerySet:
    """Posts of today whose role holds ``permission``: what a post is granted follows the matrix."""
    return Appointment.objects.current().filter(role__in=_roles(permission))


def _roles(permission: str) -> list[str]:
    return [role for role, held in MATRIX.items() if permission in held]
