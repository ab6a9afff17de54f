"""Counting: one job per (county, period), set-based, safe to run twice, to die anywhere, to lose its message.

Grouped at the villages over covering indexes, then summed upward in memory; aggregated outside a transaction, so that
SQLite's only writer lock is held for the short write alone. Where the mark names the villages that were written to,
these alone are counted, and what they changed is added upward.
"""

import datetime
import logging

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from childwelfare.jobs.models import after_now
from orgs.stale_figures.models import CountyMonth
from orgs.units.models import OrgUnit
from reports.rollup.counting import count_leaves
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.storing import (
    STORED_KEYS,
    Stored,
    places_of,
    stored_before,
    totals_after,
    totals_of,
    write,
    write_city,
)

log = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)
FEW = 20  # villages; of more the county is counted as a whole


def roll_up(county_id: int, key: str, *, force: bool = False) -> bool:
    """Count a county's period and write the rows of the county, its townships and villages, and of the city above.

    Returns whether this call wrote. It does nothing when another run holds the lease or nothing changed since.
    ``force`` counts even then, and everything. A write that comes in meanwhile leaves the mark stale for the next run.
    """
    # ``mark.wanted`` was read with the claim: a write from now on raises it in the database, and ``done`` below, set to
    # what was read, stays behind it, so that the next sweep counts again
    mark = _claim(county_id, key, force)
    if mark is None:
        return False
    period = Period.of(key)
    try:
        values = (None if force else _few_counted(mark, period)) or totals_of(
            county_id, count_leaves(period, county_id)
        )
    except Exception:
        # given back at once, or nobody could count before the lease runs out; nothing was written yet
        CountyMonth.objects.filter(pk=mark.pk, lease=mark.lease).update(lease=None, lease_until=None)
        raise
    with transaction.atomic():
        held = CountyMonth.objects.filter(pk=mark.pk, lease=mark.lease)
        counted = {"done": mark.wanted, "rolled_at": timezone.now(), "as_of": period.overdue_before, "taken": ""}
        # first, and in one transaction with the figures: who has lost the lease writes none of them
        if not held.update(lease=None, lease_until=None, **counted):
            return False  # the lease ran out and somebody else took over: their figures count
        write(period, values)
        write_city(period, county_id)
    return True


def _few_counted(mark: CountyMonth, period: Period) -> Stored | None:
    """Figures of the villages that were written to, of their townships and of the county; None where the county has to
    be counted as a whole: nobody knows where was written to, it was another day, or other numbers were counted then.

    What is stored is read while the lease is held: nobody else writes it meanwhile, or this run writes nothing."""
    villages = mark.villages_to_count
    if not villages or len(villages) > FEW or not mark.done or mark.as_of != period.overdue_before:
        return None
    places = places_of(mark.county_id, villages)
    before = stored_before(period, {mark.county_id, *places, *places.values()})
    return before and totals_after(mark.county_id, before, places, count_leaves(period, mark.county_id, places))


def open_periods(today: datetime.date | None = None) -> None:
    """See that every county has its mark for the running month, quarter and year, and those before them that the trends
    show."""
    keys = [key for period in Period.running_now(today) for key in period.lately()]
    counties = OrgUnit.objects.filter(level=2).current().values_list("pk", flat=True)
    held = set(CountyMonth.objects.filter(period__in=keys).values_list("county_id", "period"))
    missing = [CountyMonth(county_id=pk, period=key) for pk in counties for key in keys if (pk, key) not in held]
    CountyMonth.objects.bulk_create(missing, ignore_conflicts=True)


def mark_overtaken(today: datetime.date | None = None) -> int:
    """Mark what no write but time or a new indicator has overtaken; return how many marks.

    Ages and overdue visits move with the day, a finished period is closed once more (``as_of`` of a mark is the
    period's ``overdue_before`` when it was counted), and an indicator declared since is counted for the running
    periods. A period that is over keeps what was counted: it was read out and signed.
    """
    today = today or timezone.localdate()
    running = [period.key for period in Period.running_now(today)]
    rows = Figure.objects.filter(period__in=running, unit__level=2, numbers__has_keys=list(STORED_KEYS))
    complete = set(rows.values_list("unit_id", "period"))
    counted = CountyMonth.objects.filter(done__gt=0, wanted=F("done"))
    overtaken = 0
    for pk, county, key, as_of in counted.values_list("pk", "county_id", "period", "as_of"):
        older = as_of is None or as_of < Period.of(key, today).overdue_before
        if older or (key in running and (county, key) not in complete):
            # one by one: who writes in the county holds one of its marks and asks for the next
            overtaken += counted.filter(pk=pk).overtake()
    return overtaken


def _claim(county_id: int, key: str, force: bool) -> CountyMonth | None:
    """Take the lease on a county's period: one UPDATE, which of two at once only one wins. None when another holds it
    or nothing has changed since it was counted. A lease that ran out belongs to a worker that died: it is free."""
    lease = CountyMonth.new_lease()
    here = CountyMonth.objects.filter(county=county_id, period=key)
    free = here.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    if not force:
        free = free.filter(wanted__gt=F("done"))
    if not free.take(lease, after_now(LEASE)):
        if here.exists():
            return None
        CountyMonth.objects.bulk_create([CountyMonth(county_id=county_id, period=key)], ignore_conflicts=True)
        if not free.take(lease, after_now(LEASE)):
            return None
    # read after the claim, not before: what was written in between is counted now
    return here.get()
