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
    OuterRef,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.workflow.models import RETURNS
from orgs.posts.models import Appointment
from orgs.workbench.kinds import in_columns
from registry.changes.models import Change, ChangeEvent, ChangeState
from registry.child.fields import label_of
from registry.child.models import ChildFile, ChildFileEvent, FileState
from visits.visit.models import Visit, VisitEvent

SHOWN = 60
COLUMNS: dict[str, Field] = {
    "position": IntegerField(),
    "pk": UUIDField(),
    "name": CharField(),
    "day": DateField(),  # of a visit
    "at": DateTimeField(),  # when it came back
    "reason": CharField(),
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
    names: str

    @property
    def is_draft(self) -> bool:
        return self.position == DRAFT

    @property
    def title(self) -> str:
        return {
            VISIT: _("工作站退回走访，请补充"),
            FILE: _("工作站退回档案，请补充"),
            CHANGE: _("工作站退回变更，请补充"),
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
            Visit.objects.returned_to(post, "log_visit"), VISIT, VisitEvent, name="child__name", day="visited_on",
        ),
        _rows(files.filter(state=FileState.RETURNED), FILE, ChildFileEvent, name="name"),
        _rows(changes, CHANGE, ChangeEvent, name="child__name", names="names"),
        _rows(files.filter(state=FileState.DRAFT, made_by=post.person_id), DRAFT, None, name="name"),
    ]  # fmt: skip
    first, *others = parts
    rows = first.union(*others, all=True).order_by("w_position", "w_day", "w_at", "w_name")[:SHOWN]
    return [Unfinished(*row) for row in rows]


def _rows(records: QuerySet, position: int, events: Any, *, names: str = "", **columns: str) -> QuerySet:
    """``events``: the model of what happened to ``records``; its last return says when, why, and with ``names`` of
    which fields."""
    given = {"position": Value(position), "pk": "pk", **columns}
    if events:
        last = events.objects.filter(record=OuterRef("pk"), action__in=RETURNS).order_by("-at", "-pk")
        given |= {"at": Subquery(last.values("at")[:1]), "reason": Subquery(last.values("reason")[:1])}
        if names:
            given["names"] = Cast(Subquery(last.values(names)[:1]), CharField())
    return in_columns(records, COLUMNS, given)
