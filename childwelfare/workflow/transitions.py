"""One mechanism for every record that moves through states: a declared table, and one function that applies it."""

import datetime
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Manager
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from childwelfare.workflow.parties import Moving, Post
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writers import WRITTEN_BY_ONESELF, writers_of


@dataclass(frozen=True)
class Transition:
    """One move: from the states ``source`` to ``target``, for who holds ``permission``.

    ``guard(record)`` may raise Refused; ``then(record, event)`` runs in the same transaction, and so does
    ``undone(record, event)`` when whoever made the move takes it back at once (a move without it stays).
    ``decides``: not for who wrote any part of the record (``childwelfare.workflow.writers``), but where
    ``writer_too(record)`` says so.
    ``instead``: (permission, test(record)): who holds that permission may make the move where the test is true.
    ``place``: the record's attribute at which ``permission`` is asked; the record's own place unless said.
    ``also_at``: an attribute with another place, or None, at which it may be held as well.
    """

    action: str
    label: Words
    source: tuple[str, ...]
    target: str
    permission: str
    needs_reason: bool = False
    decides: bool = False
    writer_too: Callable[[Any], bool] | None = None
    guard: Callable | None = None
    then: Callable | None = None
    undone: Callable | None = None
    instead: tuple[str, Callable] | None = None
    place: str = ""
    also_at: str = ""


# how long a move may be taken back by who made it
UNDO_WITHIN = datetime.timedelta(minutes=15)


class Workflow:
    """The moves of one model, in the order in which buttons show them."""

    def __init__(self, *transitions: Transition) -> None:
        self.transitions = {t.action: t for t in transitions}

    def permissions(self, action: str) -> tuple[str, ...]:
        """Whoever holds one of them somewhere may try the move: what an API action or a page of it demands."""
        move = self.transitions[action]
        return (move.permission, move.instead[0]) if move.instead else (move.permission,)

    def open_to(self, post: Post, record: Moving) -> list[Transition]:
        """The moves that ``post`` may make on ``record`` now: its buttons, and the API's ``actions``."""
        return [t for t in self.transitions.values() if not self._objection(t, post, record)]

    def apply(self, action: str, record: Moving, *, by: Post, seen_version: int, reason: str = "") -> Any:
        """Move ``record``, write the event, return it.

        ``seen_version`` is the version on the reader's screen. Raises PermissionDenied, Refused or Stale;
        then nothing is changed.
        """
        move = self.transitions[action]
        if objection := self._objection(move, by, record):
            raise objection
        if move.needs_reason and not reason.strip():
            raise Refused(_("请写明原因，对方据此补充。"))
        if move.guard:
            move.guard(record)
        with transaction.atomic():
            here = _rows_of(record).filter(pk=record.pk, state__in=move.source, version=seen_version)
            if not here.update(state=move.target, version=F("version") + 1):
                raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
            was, record.state, record.version = record.state, move.target, seen_version + 1
            event = record.events.create(
                action=action, was=was, now=move.target, person=by.person, post=by, reason=reason.strip()
            )
            if move.then:
                move.then(record, event)
        return event

    def undo(self, record: Moving, *, by: Post, seen_version: int) -> Any:
        """Take the last move back: by who made it, within UNDO_WITHIN, and only while nobody did anything since.

        The move and its taking back both stay in the events. Raises Refused or Stale.
        """
        event = record.events.last()
        move = self.transitions.get(event.action) if event else None
        check_undo(event, by, possible=move is not None and move.undone is not None)
        assert move and move.undone  # otherwise refused
        with transaction.atomic():
            here = _rows_of(record).filter(pk=record.pk, state=event.now, version=seen_version)
            if not here.update(state=event.was, version=F("version") + 1):
                raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
            record.state, record.version = event.was, seen_version + 1
            taken = record.events.create(action="undo", was=event.now, now=event.was, person=by.person, post=by)
            move.undone(record, taken)
        return taken

    @staticmethod
    def _objection(move: Transition, post: Post, record: Moving) -> Exception | None:
        if not _may(move, post, record):
            return PermissionDenied()
        if record.state not in move.source:
            return Stale(_("这条记录的状态已变，请刷新后再看。"))
        if _is_barred_as_writer(move, post, record):
            return Refused(WRITTEN_BY_ONESELF)
        return None


def _rows_of(record: Any) -> Manager:
    return type(record)._base_manager


def check_undo(event: Any, by: Post, *, possible: bool) -> None:
    """Whether ``by`` may take back what ``event`` tells: the own act, of a kind where that is ``possible``, within
    UNDO_WITHIN. Raises Refused."""
    if not possible or event.person_id != by.person_id:
        raise Refused(_("这一步不能撤销。"))
    if timezone.now() - event.at > UNDO_WITHIN:
        minutes = UNDO_WITHIN // datetime.timedelta(minutes=1)
        raise Refused(_("已超过 %(minutes)s 分钟，不能撤销了。") % {"minutes": minutes})


def seen_version(posted: str | None) -> int:
    """The version on the reader's screen as a page's form sends it; 0, which no record has, for anything else."""
    text = posted or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def seen_versions(posted: list[str]) -> dict[uuid.UUID, int]:
    """{record: version} of what was ticked, each sent as "key:version"; what is no such pair is left out."""
    versions = {}
    for each in posted:
        key, _colon, version = each.partition(":")
        with suppress(ValueError):
            versions[uuid.UUID(key)] = seen_version(version)
    return versions


def _is_barred_as_writer(move: Transition, post: Post, record: Moving) -> bool:
    if not move.decides or post.person_id not in writers_of(record):
        return False
    return move.writer_too is None or not move.writer_too(record)


def _may(move: Transition, post: Post, record: Moving) -> bool:
    if post.may(move.permission, getattr(record, move.place) if move.place else record):
        return True
    if move.also_at and post.holds(move.permission):
        there = getattr(record, move.also_at)
        if there and post.may(move.permission, there):
            return True
    if move.instead is None:
        return False
    permission, fits = move.instead
    return fits(record) and post.may(permission, record)
