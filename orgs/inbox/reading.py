"""How messages read: in words for one post, the unread ones first where she wants it so, a page at a time."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from childwelfare.tables.keyset import page_of
from childwelfare.text.words import Words
from orgs.inbox.kinds import INBOX_KINDS, About, InboxKind, told_to
from orgs.inbox.models import Message, MessageQuerySet
from orgs.inbox.services import settle
from orgs.posts.models import Appointment

SIZE = 30
ORDER = ("sent_at", "id")
UNREAD, REST = "unread", "rest"  # the parts of a list that shows the unread ones first


@dataclass(frozen=True)
class Line:
    """One message as a row of the list or of the API says it."""

    pk: uuid.UUID
    kind: InboxKind
    title: str
    sent_at: datetime.datetime
    read_at: datetime.datetime | None
    is_settled: bool
    url: str

    @property
    def is_unread(self) -> bool:
        """Whether it counts."""
        return self.read_at is None and not self.is_settled


@dataclass(frozen=True)
class Page:
    """``older``: (part, cursor) of the page that follows; both blank where there is none."""

    lines: list[Line]
    older: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Filter:
    """A kind of which there are messages; ``unread``: how many of them count."""

    key: str
    label: Words
    unread: int


def lines_of(messages: Sequence[Message], post: Appointment) -> list[Line]:
    """``messages`` of ``post`` in words. One query for all that they are about; a second one where some turn out to be
    settled since they were sent."""
    known = [message for message in messages if message.kind in INBOX_KINDS]
    asked: dict[str, set[uuid.UUID]] = {}
    for message in known:
        asked.setdefault(message.kind, set()).add(message.record)
    told = told_to(post, asked)
    lines, over = [], []
    for message in known:
        about = told.get((message.kind, message.record))
        line = _line(message, about)
        lines.append(line)
        if line.is_settled and message.read_at is None and message.settled_at is None:
            over.append(message.pk)
    settle(over)
    return lines


def about_of(message: Message, post: Appointment) -> About | None:
    """What ``message`` is about; None where its record is there no more, or nobody declares its kind by now."""
    if message.kind not in INBOX_KINDS:
        return None
    return told_to(post, {message.kind: {message.record}}).get((message.kind, message.record))


def own_messages(post: Appointment, kind: str = "") -> MessageQuerySet:
    """The messages of ``post``, of ``kind`` where one is chosen."""
    messages = Message.objects.of(post)
    return messages.filter(kind=kind) if kind else messages


def page_for(post: Appointment, *, kind: str, unread_first: bool, part: str, cursor: str) -> Page:
    """A page, newest first; with ``unread_first`` those that count, page after page, before the others."""
    messages = own_messages(post, kind)
    if not unread_first:
        rows = page_of(messages, ORDER, cursor, SIZE)
        return Page(lines_of(rows.rows, post), ("", rows.older))
    if part == REST:
        rows = page_of(messages.done_with(), ORDER, cursor, SIZE)
        return Page(lines_of(rows.rows, post), (REST if rows.older else "", rows.older))
    rows = page_of(messages.unread(), ORDER, cursor, SIZE)
    if rows.older:
        return Page(lines_of(rows.rows, post), (UNREAD, rows.older))
    rest = page_of(messages.done_with(), ORDER, "", SIZE)
    return Page(lines_of([*rows.rows, *rest.rows], post), (REST if rest.older else "", rest.older))


def filters_for(post: Appointment) -> list[Filter]:
    """The kinds of which ``post`` has messages, in the order in which they were declared. One query."""
    counts = Count("pk", filter=Q(read_at=None, settled_at=None))
    found = dict(Message.objects.of(post).order_by().values_list("kind").annotate(unread=counts))
    return [Filter(key, kind.label, found[key]) for key, kind in INBOX_KINDS.items() if key in found]


def _line(message: Message, about: About | None) -> Line:
    kind = INBOX_KINDS[message.kind]
    return Line(
        pk=message.pk,
        kind=kind,
        title=kind.title(about) if about else str(kind.label),
        sent_at=message.sent_at,
        read_at=message.read_at,
        is_settled=message.settled_at is not None or about is None or not about.is_open,
        url=kind.url(about) if about else "",
    )
