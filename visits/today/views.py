"""The director's day: what came back, what is overdue, what is due this week, most urgent first."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.workbench.notices import notices_for
from orgs.workbench.unfinished import unfinished
from registry.needs.workbench import needs_in_hand
from visits.alerts.panel import open_alerts
from visits.today.day import day_of


@needs("log_visit", reads="read_list")
def today(request):
    """It names children as lists do; no file is opened. The buttons to call carry numbers: how many is recorded."""
    day = timezone.localdate()
    shown = day_of(request.post, day)
    context = {
        "today": day,
        "day": shown,
        "alerts": open_alerts(request.post),
        "needs": needs_in_hand(request.post, day),
        "notices": notices_for(request.post),
        "unfinished": unfinished(request.post),
        "offline_worker": reverse("offline-worker") if settings.CWR_OFFLINE else "",
    }
    dues = [
        *shown.asked,
        *shown.overdue,
        *shown.week,
        *shown.unapproved,
        *shown.rest,
        *(due for todo in shown.rounds for due in todo.rest),
    ]
    note_reading(request, rows=len(dues), numbers=sum(bool(due.call) for due in dues))
    return render(request, "visits/today/today.html", context)
