"""The director's day: what came back, what is overdue, what is due this week, most urgent first."""

import datetime

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from childwelfare.workflow.models import last_return
from orgs.access.declarations import needs
from orgs.units.models import OrgUnit
from registry.changes.models import Change
from registry.child.models import ChildFile
from visits.alerts.panel import open_alerts
from visits.phones.pull import progress
from visits.schedule.due_list import extras_for, rounds_for, tries_of, with_contacts, with_holidays, with_reasons
from visits.schedule.models import VisitDue
from visits.visit.models import Visit, VisitState

SHOWN = 300  # children of the largest village
WEEK = 7  # days


@needs("log_visit")
def today(request):
    post, day = request.post, timezone.localdate()
    dues = VisitDue.objects.visible_to(post, "log_visit").select_related("child", "village")
    asked = list(extras_for(post, "log_visit").select_related("child", "village")[:SHOWN])
    others = dues.exclude(pk__in=[due.pk for due in asked])
    overdue, week, rest = _by_urgency(others.open().order_by("due_on", "child_id")[:SHOWN], day)
    rounds = rounds_for(post, "log_visit", day)
    shown = {due.pk for due in (*asked, *overdue, *week)}
    in_rounds: list[VisitDue] = []
    for todo in rounds:
        todo.rest = [due for due in todo.dues if due.pk not in shown]
        shown |= {due.pk for due in todo.rest}
        in_rounds += todo.rest
    rest = [due for due in rest if due.pk not in shown]
    every = [*asked, *overdue, *week, *in_rounds, *rest]
    _describe(every, day, post.unit)
    with_reasons(every, rounds)
    with_holidays(every)
    for todo in rounds:
        for due in todo.rest:  # the heading names it
            due.in_rounds.remove(todo.round)
    returned = list(
        Visit.objects.visible_to(post, "log_visit")
        .filter(state=VisitState.RETURNED)
        .without_those_of_others()
        .select_related("child")
        .prefetch_related("events__person")
        .order_by("visited_on")[:20]
    )
    returned += [visit for visit in _returned_from_elsewhere(post) if visit not in returned]
    for visit in returned:
        visit.reason = last_return(visit)
    files_back = list(
        ChildFile.objects.visible_to(post, "create_child").filter(state="returned").only("id", "name", "state")[:20]
    )
    month = progress(post, day)
    context = {
        "today": day,
        "alerts": open_alerts(post),
        "asked": asked,
        "rounds": rounds,
        "offline_worker": reverse("offline-worker") if settings.CWR_OFFLINE else "",
        "overdue": overdue,
        "week": week,
        "rest": rest,
        "returned": returned,
        "files_back": files_back,
        "changes_back": _changes_back(post),
        "visited_in_month": month["visited"],
        "due_here": month["due_here"],
        "drafts": ChildFile.objects.visible_to(post, "create_child").filter(state="draft", made_by=request.user)[:10],
    }
    return render(request, "visits/today/today.html", context)


def _by_urgency(dues, day: datetime.date) -> tuple[list[VisitDue], list[VisitDue], list[VisitDue]]:
    """Overdue, due within a week, the rest."""
    groups: tuple[list, list, list] = [], [], []
    for due in dues:
        if due.is_overdue(day):
            groups[0].append(due)
        elif (due.due_on - day).days <= WEEK:
            groups[1].append(due)
        else:
            groups[2].append(due)
    return groups


def _returned_from_elsewhere(post) -> list[Visit]:
    """Visits that were made here while a child stayed, or before it was handed on, sent back by the station that keeps
    the file."""
    visits = Visit.objects.returned_from_elsewhere(post, "log_visit")
    return list(visits.select_related("child").prefetch_related("events__person").order_by("visited_on")[:20])


def _changes_back(post) -> list[Change]:
    """Changes that the station sent back, each with the last reason."""
    changes = Change.objects.visible_to(post, "propose_change").filter(state="returned").select_related("child")
    found = list(changes.prefetch_related("fields", "events__person").order_by("sent_at")[:20])
    for change in found:
        change.reason = last_return(change)
    return found


def _describe(dues: list[VisitDue], day: datetime.date, here: OrgUnit) -> None:
    """Age, guardian, days late and the way there beside each due."""
    with_contacts(dues, here)
    tried = tries_of(dues)
    for due in dues:
        due.tried = tried.get(due.child_id)
        due.years = due.child.age(day)
        due.late = (day - due.due_on).days
        # the first due begins with the registry, or with the stay; any other with a visit
        due.visited_before = due.since not in (due.child.begun_on, due.stay and due.stay.begun_on)
