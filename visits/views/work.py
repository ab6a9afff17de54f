"""How the patrols of a month went: for stations by village, for counties by township and village."""

import datetime

from django.shortcuts import render
from django.utils import timezone

from orgs.access import needs
from visits.work import summed, work_of

MONTHS = 12


@needs("accept_visit", "settle_station_work")
def work(request):
    permission = "accept_visit" if request.post.holds("accept_visit") else "settle_station_work"
    first = _month(request.GET.get("month", ""))
    beyond = _next(first)
    rows = work_of(request.post, permission, first, beyond)
    context = {
        "month": first,
        "months": _months(),
        "rows": rows,
        "townships": summed(rows, "township") if request.post.unit.level == 2 else [],
    }
    return render(request, "visits/work.html", context)


def _month(text: str) -> datetime.date:
    """The first day of 2026-11; of this month where it can't be read or has not begun."""
    now = timezone.localdate().replace(day=1)
    try:
        return min(now, datetime.date.fromisoformat(f"{text}-01"))
    except ValueError:
        return now


def _next(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=31)).replace(day=1)


def _months() -> list[datetime.date]:
    months = [timezone.localdate().replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months
