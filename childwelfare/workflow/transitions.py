"""One mechanism for every record that moves through states: a declared table, and one function that applies it."""

import datetime
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
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

    ``undoable``: whoever made the move may take it back at once. ``payload``: the type of what a move needs besides a
    reason, such as a day; None where it needs nothing.
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
    undoable: bool = False
    payload: type | None = None
    instead: tuple[str, Callable] | None = None
    place: str = ""
    also_at: str = ""


# how long a move may be taken back by who made it
UNDO_WITHIN = datetime.timedelta(minutes=15)

HANDED_ON = _("这条记录现在不由您这里办理（孩子可能已转出），没有改动。请刷新后再看。")


class Workflow:
    """The moves of one model, in the order in which buttons show them.

    The table says what may be done. What a move requires and what follows from it are services in the module ``moves``,
    declared with ``lock``, ``check``, ``effect`` and ``undo_effect``; it is imported at the first move.
    """

    def __init__(self, *transitions: Transition, moves: str) -> None:
        self.transitions = {t.action: t for t in transitions}
        self.moves = moves
        self._checks: dict[str, Callable] = {}
        self._effects: dict[str, Callable] = {}
        self._undo_effects: dict[str, Callable] = {}
        self._lock: Callable | None = None

    def check(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, payload)``, which may raise Refused, for ``actions``."""
        return self._declare(self._checks, actions)

    def effect(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, event, payload)``, run in the move's transaction, for ``actions``."""
        return self._declare(self._effects, actions)

    def undo_effect(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, event)``, run in the transaction of taking a move back, for ``actions``."""
        return self._declare(self._undo_effects, actions)

    def lock(self, function: Callable) -> Callable:
        """Declare ``function(record)``, run in the transaction of every move before the record's own row is written.

        It holds what other acts hold before they write the record, so that two never wait for each other, and puts
        ``record`` where it is now: permissions are asked there.
        """
        if self._lock:
            raise ImproperlyConfigured(f"{function.__qualname__}: there is {self._lock.__qualname__}")
        self._lock = function
        return function

    def _declare(self, held: dict[str, Callable], actions: tuple[str, ...]) -> Callable[[Callable], Callable]:
        def declare(function: Callable) -> Callable:
            for action in actions:
                if action not in self.transitions or action in held:
                    raise ImproperlyConfigured(f"{function.__qualname__}: {action!r} is no move, or has its service")
                held[action] = function
            return function

        return declare

    def load(self) -> None:
        """Import the services of the moves."""
        import_module(self.moves)

    def undeclared(self) -> set[str]:
        """Moves that have no effect, and those to be taken back that have no undo effect: for a test."""
        self.load()
        undoable = {action for action, move in self.transitions.items() if move.undoable}
        return (self.transitions.keys() - self._effects.keys()) | (undoable ^ self._undo_effects.keys())

    def permissions(self, action: str) -> tuple[str, ...]:
        """Whoever holds one of them somewhere may try the move: what an API action or a page of it demands."""
        move = self.transitions[action]
        return (move.permission, move.instead[0]) if move.instead else (move.permission,)

    def open_to(self, post: Post, record: Moving) -> list[Transition]:
        """The moves that ``post`` may make on ``record`` now: its buttons, and the API's ``actions``."""
        return [t for t in self.transitions.values() if not self._objection(t, post, record)]

    def apply(
        self, action: str, record: Moving, *, by: Post, seen_version: int, reason: str = "", payload: Any = None
    ) -> Any:
        """Move ``record``, write the event, return it.

        ``seen_version`` is the version on the reader's screen; ``payload`` what the move needs besides. Raises
        PermissionDenied, Refused or Stale; then nothing is changed.
        """
        self.load()
        move = self.transitions[action]
        if payload is not None and (move.payload is None or not isinstance(payload, move.payload)):
            raise TypeError(f"{action}: {payload!r} is not what this move takes")
        if objection := self._objection(move, by, record):
            raise objection
        if move.needs_reason and not reason.strip():
            raise Refused(_("请写明原因，对方据此补充。"))
        if check := self._checks.get(action):
            check(record, payload)
        with transaction.atomic():
            if self._lock:
                self._lock(record)
                if not _may(move, by, record):  # it has gone elsewhere since; for the rest the version answers
                    raise Stale(HANDED_ON)
            here = _rows_of(record).filter(pk=record.pk, state__in=move.source, version=seen_version)
            if not here.update(state=move.target, version=F("version") + 1):
                raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
            was, record.state, record.version = record.state, move.target, seen_version + 1
            event = record.events.create(
                action=action, was=was, now=move.target, person=by.person, post=by, reason=reason.strip()
            )
            if effect := self._effects.get(action):
                effect(record, event, payload)
        return event

    def undo(self, record: Moving, *, by: Post, seen_version: int) -> Any:
        """Take the last move back: by who made it, within UNDO_WITHIN, and only while nobody did anything since.

        The move and its taking back both stay in the events. Raises Refused or Stale.
        """
        self.load()
        event = record.events.last()
        move = self.transitions.get(event.action) if event else None
        check_undo(event, by, possible=move is not None and move.undoable)
        assert move  # otherwise refused
        with transaction.atomic():
            if self._lock:
                self._lock(record)
            if not _may(move, by, record):
                raise Stale(HANDED_ON)
            here = _rows_of(record).filter(pk=record.pk, state=event.now, version=seen_version)
            if not here.update(state=event.was, version=F("version") + 1):
                raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
            record.state, record.version = event.was, seen_version + 1
            taken = record.events.create(action="undo", was=event.now, now=event.was, person=by.person, post=by)
            self._undo_effects[move.action](record, taken)
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
