"""The director's day: what came back, what is overdue, what is due this week, most urgent first."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from orgs.access.declarations import needs
from orgs.workbench.unfinished import unfinished
from visits.alerts.panel import open_alerts
from visits.today.day import day_of


@needs("log_visit")
def today(request):
    """It names children as lists do and records nothing: no file is opened."""
    day = timezone.localdate()
    context = {
        "today": day,
        "day": day_of(request.post, day),
        "alerts": open_alerts(request.post),
        "unfinished": unfinished(request.post),
        "offline_worker": reverse("offline-worker") if settings.CWR_OFFLINE else "",
    }
    return render(request, "visits/today/today.html", context)
