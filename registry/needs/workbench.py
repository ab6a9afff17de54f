"""Needs on the workbench: what one's unit holds by its last day, and what units below let become overdue."""

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.tables.kept import kept_rows
from orgs.access.scope import TIERS
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import OF_A_CHILD, Lack, NewsKind, TodoKind
from registry.needs.codes import Kind
from registry.needs.models import Need, NeedEvent, NeedQuerySet
from registry.needs.presentation import clock_of

SHOWN = 20  # in a director's day


def held_by(post: Appointment) -> NeedQuerySet:
    """What the unit of ``post`` has in hand."""
    return Need.objects.held_by(post)


def needs_in_hand(post: Appointment, today: datetime.date) -> list[Any]:
    """What a director's day shows of them: the most urgent ones, each with its clock. One query."""
    needs: list[Any] = list(held_by(post).select_related("child").most_urgent_first()[:SHOWN])
    for need in needs:
        need.clock = clock_of(need, today)
    return needs


HELD = TodoKind(
    key="need",
    label=gettext_lazy("需求"),
    icon="bandaid",
    waiting=held_by,
    columns=OF_A_CHILD | {"since": "held_since", "due_on": "due_on", "mark": "kind"},
    what=lambda row: str(Kind(row.mark).label) if row.mark else "",
    url=lambda row: reverse("need-detail", args=[row.pk]),
    action=gettext_lazy("去办"),
    permission="handle_need",
)
# of what one recorded: what others did with it
OWN_NEEDS = NewsKind(
    key="need",
    events=lambda post: NeedEvent.objects.filter(record__made_by=post.person_id),
    titles={
        "settle": gettext_lazy("的需求已办结"),
        "void": gettext_lazy("的需求被上级撤销"),
        "reopen": gettext_lazy("的需求重新办理"),
        "pass_down": gettext_lazy("的需求交到下级"),
    },
    columns={"child": "record__child"},
    url=lambda news: reverse("need-detail", args=[news.pk]),
    bad=("void",),
)


def needs_overdue_below(post: Appointment) -> dict[int, list[Lack]]:
    """{unit of the next tier: how many needs are overdue at it or below it}. One query."""
    if not post.holds("view_need") or post.unit.level == Level.VILLAGE:
        return {}
    column = f"{TIERS[post.unit.level]}_id"
    today = timezone.localdate()

    def rows():
        late = Need.objects.visible_to(post, "view_need").overdue(today).filter(holder__level__gt=post.unit.level)
        return late.order_by().values_list(F(column)).annotate(n=Count("pk"))

    found: dict[int, list[Lack]] = defaultdict(list)
    for unit, number in kept_rows(("needs below", post.reach, today), rows):
        found[unit].append(Lack(text=_("需求逾期 %(n)s") % {"n": number}, weight=number, tone="danger"))
    return found
