"""The mark that tells the roll-up which figures a write has overtaken."""

import datetime

from django.db.models import F
from django.utils import timezone

from orgs.models import CountyMonth


def month_of(day: datetime.date) -> str:
    """``"2026-10"``."""
    return f"{day:%Y-%m}"


def touch(county_id: int, since: datetime.date | None = None) -> None:
    """Mark the figures of a county out of date from the month of ``since`` (today) on. Call it inside the write's
    transaction: either both are there or neither."""
    today = timezone.localdate()
    first = month_of(min(since or today, today))
    CountyMonth.objects.bulk_create(
        [CountyMonth(county_id=county_id, month=month_of(today), wanted=0)], ignore_conflicts=True
    )
    CountyMonth.objects.filter(county=county_id, month__gte=first).update(wanted=F("wanted") + 1)
