"""Visits on the station's desk: flagged ones one by one, the others together."""

import json
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgs.posts.models import Appointment
from orgs.review.kinds import Card, InBulk, ReviewKind
from orgs.units.models import OrgUnit
from orgs.workbench.kinds import OF_A_CHILD, Together, Waiting
from visits.visit.api.visits import VisitOut
from visits.visit.codes import FlagReason
from visits.visit.models import Visit
from visits.visit.presentation import facts_of
from visits.visit.sent_at import SENT_AT
from visits.visit.workflow import VISIT

# what a visit lacks most often: offered when it is sent back
REASONS = (
    gettext_lazy("请写明隐患是否已排除"),
    gettext_lazy("请写明没有见到孩子的原因和去向"),
    gettext_lazy("请补充与孩子、照看人谈话的内容"),
)
FEW = 2  # plain visits that are not worth a line together on the workbench


def _fetched(visits: QuerySet) -> QuerySet:
    return visits.select_related("child").annotate(sent_at=SENT_AT)


def _card(visit: Any, _post: Appointment) -> Card:
    missed = visit.not_seen_words
    return Card(
        at=visit.sent_at,
        detail=_("未见到孩子：%(what)s") % {"what": missed} if missed else visit.get_method_display(),
        chip=gettext_lazy("无异常"),
        flags=visit.flag_labels,
        asked=FlagReason.STATION_ASKED in visit.flags,
    )


def _todo_words(row: Waiting) -> str:
    words = [str(FlagReason(flag).label) for flag in json.loads(row.mark or "[]")]
    return _("走访：%(what)s") % {"what": _("、").join(words)} if words else _("走访")


def _plain_visits(rows: list[Waiting]) -> Together | None:
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


def _done_together(number: int) -> str:
    return ngettext("已通过 %(n)s 条无异常的走访。", "已通过 %(n)s 条无异常的走访。", number) % {"n": number}


VISITS = ReviewKind(
    key="visit",
    label=gettext_lazy("走访"),
    tone="ok",
    model=Visit,
    permission="accept_visit",
    workflow=VISIT,
    passing="accept",
    fetched=_fetched,
    card=_card,
    reads="view_visit",
    case=lambda request, visit: {"case": facts_of(visit, request.post)},
    reasons=REASONS,
    template="visits/visit/review.html",
    serializer=VisitOut,
    done_words=lambda visit: _("已通过%(name)s的走访。") % {"name": visit.child.name},
    in_bulk=InBulk(
        objection=lambda visit: _("有异常，须打开查看") if visit.flags else "",
        button=lambda number: _("批量通过无异常 %(n)s") % {"n": number},
        question=lambda number: _("批量通过 %(n)s 条没有异常的走访？") % {"n": number},
        done=_done_together,
    ),
    columns={"since": SENT_AT, **OF_A_CHILD, "mark": Cast("flags", CharField())},
    todo_words=_todo_words,
    together=_plain_visits,
)
