"""What somebody may be told of: concepts declare their kinds, the inbox words them when they are read.

A message keeps the key of its record alone. What a row says, and whether its matter is still open, is asked of the
records of all kinds by one query, within what the reader may know.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, CharField, Field, Q, QuerySet, UUIDField, Value, When

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.masking import masked_name
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from orgs.workbench.kinds import in_columns, one_list, with_name

NEWS_FOR = datetime.timedelta(days=30)
# {column of every kind: its type}
COLUMNS: dict[str, Field] = {
    "kind": CharField(),
    "pk": UUIDField(),
    "name": CharField(),  # of the child; blank where none is known
    "is_named": BooleanField(),  # whether the reader may open the child's file, and so be told the name
    "place": CharField(),  # name of a unit
    "mark": CharField(),  # what the kind goes by when it words the row: a day, a number
    "is_open": BooleanField(),  # whether the matter still waits for somebody
}


@dataclass(frozen=True)
class About:
    """What a message is about, as its reader may know it: of a child that is not open to her the masked name."""

    kind: str
    pk: uuid.UUID
    name: str
    is_named: bool
    place: str
    mark: str
    is_open: bool

    @property
    def who(self) -> str:
        return self.name if self.is_named else masked_name(self.name)


@dataclass(frozen=True, kw_only=True, eq=False)
class InboxKind:
    """One kind of message.

    ``label``: the kind among the filters; ``title(about)``: the message in words; ``url(about)``: the work itself,
    which asks the permission itself. ``records()``: the table that the record's key is of; ``columns``: a column of
    COLUMNS → a path, an expression or what gives one when it is read; ``child`` (the path to the file, blank for the
    record itself) instead of a name. ``key_field``: the column with the key. ``waits``: what holds of a
    record while the matter is open; where it holds no more the message is settled: shown so, and not counted.
    ``news``: nobody has anything to do about it; what was not read is settled after NEWS_FOR. A kind ``waits`` or is
    news: else its messages would count for ever. ``urgent``: it stands out.
    """

    key: str
    label: Words
    icon: str
    records: Callable[[], QuerySet]
    title: Callable[[About], str]
    url: Callable[[About], str]
    waits: Callable[[], Q] = field(default=lambda: Q())
    columns: Mapping[str, Any] = field(default_factory=dict)
    key_field: str = "pk"
    news: bool = False
    urgent: bool = False

    def open(self) -> QuerySet:
        """The records whose matter is open."""
        return self.records().filter(self.waits())

    def rows(self, post: Appointment, keys: Collection[uuid.UUID]) -> QuerySet:
        """The columns of the records ``keys``, ready to be put under those of other kinds."""
        condition = self.waits()
        is_open: Any = Case(When(condition, then=Value(True)), default=Value(False)) if condition else Value(True)
        columns = {name: given() if callable(given) else given for name, given in self.columns.items()}
        given = {"kind": Value(self.key), "pk": self.key_field, "is_open": is_open} | columns
        records = self.records().filter(**{f"{self.key_field}__in": sorted(keys)})
        return in_columns(records, COLUMNS, with_name(given, post))


INBOX_KINDS: KeyedRegistry[InboxKind] = KeyedRegistry("kinds of messages", key="key")


def told_to(post: Appointment, asked: Mapping[str, Collection[uuid.UUID]]) -> dict[tuple[str, uuid.UUID], About]:
    """{(kind, record): what it says to ``post``} of the records ``asked`` of each kind. One query, none for nothing."""
    rows = [INBOX_KINDS[kind].rows(post, keys) for kind, keys in asked.items() if keys]
    found = (About(*row) for row in one_list(rows)) if rows else ()
    return {(about.kind, about.pk): about for about in found}
