"""The mark that tells the roll-up which figures a write has overtaken."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from orgs.stale_figures.keys import keys_of, keys_since
from orgs.stale_figures.models import CountyMonth


def mark_figures_stale(
    county_id: int, since: datetime.date | None = None, *, villages: Iterable[int] | None = None
) -> None:
    """Mark the figures of a county out of date: of every month, quarter and year from the day of ``since`` (today) on.
    Call it inside the write's transaction: either both are there or neither.

    ``villages``: all whose figures it can change; None where that is not known, and the whole county is counted again.
    """
    today = timezone.localdate()
    month, *longer = keys_of(today)
    marks = CountyMonth.objects.filter(county=county_id)
    # the running month's first, alone: who writes in a county waits here for the others, and deadlocks with none
    there = [marks.filter(period=month).overtake(villages), marks.filter(period__in=longer).overtake(villages)]
    if there != [1, len(longer)]:
        _open_marks(county_id, [month, *longer])
    if since and since < today.replace(day=1):
        marks.filter(period__in=sorted(keys_since(since, today) - {month, *longer})).overtake(villages)


def _open_marks(county_id: int, keys: list[str]) -> None:
    """Those that are missing, stale and of the whole county: somebody may just be opening and counting them."""
    marks = [CountyMonth(county_id=county_id, period=key, wanted=0) for key in keys]
    CountyMonth.objects.bulk_create(marks, ignore_conflicts=True)
    CountyMonth.objects.filter(county=county_id, period__in=keys).overtake()
