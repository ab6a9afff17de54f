"""What a station, or a county for its stations, is to decide: on the workbench."""

import json

from django.db.models import CharField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.posts.models import Appointment
from orgs.posts.station_work import written_by_others
from orgs.units.models import OrgUnit
from orgs.workbench.kinds import OF_A_CHILD, TodoKind, Together, Waiting
from registry.changes.models import Change
from registry.child.models import ChildFile
from visits.review.queue import waiting
from visits.visit.codes import FlagReason
from visits.visit.models import Visit

DAYS = 5  # working days; this installation's own measure
FEW = 2  # plain visits that are not worth a line together
LABEL, ICON, ACTION = gettext_lazy("审核"), "clipboard-check", gettext_lazy("去审核")


def _case(kind: str):
    return lambda row: reverse("review-case", args=[kind, row.pk])


def _of_others(model: type[Change] | type[ChildFile] | type[Visit], permission: str):
    """What the post decides and wrote no part of."""

    def found(post: Appointment):
        return written_by_others(post, waiting(model, post, permission))

    return found


def _flags(row: Waiting) -> str:
    words = [str(FlagReason(flag).label) for flag in json.loads(row.mark or "[]")]
    return _("走访：%(what)s") % {"what": _("、").join(words)} if words else _("走访")


def plain_visits(rows: list[Waiting]) -> Together | None:
    """Visits that no rule flagged, as one line: they are accepted at one sitting."""
    plain = [row for row in rows if row.mark in ("", "[]")]
    if len(plain) <= FEW:
        return None
    villages = {OrgUnit(name=row.place).short_name for row in plain}
    return Together(
        rows=plain,
        title=_("%(n)s 条走访，没有标出异常") % {"n": len(plain)},
        note=_("%(n)s 个村（居）") % {"n": len(villages)},
        url=reverse("review"),
        action=gettext_lazy("成批看"),
    )


FILES = TodoKind(
    key="file",
    label=LABEL,
    icon=ICON,
    waiting=_of_others(ChildFile, "approve_child"),
    columns={
        "since": "submitted_at",
        "name": "name",
        "place": "village__name",
        "made_by": "made_by__name",
    },
    what=lambda row: _("新建档案"),
    url=_case("file"),
    action=ACTION,
    days=DAYS,
)
CHANGES = TodoKind(
    key="change",
    label=LABEL,
    icon=ICON,
    waiting=_of_others(Change, "approve_change"),
    columns={
        "since": "sent_at",
        **OF_A_CHILD,
        "words": "note",
    },
    what=lambda row: _("档案变更：%(why)s") % {"why": row.words} if row.words else _("档案变更"),
    url=_case("change"),
    action=ACTION,
    days=DAYS,
)
VISITS = TodoKind(
    key="visit",
    label=LABEL,
    icon=ICON,
    waiting=_of_others(Visit, "accept_visit"),
    columns={
        "since": "made_at",
        **OF_A_CHILD,
        "mark": Cast("flags", CharField()),
    },
    what=_flags,
    url=_case("visit"),
    action=ACTION,
    days=DAYS,
    together=plain_visits,
)
