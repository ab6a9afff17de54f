"""One mechanism for every record that moves through states: a declared table, and one function that applies it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A move that can't be made; its text tells the reader why and what to do (HTTP 422)."""


class Stale(Refused):
    """Somebody else moved the record first (HTTP 409)."""


@dataclass(frozen=True)
class Transition:
    """One move: from the states ``source`` to ``target``, for who holds ``permission``.

    ``guard(record)`` may raise Refused; ``then(record, event)`` runs in the same transaction.
    """

    action: str
    label: str
    source: tuple[str, ...]
    target: str
    permission: str
    needs_reason: bool = False
    checker_is_not_maker: bool = False
    guard: Callable | None = None
    then: Callable | None = None


class Workflow:
    """The moves of one model, in the order in which buttons show them."""

    def __init__(self, *transitions: Transition):
        self.transitions = {t.action: t for t in transitions}

    def open_to(self, post, record) -> list[Transition]:
        """The moves that ``post`` may make on ``record`` now: its buttons, and the API's ``actions``."""
        return [t for t in self.transitions.values() if not self._objection(t, post, record)]

    def apply(self, action: str, record, *, by, seen_version: int, reason: str = ""):
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
            here = type(record)._base_manager.filter(pk=record.pk, state__in=move.source, version=seen_version)
            if not here.update(state=move.target, version=F("version") + 1):
                raise Stale(_("这条记录刚被他人处理过，请刷新后再看。"))
            was, record.state, record.version = record.state, move.target, seen_version + 1
            event = record.events.create(
                action=action, was=was, now=move.target, person=by.person, post=by, reason=reason.strip()
            )
            if move.then:
                move.then(record, event)
        return event

    @staticmethod
    def _objection(move: Transition, post, record) -> Exception | None:
        if not post.may(move.permission, record):
            return PermissionDenied()
        if record.state not in move.source:
            return Stale(_("这条记录的状态已变，请刷新后再看。"))
        if move.checker_is_not_maker and record.made_by_id == post.person_id:
            return Refused(_("不能审核自己填报的记录，请由其他工作人员审核。"))
        return None


class Event(models.Model):
    """What happened to a record: who, in which post, from what to what, why. Rows are only ever added."""

    append_only = True

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
