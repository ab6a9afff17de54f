"""The mark that tells the roll-up which figures a write has overtaken."""

import datetime

from django.db.models import F
from django.utils import timezone

from orgs.stale_figures.models import CountyMonth


def month_of(day: datetime.date) -> str:
    """``"2026-10"``."""
    return f"{day:%Y-%m}"


def mark_figures_stale(county_id: int, since: datetime.date | None = None) -> None:
    """Mark the figures of a county out of date from the month of ``since`` (today) on. Call it inside the write's
    transaction: either both are there or neither."""
    today = timezone.localdate()
    first, now = month_of(min(since or today, today)), month_of(today)
    months = CountyMonth.objects.filter(county=county_id, month__gte=first)
    if first == now and months.update(wanted=F("wanted") + 1):
        return  # nearly always: the month is there
    CountyMonth.objects.bulk_create([CountyMonth(county_id=county_id, month=now, wanted=0)], ignore_conflicts=True)
    months.update(wanted=F("wanted") + 1)
