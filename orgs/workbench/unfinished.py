"""What a director begins her day with: what came back to be completed, and drafts. Concepts add their kinds; she has
no workbench, her day's page shows them."""

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateTimeField, Field, IntegerField, QuerySet, Subquery, UUIDField, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.hooks import KeyedRegistry
from childwelfare.tables.beginning import Beginning
from childwelfare.tables.kept import kept_rows
from childwelfare.text.words import Words
from childwelfare.workflow.history import last_arrival, last_event
from childwelfare.workflow.models import RETURNS, TAKEN_BACK
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import in_columns, one_list

SHOWN = 60
COLUMNS: dict[str, Field] = {
    "position": IntegerField(),
    "kind": CharField(),
    "pk": UUIDField(),
    "name": CharField(),  # of the child
    "mark": CharField(),  # what the kind says of it besides: a day, the names of fields
    "at": DateTimeField(),  # when it came back
    "reason": CharField(),
    "level": IntegerField(),  # of who sent it back
}


@dataclass(frozen=True)
class Unfinished:
    """One record that its director is to go on with, as the query gives it."""

    position: int
    kind: str
    pk: uuid.UUID
    name: str
    mark: str
    at: datetime.datetime | None
    reason: str
    level: int | None

    @property
    def came_back(self) -> bool:
        return UNFINISHED_KINDS[self.kind].came_back

    @property
    def who(self) -> str:
        """The tier that sent it back."""
        tiers: dict[int | None, str] = {
            Level.TOWNSHIP: _("工作站"),
            Level.COUNTY: _("县级指导中心"),
        }
        return tiers.get(self.level, _("上级部门"))

    @property
    def how(self) -> str:
        """工作站退回; of what its writer took back 撤回修改."""
        if UNFINISHED_KINDS[self.kind].taken_back:
            return str(TAKEN_BACK)
        return _("%(who)s退回") % {"who": self.who}

    @property
    def title(self) -> str:
        return str(UNFINISHED_KINDS[self.kind].title) % {"who": self.who, "name": self.name}

    @property
    def chip(self) -> Words:
        return UNFINISHED_KINDS[self.kind].chip

    @property
    def detail(self) -> str:
        """最迟12月4日: of what nobody sent back, besides its title."""
        return "" if self.came_back or not self.mark else UNFINISHED_KINDS[self.kind].about(self.mark)

    @property
    def words(self) -> str:
        """张子涵 11月3日走访：“照看人电话没写”"""
        about = UNFINISHED_KINDS[self.kind].about(self.mark) if self.mark else ""
        what = f"{self.name} {about}".strip()
        has_reason = self.reason and not UNFINISHED_KINDS[self.kind].taken_back
        return _("%(what)s：“%(reason)s”") % {"what": what, "reason": self.reason} if has_reason else what

    @property
    def url(self) -> str:
        return reverse(UNFINISHED_KINDS[self.kind].page, args=[self.pk])


@dataclass(frozen=True, kw_only=True, eq=False)
class UnfinishedKind:
    """One kind of what a director is to go on with.

    ``records(post)``: those that are asked of ``post``. ``columns``: ``name``, the path to the child's name, and where
    the card says more ``mark``, which ``about(mark)`` puts into words. ``title`` may name %(who)s, the tier that sent
    it back, and %(name)s; ``page``: the name of the address at which it is completed. Unless ``came_back`` is False its
    last return says when, why and by whom; else ``chip`` says what it is. ``taken_back``: its writer took it back,
    nobody sent it back.
    """

    key: str
    records: Callable[[Appointment], QuerySet]
    columns: Mapping[str, Any]
    title: Words
    page: str
    about: Callable[[str], str] = str
    came_back: bool = True
    chip: Words = gettext_lazy("没有送出")
    taken_back: bool = False

    def rows(self, post: Appointment, position: int) -> QuerySet:
        """Its records as rows of COLUMNS."""
        records = self.records(post)
        given = {"position": Value(position), "kind": Value(self.key), "pk": "pk"} | dict(self.columns)
        if self.came_back:
            last = last_event(records.model, RETURNS)
            given |= {
                "at": Subquery(last_arrival(records.model, "returned").values("at")[:1]),
                "reason": Subquery(last.values("reason")[:1]),
                "level": Subquery(last.values("post__unit__level")[:1]),
            }
        return in_columns(records, COLUMNS, given)


UNFINISHED_KINDS: KeyedRegistry[UnfinishedKind] = KeyedRegistry("kinds of what a director goes on with", key="key")


def unfinished(post: Appointment) -> Beginning[Unfinished]:
    """What is asked of ``post``, kind by kind, what came back first the oldest first; SHOWN of them. One query."""
    kinds = tuple(UNFINISHED_KINDS.values())

    def asked() -> QuerySet:
        rows = [kind.rows(post, position) for position, kind in enumerate(kinds)]
        return one_list(rows, ["w_position", "w_at", "w_name"])

    found = kept_rows(("unfinished", post.reach, kinds, SHOWN), lambda: asked()[: SHOWN + 1])
    number = len(found) if len(found) <= SHOWN else asked().order_by().count()
    return Beginning([Unfinished(*row) for row in found[:SHOWN]], number)
