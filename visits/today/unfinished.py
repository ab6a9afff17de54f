"""What a director begins her day with: what came back to be completed, and drafts. One query for all of it."""

import datetime
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.workflow.history import last_arrival, last_event
from childwelfare.workflow.models import RETURNS
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import in_columns
from registry.changes.models import Change, ChangeState
from registry.child.fields import label_of
from registry.child.models import ChildFile, FileState
from visits.visit.models import Visit

SHOWN = 60
COLUMNS: dict[str, Field] = {
    "position": IntegerField(),
    "pk": UUIDField(),
    "name": CharField(),
    "day": DateField(),  # of a visit
    "at": DateTimeField(),  # when it came back
    "reason": CharField(),
    "level": IntegerField(),  # of who sent it back
    "names": CharField(),  # of the fields of a change
}
VISIT, FILE, CHANGE, DRAFT = range(4)  # in this order they stand


@dataclass(frozen=True)
class Unfinished:
    """One record that its director is to go on with."""

    position: int
    pk: uuid.UUID
    name: str
    day: datetime.date | None
    at: datetime.datetime | None
    reason: str
    level: int | None
    names: str

    @property
    def is_draft(self) -> bool:
        return self.position == DRAFT

    @property
    def title(self) -> str:
        tiers: dict[int | None, str] = {Level.TOWNSHIP: _("工作站"), Level.COUNTY: _("县级指导中心")}
        who = tiers.get(self.level, _("上级部门"))
        return {
            VISIT: _("%(who)s退回走访，请补充") % {"who": who},
            FILE: _("%(who)s退回档案，请补充") % {"who": who},
            CHANGE: _("%(who)s退回变更，请补充") % {"who": who},
            DRAFT: _("%(name)s的档案还是草稿") % {"name": self.name},
        }[self.position]

    @property
    def words(self) -> str:
        """张子涵 11月3日走访：“照看人电话没写”"""
        about = ""
        if self.day:
            about = _("%(day)s走访") % {"day": date_format(self.day, "MONTH_DAY_FORMAT")}
        elif self.names:
            about = _("、").join(label_of(name) for name in json.loads(self.names)[:3])
        what = f"{self.name} {about}".strip()
        return _("%(what)s：“%(reason)s”") % {"what": what, "reason": self.reason} if self.reason else what

    @property
    def url(self) -> str:
        page = {VISIT: "visit-edit", CHANGE: "change-detail"}.get(self.position, "child-edit")
        return reverse(page, args=[self.pk])


def unfinished(post: Appointment) -> list[Unfinished]:
    """What came back and is asked of ``post``, visits first, then its person's drafts; SHOWN of them. One query."""
    files = ChildFile.objects.visible_to(post, "create_child")
    changes = Change.objects.visible_to(post, "propose_change").filter(state=ChangeState.RETURNED)
    parts = [
        _rows(
            Visit.objects.returned_to(post, "log_visit"), VISIT, name="child__name", day="visited_on",
        ),
        _rows(files.filter(state=FileState.RETURNED), FILE, name="name"),
        _rows(changes, CHANGE, name="child__name", names="names"),
        _rows(files.filter(state=FileState.DRAFT, made_by=post.person_id), DRAFT, name="name"),
    ]  # fmt: skip
    first, *others = parts
    rows = first.union(*others, all=True).order_by("w_position", "w_day", "w_at", "w_name")[:SHOWN]
    return [Unfinished(*row) for row in rows]


def _rows(records: QuerySet, position: int, *, names: str = "", **columns: str) -> QuerySet:
    """The last return of ``records`` says when, why, by whom, and with ``names`` of which fields."""
    given: dict[str, Any] = {"position": Value(position), "pk": "pk", **columns}
    if position != DRAFT:
        last = last_event(records.model, RETURNS)
        given |= {
            "at": Subquery(last_arrival(records.model, "returned").values("at")[:1]),
            "reason": Subquery(last.values("reason")[:1]),
            "level": Subquery(last.values("post__unit__level")[:1]),
        }
        if names:
            given["names"] = Cast(Subquery(last.values(names)[:1]), CharField())
    return in_columns(records, COLUMNS, given)
