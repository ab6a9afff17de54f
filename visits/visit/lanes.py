"""Visits on a child's line of time: each as a dot, the next last day as a tick."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import days_left, short_day
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.stays.models import may_open
from registry.timeline.lanes import Dot, Lane, Next, Tick
from visits.visit.models import Visit


def visit_lane(post: Appointment, file: ChildFile, since: datetime.date, until: datetime.date) -> list[Lane]:
    """Visits at home full, elsewhere hollow; those that did not meet the child warm."""
    if not may_open(post, "view_visit", file):
        return []
    visits = Visit.objects.filter(child=file, visited_on__range=(since, until)).order_by("visited_on", "made_at")
    due, today = file.dues.open().first(), timezone.localdate()
    ticks = []
    if due:
        words, tone = days_left(due.due_on, today)
        ticks.append(Tick(on=due.due_on, label=words, is_late=tone == "danger"))
    note = _("每 %(n)s 天一次") % {"n": due.days} if due else ""
    dots = tuple(_dot(visit) for visit in visits)
    return [Lane(key="visits", label=_("走访"), note=note, dots=dots, ticks=tuple(ticks))]


def next_visit(post: Appointment, file: ChildFile) -> list[Next]:
    due = file.dues.open().select_related("village").first() if may_open(post, "view_visit", file) else None
    if due is None:
        return []
    may_log = file.is_to_visit and may_open(post, "log_visit", file)
    return [
        Next(
            icon="calendar-check",
            title=_("走访（%(day)s前）") % {"day": short_day(due.due_on)},
            holder=due.village.short_name,
            since=due.since,
            due_on=due.due_on,
            url=reverse("visit-new", args=[file.pk]) if may_log else "",
            action=_("记录走访") if may_log else "",
        )
    ]


def _dot(visit: Visit) -> Dot:
    met = visit.outcome == "seen"
    return Dot(
        on=visit.visited_on,
        title=_("%(method)s走访，%(outcome)s")
        % {"method": visit.get_method_display(), "outcome": visit.get_outcome_display()},
        tone="ok" if met else "warm",
        url=reverse("visit-detail", args=[visit.pk]),
        is_hollow=visit.method != "home",
    )
