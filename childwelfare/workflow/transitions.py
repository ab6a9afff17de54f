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
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from childwelfare.workflow.history import UNDO, moment_of_next_event
from childwelfare.workflow.outcomes import Attempt, Outcome, claim_row, put_back_on_failure, write_row
from childwelfare.workflow.parties import Moving, Post
from childwelfare.workflow.refusals import CHANGED_SINCE, Refused, Stale, printed_reason
from childwelfare.workflow.tables import register
from childwelfare.workflow.writers import WRITTEN_BY_ONESELF, writers_of

HANDED_ON = _("这条记录现在不由您这里办理（孩子可能已转出），没有改动。请重新打开再看。")
STATE_CHANGED = _("这条记录的状态已变，请重新打开再看。")


@dataclass(frozen=True)
class Transition:
    """One move: from the states ``source`` to ``target``, for who holds ``permission``.

    ``target``: several where an outcome service works out which one it is (``Workflow.outcome``).
    ``permission``: blank for a move that is nobody's button: it follows from another act (``Workflow.follow``).
    ``only``: (its words, test(post, record)): for whom of those who hold ``permission``.
    ``undoable``: whoever made the move may take it back at once. ``payload``: the type of what a move needs besides a
    reason, such as a day; None where it needs nothing.
    ``decides``: not for who wrote any part of the record (``childwelfare.workflow.writers``), but where
    ``writer_too(record)`` says so. ``written``: the record's attribute with what was written, where that is another
    record: the file that a finding is about. ``writers``: function(what was written) that gives the keys of who wrote
    any part of it, where its own events do not tell of all.
    ``instead``: (permission, test(record)): who holds that permission may make the move where the test is true.
    ``place``: the record's attribute at which ``permission`` is asked; the record's own place unless said.
    ``also_at``: an attribute with another place, or None, at which it may be held as well.
    ``wrong_state``: what is said where the record is in none of ``source``.
    ``requires``: (what is said where it does not hold, test(record)): what else has to hold of the record.
    ``writes``: whether who makes the move has written in the record, or vouches for it, and may not decide it. A move
    that takes a ``payload``, or after which the record is decided, says so or says False.
    ``returns``: the record goes back to be completed; its reason is shown to who is to do so.
    """

    action: str
    label: Words
    source: tuple[str, ...]
    target: str | tuple[str, ...]
    permission: str
    needs_reason: bool = False
    decides: bool = False
    writer_too: Callable[[Any], bool] | None = None
    written: str = ""
    writers: Callable[[Any], set[Any]] = writers_of
    undoable: bool = False
    payload: type | None = None
    instead: tuple[str, Callable] | None = None
    place: str = ""
    also_at: str = ""
    only: tuple[Words, Callable[[Post, Any], bool]] | None = None
    wrong_state: Words = STATE_CHANGED
    requires: tuple[Words, Callable[[Any], bool]] | None = None
    writes: bool | None = None
    returns: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        return (self.target,) if isinstance(self.target, str) else self.target


REASON_LONGEST = 500  # characters
# how long a move may be taken back by who made it
UNDO_WITHIN = datetime.timedelta(minutes=15)


class Workflow:
    """The moves of one model, in the order in which buttons show them.

    The table says what may be done. What a move requires and what follows from it are services in the module ``moves``,
    declared with ``lock``, ``hold``, ``check``, ``bar``, ``outcome``, ``effect``, ``undo_check`` and ``undo_effect``;
    it is imported at the first move.
    ``raced``: what is told to who comes second. ``model``: label of the model that is moved ("registry.Change"), under
    which the table is found in ``childwelfare.workflow.tables``; blank for a table that is of no model, in a test.
    """

    def __init__(self, *transitions: Transition, model: str, moves: str, raced: Words = CHANGED_SINCE) -> None:
        self.transitions = {t.action: t for t in transitions}
        self.model = model
        _refuse_silence_about_writing(model, transitions)
        self.moves = moves
        self.raced = raced
        self._checks: dict[str, Callable] = {}
        self._bars: dict[str, Callable[[Any], str]] = {}
        self._outcomes: dict[str, Callable[[Any, Attempt], Outcome]] = {}
        self._effects: dict[str, Callable] = {}
        self._undo_checks: dict[str, Callable] = {}
        self._undo_effects: dict[str, Callable] = {}
        self._holds: dict[str, Callable] = {}
        self._lock: Callable | None = None
        if model:
            register(self)

    def check(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, payload)``, which may raise Refused, for ``actions``."""
        return self._declare(self._checks, actions)

    def bar(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record)`` for ``actions``: why the move is not made on the record now, in words, or blank.
        It is asked in the move's transaction with the record claimed, and before a page offers the move
        (``offered_to``); it may ask the database."""
        return self._declare(self._bars, actions)

    def outcome(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, attempt)`` for ``actions``: it gives their Outcome, in the move's transaction with
        the record claimed, and may raise Refused. Every move with several targets has one."""
        return self._declare(self._outcomes, actions)

    def effect(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, event, payload)``, run in the move's transaction, for ``actions``."""
        return self._declare(self._effects, actions)

    def undo_check(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, event)``, which raises Refused where what ``event`` tells can't be taken back any
        more, for ``actions``: asked before the button is shown, and again with the record claimed."""
        return self._declare(self._undo_checks, actions)

    def undo_effect(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record, event)``, run in the transaction of taking a move back, for ``actions``."""
        return self._declare(self._undo_effects, actions)

    def lock(self, function: Callable) -> Callable:
        """Declare ``function(record)``, run in the transaction of every move before the record's own row is written.

        It holds what other acts hold before they write the record, so that two never wait for each other, and puts
        ``record`` where it is now: permissions are asked there. It may read its state anew as well.
        """
        if self._lock:
            raise ImproperlyConfigured(f"{function.__qualname__}: there is {self._lock.__qualname__}")
        self._lock = function
        return function

    def hold(self, *actions: str) -> Callable[[Callable], Callable]:
        """Declare ``function(record)`` for ``actions``, which write other records besides: run before ``lock``, it
        holds those that come before the record's own in the order in which all acts hold them."""
        return self._declare(self._holds, actions)

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
        """Moves that have no effect, those to be taken back that have no undo effect, and those with several targets
        that have no outcome: for a test."""
        self.load()
        undoable = {action for action, move in self.transitions.items() if move.undoable}
        open_ended = {action for action, move in self.transitions.items() if len(move.targets) != 1}
        without_effect = self.transitions.keys() - self._effects.keys()
        return without_effect | (undoable ^ self._undo_effects.keys()) | (open_ended - self._outcomes.keys())

    def permissions(self, action: str) -> tuple[str, ...]:
        """Whoever holds one of them somewhere may try the move: what an API action or a page of it demands."""
        move = self.transitions[action]
        instead = move.instead[0] if move.instead else ""
        return tuple(permission for permission in (move.permission, instead) if permission)

    def open_to(self, post: Post, record: Moving) -> list[Transition]:
        """The moves that ``post`` may make on ``record`` now, as its table says: the API's ``actions`` of a list."""
        return [t for t in self.transitions.values() if not _objection(t, post, record)]

    def offered_to(self, post: Post, record: Moving) -> list[Transition]:
        """As ``open_to``, less those that a ``bar`` would refuse: the buttons of one record's page, and its ``actions``
        there. Asks the database, so it is not for the rows of a list."""
        self.load()
        return [t for t in self.open_to(post, record) if t.action not in self._bars or not self._bars[t.action](record)]

    def is_open_to(self, post: Post, record: Moving, action: str) -> bool:
        """Whether ``post`` may make this one move on ``record`` now."""
        return self.objection(post, record, action) is None

    def objection(self, post: Post, record: Moving, action: str) -> Exception | None:
        """Why ``post`` may not make this move on ``record`` now: PermissionDenied where it is not the post's, Stale for
        the state that the record is in and what else it requires, Refused for who wrote in it. None where it may."""
        return _objection(self.transitions[action], post, record)

    def hindrance(self, record: Moving, action: str) -> Stale | None:
        """What keeps this move from being made on ``record`` as it is, whoever makes it: for rows whose reader is known
        to be the right one. Asks no query."""
        return _hindrance(self.transitions[action], record)

    def may_undo(self, post: Post, record: Moving) -> bool:
        """Whether ``post`` may take the last move of ``record`` back now."""
        self.load()
        try:
            _event, move = self._last_move(record, post)
        except Refused:
            return False
        return _may(move, post, record)

    def refuse_moved_since(self, action: str, record: Moving, *, seen_version: int) -> None:
        """Raises Stale where ``record``, which ``action`` is to move, has moved on since its reader saw it.

        Services ask this before they judge what was written: faults in what can't be sent any more are not to be
        mended, and who was first is what has to be told. Whoever comes in at the same moment is found by ``apply``.
        """
        if not 0 < seen_version < record.version:
            return
        why = self.hindrance(record, action) or Stale(self.raced)
        raise self.naming_last_move(why, record, self.transitions[action].source, seen_version=seen_version)

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
        if objection := _objection(move, by, record):
            raise self.naming_last_move(objection, record, move.source) if isinstance(objection, Stale) else objection
        self.refuse_moved_since(action, record, seen_version=seen_version)
        reason = printed_reason(reason)  # a browser sends two characters for the one that it counts of a line break
        if move.needs_reason and not reason:
            raise Refused(_("请写明原因，对方据此补充。"))
        if len(reason) > REASON_LONGEST:
            words = {"most": REASON_LONGEST, "n": len(reason)}
            raise Refused(_("原因最多 %(most)s 字，现在有 %(n)s 字。") % words)
        if check := self._checks.get(action):
            check(record, payload)
        attempt = Attempt(action, by, reason, payload)
        with put_back_on_failure(record), transaction.atomic():
            if hold := self._holds.get(action):
                hold(record)
            if self._lock:
                self._lock(record)
                if not _may(move, by, record):  # it has gone elsewhere since; for the rest the version answers
                    raise Stale(HANDED_ON)
                if hindrance := _hindrance(move, record):
                    raise self.naming_last_move(hindrance, record, move.source)
            return self._make(move, record, attempt, version=seen_version)

    def follow(self, action: str, record: Moving, *, by: Post | None, reason: str = "", payload: Any = None) -> Any:
        """Make a move that follows from another act, in that act's transaction, which holds the record as it is now.

        Whoever may do the other act causes it: no permission of ``by`` is asked, and no version was seen; None where
        the calendar causes it, and the record's events may be without a person. Returns the event. Raises Stale where
        the record is in none of the move's states.
        """
        self.load()
        move = self.transitions[action]
        if record.state not in move.source:
            raise self.naming_last_move(Stale(move.wrong_state), record, move.source)
        with transaction.atomic():
            return self._make(move, record, Attempt(action, by, reason, payload), version=record.version)

    def _make(self, move: Transition, record: Moving, attempt: Attempt, *, version: int) -> Any:
        """Claim the record at ``version``, write what the move comes to, and its event; then the effect."""
        if not claim_row(record, move.source, version):
            raise self.naming_last_move(Stale(self.raced), record, move.source, seen_version=version)
        if (bar := self._bars.get(move.action)) and (why := bar(record)):
            raise Refused(why)
        work_out, was = self._outcomes.get(move.action), record.state
        outcome = work_out(record, attempt) if work_out else Outcome()
        state = outcome.state if len(move.targets) > 1 else move.targets[0]
        if state not in move.targets:
            raise TypeError(f"{move.action}: {state!r} is not where this move ends")
        write_row(record, state, version + 1, outcome.columns)
        event = record.events.create(
            action=move.action,
            was=was,
            now=state,
            person=attempt.by.person if attempt.by else None,
            post=attempt.by,
            reason=attempt.reason,
            **outcome.facts,
        )
        if effect := self._effects.get(move.action):
            effect(record, event, attempt.payload)
        return event

    def undo(self, record: Moving, *, by: Post, seen_version: int) -> Any:
        """Take the last move back: by who made it, within UNDO_WITHIN, and only while nobody did anything since.

        The move and its taking back both stay in the events. Raises Refused or Stale.
        """
        self.load()
        event, move = self._last_move(record, by)
        with put_back_on_failure(record), transaction.atomic():
            if self._lock:
                self._lock(record)
            if not _may(move, by, record):
                raise Stale(HANDED_ON)
            if not claim_row(record, (event.now,), seen_version):
                raise self.naming_last_move(Stale(self.raced), record, (event.now,), seen_version=seen_version)
            # once more, now that nobody else can move it: what was read above may not be the last move any longer
            last, _move = self._last_move(record, by)
            if last.pk != event.pk:
                raise self.naming_last_move(Stale(self.raced), record, (event.now,), seen_version=seen_version)
            return self._take_back(move, record, event, by, version=seen_version)

    def follow_undo(self, action: str, record: Moving, *, by: Post) -> Any:
        """Take back the last move, which followed from another act (``follow``), in the transaction that takes that act
        back, which holds the record as it is now. Returns the event. Raises Stale where the last move is another."""
        self.load()
        event, move = record.events.last(), self.transitions[action]
        with transaction.atomic():
            if event is None or event.action != action or not claim_row(record, (event.now,), record.version):
                raise Stale(self.raced)
            return self._take_back(move, record, event, by, version=record.version)

    def _take_back(self, move: Transition, record: Moving, event: Any, by: Post, *, version: int) -> Any:
        """Put the claimed row back into the state before ``event``, tell it, and undo what the move did besides."""
        write_row(record, event.was, version + 1, {})
        taken = record.events.create(
            action="undo",
            was=event.now,
            now=event.was,
            person=by.person,
            post=by,
            at=moment_of_next_event(record, event),
            **{name: getattr(event, name) for name in event.facts},
        )
        self._undo_effects[move.action](record, taken)
        return taken

    def naming_last_move(
        self, stale: Stale, record: Moving, source: tuple[str, ...], *, seen_version: int | None = None
    ) -> Stale:
        """``stale``, which also says who did what last, where that explains it: a move has brought ``record`` out of
        the states ``source``; or it is in one of them and was moved since its reader saw ``seen_version``. Who comes
        second reads it at once, be it that she did it herself in another window."""
        last = record.events.select_related("person").last()
        move = self.transitions.get(last.action) if last else None
        if last is None or not (move or last.action == UNDO):
            return stale
        model: Any = type(record)  # as it is now: who is refused read it before
        state, version = model._base_manager.values_list("state", "version").get(pk=record.pk)
        # a part of it that was decided leaves the whole where it was
        brought_here = state not in source and last.was != last.now
        moved_since = state in source and seen_version is not None and 0 < seen_version < version
        if last.now != state or not (brought_here or moved_since):
            return stale
        who = last.person.name if last.person else _("系统按日期自动")
        did = {"why": stale, "who": who, "what": move.label if move else _("撤销上一步")}
        return Stale(_("%(why)s最近一步：%(who)s“%(what)s”。") % did)

    def _last_move(self, record: Moving, by: Post) -> tuple[Any, Transition]:
        """The last event of ``record`` and its move. Raises Refused where ``by`` may not take it back."""
        event = record.events.last()
        move = self.transitions.get(event.action) if event else None
        check_undo(event, by, possible=move is not None and move.undoable)
        assert event and move  # otherwise refused
        if check := self._undo_checks.get(move.action):
            check(record, event)
        return event, move


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


def _refuse_silence_about_writing(model: str, moves: tuple[Transition, ...]) -> None:
    """Raises ImproperlyConfigured for a move that may have written what another move decides, and does not say."""
    decided = {state for move in moves if move.decides for state in move.source}
    for move in moves:
        may_write = move.payload is not None or decided.intersection(move.targets)
        if decided and may_write and not move.decides and move.writes is None:
            raise ImproperlyConfigured(
                f"{model}: the move {move.action!r} carries a payload, or sends the record to be decided: say"
                " writes=True where who makes it has written in the record, and so may not decide it; else writes=False"
            )


def _objection(move: Transition, post: Post, record: Moving) -> Exception | None:
    if not _may(move, post, record):
        return PermissionDenied()
    if hindrance := _hindrance(move, record):
        return hindrance
    if _is_barred_as_writer(move, post, record):
        return Refused(WRITTEN_BY_ONESELF)
    return None


def _hindrance(move: Transition, record: Moving) -> Stale | None:
    """What keeps the move from being made on ``record`` as it is, whoever makes it."""
    if record.state not in move.source:
        return Stale(move.wrong_state)
    if move.requires and not move.requires[1](record):
        return Stale(move.requires[0])
    return None


def _is_barred_as_writer(move: Transition, post: Post, record: Moving) -> bool:
    if not move.decides or (move.writer_too and move.writer_too(record)):
        return False
    return post.person_id in move.writers(_written(move, record))


def _written(move: Transition, record: Moving) -> Any:
    return getattr(record, move.written) if move.written else record


def _may(move: Transition, post: Post, record: Moving) -> bool:
    if not move.permission or not _is_permitted(move, post, record):
        return False
    return move.only is None or move.only[1](post, record)


def _is_permitted(move: Transition, post: Post, record: Moving) -> bool:
    if post.may(move.permission, getattr(record, move.place) if move.place else record):
        return True
    if move.also_at and post.holds(move.permission):
        there = getattr(record, move.also_at)
        if there and post.may(move.permission, there):
            return True
    if move.instead is None:
        return False
    permission, fits = move.instead
    return post.may(permission, record) and fits(record)  # in this order: the test may ask the database
