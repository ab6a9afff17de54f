"""What may wait for a post: concepts add their kinds, the workbench shows all of them as one list.

A kind says its rows as columns of the same names (``COLUMNS``), so that everything that waits comes by one query, and
what a row says in words afterwards.
"""

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    IntegerField,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from childwelfare.hooks import KeyedRegistry, Registry
from childwelfare.text.words import Words
from childwelfare.workflow.history import without_undone
from orgs.posts.models import Appointment

# {column of every kind: its type}
COLUMNS: dict[str, Field] = {
    "kind": CharField(),
    "pk": UUIDField(),
    "since": DateTimeField(),  # since when it waits
    "since_day": DateField(),  # where no more than the day of it is known
    "name": CharField(),  # of the child; blank where none is known
    "is_named": BooleanField(),  # whether the reader may open the child's file, and so be told the name
    "place": CharField(),  # name of the village
    "made_by": CharField(),  # who sent it
    "words": CharField(),  # what else the row says
    "mark": CharField(),  # what the kind goes by when it words the row: a state, a flag
    "due_on": DateField(),  # where the record itself has a last day
    "rank": IntegerField(),  # 0 urgent, 1 with a clock, 2 without
    "until": DateField(),  # roughly till when: by it rows are read
}


# the columns of a record of a child, placed in a village and made by somebody
OF_A_CHILD = {"child": "child", "place": "village__name", "made_by": "made_by__name"}


@dataclass(frozen=True)
class Waiting:
    """One row of what waits, as the query gives it."""

    kind: str
    pk: uuid.UUID
    since: datetime.datetime
    since_day: datetime.date | None
    name: str
    is_named: bool
    place: str
    made_by: str
    words: str
    mark: str
    due_on: datetime.date | None
    rank: int
    until: datetime.date


@dataclass(frozen=True, kw_only=True, eq=False)
class TodoKind:
    """One kind of what waits.

    ``waiting(post)``: the records, within what the post may do, by its reach and the day alone, for the SQL is kept;
    its count is the badge of the navigation entries that name the kind. ``columns``: the column of COLUMNS → a path or
    an expression; ``since`` at least, or
    ``since_day`` where the record knows a day only: then it is counted in days; ``child`` instead of a name: the
    path to the file, blank for the record itself. ``what(row)``: what is to be done, in words; ``url(row)``: the
    very place; ``action``: the word of the button, for who may do it with ``permission`` (others read 查看).
    ``days``: working days that this installation gives itself (no document sets any); 0: no clock but the row's own
    ``due_on``. ``within``: a clock by the hour instead. ``together(rows)``: rows that are better done at one
    sitting, as (rows taken out, line instead) or None.
    """

    key: str
    label: Words
    icon: str
    waiting: Callable[[Appointment], QuerySet]
    columns: Mapping[str, Any]
    what: Callable[[Waiting], str]
    url: Callable[[Waiting], str]
    action: Words
    permission: str = ""
    days: int = 0
    within: datetime.timedelta | None = None
    urgent: bool = False
    together: "Callable[[list[Waiting]], Together | None] | None" = None

    def rows(self, post: Appointment) -> QuerySet:
        """The columns of what waits, ready to be put under those of other kinds."""
        given = {"kind": Value(self.key), "pk": "pk", "since": self._since} | dict(self.columns)
        given |= {"rank": Value(0 if self.urgent else 1 if self._has_clock else 2), "until": self._until()}
        return in_columns(self.waiting(post), COLUMNS, with_name(given, post))

    @property
    def _has_clock(self) -> bool:
        return bool(self.days or self.within or "due_on" in self.columns)

    @property
    def _since(self) -> Any:
        """Since when: the moment, or the beginning of the day."""
        if "since_day" in self.columns:
            return beginning_of_day(self.columns["since_day"])
        since = self.columns["since"]
        return F(since) if isinstance(since, str) else since

    def _until(self) -> Any:
        """Till when, near enough to read the most urgent rows first: calendar days for working days."""
        given = self._since + (self.within or datetime.timedelta(days=self.days))
        until = Cast(ExpressionWrapper(given, DateTimeField()), DateField())
        return Coalesce(Cast(self.columns["due_on"], DateField()), until) if "due_on" in self.columns else until


def beginning_of_day(path: str) -> ExpressionWrapper:
    """The first moment, in local time, of the day in a column: the database reads a date as midnight of UTC."""
    offset = timezone.localtime().utcoffset() or datetime.timedelta()
    return ExpressionWrapper(Cast(path, DateTimeField()) - Value(offset), DateTimeField())


def with_name(columns: Mapping[str, Any], post: Appointment) -> dict[str, Any]:
    """``columns`` with the child's name and whether ``post`` may be told it, where they have the path to a file."""
    given = dict(columns)
    if "child" in given:
        path = given.pop("child")
        opens = [condition(post, path) for condition in MAY_OPEN]
        told = Case(*(When(condition, then=Value(True)) for condition in opens), default=Value(False))
        given |= {"name": Coalesce(f"{path}__name" if path else "name", Value("")), "is_named": told}
    else:
        given["is_named"] = Value(True)  # what the row is called is no child's name
    return given


def in_columns(records: QuerySet, columns: Mapping[str, Field], given: Mapping[str, Any]) -> QuerySet:
    """``records`` as rows of ``columns``, from paths or expressions: each of its type, so that a union may put unlike
    records under each other."""
    if records.query.is_empty():
        return records  # what a post may not do has no rows: putting its columns together takes a millisecond a kind
    values = {}
    for name, kind in columns.items():
        blank = Value("") if isinstance(kind, CharField) else Value(None, output_field=kind)
        wanted: Any = given.get(name, blank)
        values[f"w_{name}"] = Cast(F(wanted) if isinstance(wanted, str) else wanted, kind)
    return records.order_by().annotate(**values).values_list(*values)


def one_list(querysets: Sequence[QuerySet], order: Sequence[str] = ()) -> QuerySet:
    """``querysets``, of the same columns, under each other in ``order``; no query where none can have a row."""
    asked = [queryset for queryset in querysets if not queryset.query.is_empty()]
    if not asked:
        return querysets[0]
    first, *others = asked
    return (first.union(*others, all=True) if others else first).order_by(*order)


@dataclass(frozen=True)
class Together:
    """``rows`` in one line: ``title``, ``note``, and the page where they are done at one sitting."""

    rows: list[Waiting]
    title: str
    note: str
    url: str
    action: Words


@dataclass(frozen=True, kw_only=True)
class Meter:
    """How far the month is: ``done`` of ``of``, in words below what is missing. ``counted_at``: when, in words, where
    it was counted before; ``is_stale``: it is being counted anew."""

    label: Words
    done: int
    of: int
    note: str = ""
    tone: str = ""
    url: str = ""
    counted_at: str = ""
    is_stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What a unit below still lacks: 3 人, 逾期 1."""

    text: str
    weight: int
    tone: str = ""
    url: str = ""


NEWS_COLUMNS: dict[str, Field] = {
    "kind": CharField(),
    "pk": UUIDField(),
    "at": DateTimeField(),
    "name": CharField(),  # of the child
    "is_named": BooleanField(),
    "action": CharField(),
    "person": CharField(),  # who decided
    "reason": CharField(),
}


@dataclass(frozen=True)
class News:
    """What somebody did with something that the post's person had sent."""

    kind: str
    pk: uuid.UUID
    at: datetime.datetime
    name: str
    is_named: bool
    action: str
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True, eq=False)
class NewsKind:
    """``events(post)``: what others did with what the post's person had sent, as ``waiting`` of a TodoKind.
    ``titles``: {action: its words}; ``columns`` as a TodoKind's, of NEWS_COLUMNS; ``url(news)``: the record. ``bad``:
    actions that ask for something, besides the moves that return. What was taken back is not told."""

    key: str
    events: Callable[[Appointment], QuerySet]
    titles: Mapping[str, Words]
    columns: Mapping[str, Any]
    url: Callable[[News], str]
    bad: tuple[str, ...] = ("refuse",)

    def rows(self, post: Appointment, *, after: datetime.datetime) -> QuerySet:
        """The columns of what happened ``after`` a moment, ready to be put under those of other kinds."""
        given = {"kind": Value(self.key), "pk": "record_id", "at": "at", "action": "action", "person": "person__name",
                 "reason": "reason"}  # fmt: skip
        happened = self.events(post).filter(action__in=tuple(self.titles), at__gt=after)
        events = without_undone(happened.exclude(person=post.person_id))
        return in_columns(events, NEWS_COLUMNS, with_name(given | dict(self.columns), post))


@dataclass(frozen=True, kw_only=True, eq=False)
class LeftKind:
    """Records with which units below have to go on: drafts, what came back.

    ``records(post)``: those that the post may read, as ``waiting`` of a TodoKind; ``unit``: the path to the unit that
    is to go on with one, blank for the record's own place. ``label``: the words with %(n)s; kinds of one label are one
    number.
    """

    key: str
    label: Words
    records: Callable[[Appointment], QuerySet]
    unit: str = ""


@dataclass
class Below:
    """One unit of the next tier and what it lacks; ``posts``: who holds the post there."""

    unit: Any
    posts: list[Appointment] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(lack.weight for lack in self.lacks)


BACK = pgettext_lazy("what came back", "退回")  # label of the to-dos of what came back
LEFT_RETURNED = gettext_lazy("退回未改 %(n)s")  # what units below have not corrected, of all kinds together
LEFT_TAKEN_BACK = gettext_lazy("撤回修改 %(n)s")  # what they took back themselves to mend it, of all kinds together

# (post, path to a child's file, blank for the row itself) → that the post may open it; one that holds is enough
MAY_OPEN: Registry[Callable[[Appointment, str], Q | Exists]] = Registry("who may open a child's file")
TODO_KINDS: KeyedRegistry[TodoKind] = KeyedRegistry("kinds of to-dos", key="key")
# meters(post) → the lines of the month's progress
METERS: Registry[Callable[[Appointment], list[Meter]]] = Registry("meters of the month")
# lacks(post) → {unit of the next tier: what it lacks}
LACKS: Registry[Callable[[Appointment], dict[int, list[Lack]]]] = Registry("what units below lack")
# what units below left unfinished: ``orgs.workbench.left_below`` counts all of it by one query
LEFT_KINDS: KeyedRegistry[LeftKind] = KeyedRegistry("kinds of what units below left unfinished", key="key")
NEWS_KINDS: KeyedRegistry[NewsKind] = KeyedRegistry("kinds of news of what was sent", key="key")
