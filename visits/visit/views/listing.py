"""Visits within one's scope: overdue, due this week, and the records."""

import uuid

from django.shortcuts import render
from django.utils import timezone

from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.tables.keyset import capped_count, page_of
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from visits.schedule.due_list import extras_for, rounds_for, with_reasons
from visits.schedule.models import VisitDue
from visits.visit.models import Visit, VisitState

TABS = ("overdue", "week", "extra", "records")
SHOWN = 100
HOSTED_SHOWN = 20


@needs("view_visit", reads="read_list")
def visit_list(request):
    day, post = timezone.localdate(), request.post
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "overdue"
    context = {"tab": tab, "today": day, "may_log": post.holds("log_visit")}
    context["may_see_phones"] = post.holds("accept_visit") or post.holds("settle_station_work")
    if tab == "records":
        visits = Visit.objects.visible_to(post, "view_visit")
        state = request.GET.get("state", "")
        if state in VisitState.values:
            visits = visits.filter(state=state)
        child = _key_of_child(request.GET.get("child", ""))
        if child:
            visits = visits.filter(child=child)
        context["count"], context["more"] = capped_count(visits)
        rows = visits.select_related("child", "village", "township", "made_by")
        context["page"] = page_of(rows, ("visited_on", "id"), request.GET.get("page", ""))
        context |= {"state": state, "states": VisitState.choices, "child": child}
        if not state and not child and not request.GET.get("page"):
            context["as_host"] = _made_as_host(post)
        note_reading(request, rows=len(context["page"]) + len(context.get("as_host", ())))
    else:
        dues = _dues(post, tab, day)
        context["count"], context["more"] = capped_count(dues)
        rows = dues.select_related("child", "village", "township")
        # one open due a child, so its key orders them; as the indexes due_open_* have them
        page = page_of(rows, ("due_on", "child_id"), request.GET.get("page", ""), SHOWN, ascending=True)
        for due in page:
            due.years, due.late = due.child.age(day), (day - due.due_on).days
        note_reading(request, rows=len(page))
        with_reasons(page.rows, rounds_for(post, "view_visit", day))
        context["page"] = page
    return render(request, "visits/visit/list.html", context)


def _dues(post, tab: str, day):
    if tab == "extra":
        return extras_for(post, "view_visit")
    dues = VisitDue.objects.visible_to(post, "view_visit")
    return dues.overdue(day) if tab == "overdue" else dues.coming(day)


def _key_of_child(text: str) -> uuid.UUID | None:
    """Of the address; None for what is no key."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _made_as_host(post) -> Beginning[Visit]:
    """Visits that were made here to children who stayed: they lie in files kept elsewhere, so beside the list."""
    made = Visit.objects.made_as_host(post, "view_visit")
    for tier, ids in post.units_granting("view_visit").items():
        made = made.exclude(**{f"{tier}__in": ids})
    return beginning_of(made.select_related("child", "village", "township", "made_by").newest_first(), HOSTED_SHOWN)
