"""Counting: a mark and a lease for each county and period, set-based, safe to run twice, to die anywhere, to lose its
message. Several counties are counted in one pass, where they are asked for together.

Grouped at the villages over covering indexes, then summed upward in memory; aggregated outside a transaction, so that
SQLite's only writer lock is held for the short write alone. Where the mark names the villages that were written to,
these alone are counted, and what they changed is added upward.
"""

import datetime
import logging
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from childwelfare.jobs.models import after_now
from orgs.stale_figures.models import CountyMonth, CountyMonthQuerySet
from orgs.units.models import OrgUnit
from reports.crossing.keeping import Kept, count_again, count_whole, counties_kept, is_kept, keep
from reports.rollup.counting import count_leaves
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.rollup.storing import (
    STORED_KEYS,
    Texts,
    places_of,
    stored_before,
    totals_after,
    totals_of,
    write,
    write_cities,
)

log = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)
FEW = 20  # villages; of more the county is counted as a whole


class Counted(NamedTuple):
    """Of a county: the figures of its units that have to be written, and what its crossings are read from; None of a
    quarter or a year."""

    texts: Texts
    kept: Kept | None


def roll_up(county_id: int, key: str, *, force: bool = False) -> bool:
    """As ``roll_up_counties``, of one. Returns whether this call wrote."""
    return roll_up_counties([county_id], key, force=force) == 1


def roll_up_counties(county_ids: Iterable[int], key: str, *, force: bool = False) -> int:
    """Count a period of counties and write the rows of each, its townships and villages, and of the city above.

    Returns of how many this call wrote. It leaves out those where another run holds the lease or nothing changed since.
    ``force`` counts even then, and everything. A write that comes in meanwhile leaves the mark stale for the next run.
    """
    # ``mark.wanted`` was read with the claim: a write from now on raises it in the database, and ``done`` below, set to
    # what was read, stays behind it, so that the next sweep counts again
    marks = _claims(sorted(set(county_ids)), key, force)
    if not marks:
        return 0
    period = Period.of(key)
    try:
        values = _counted(marks, period, force)
    except Exception:
        # given back at once, or nobody could count before the lease runs out; nothing was written yet
        for mark in marks:
            CountyMonth.objects.filter(pk=mark.pk, lease=mark.lease).update(lease=None, lease_until=None)
        raise
    written = _write_at_once(period, marks, values)
    later = [mark for mark in marks if mark not in written] if len(marks) > 1 else []
    return len(written) + sum(len(_write_at_once(period, [mark], values)) for mark in later)


def _counted(marks: list[CountyMonth], period: Period, force: bool) -> dict[int, Counted]:
    """{county: what has to be written}; those that are counted as a whole in one pass."""
    few = [] if force else [(mark.county_id, _few_counted(mark, period)) for mark in marks]
    found = {county: counted for county, counted in few if counted}
    whole = [mark.county_id for mark in marks if mark.county_id not in found]
    if whole:
        texts = totals_of(whole, count_leaves(period, whole))
        kept = count_whole(period, whole) if is_kept(period) else {}
        found |= {county: Counted(texts[county], kept.get(county)) for county in whole}
    return found


def _write_at_once(period: Period, marks: list[CountyMonth], values: dict[int, Counted]) -> list[CountyMonth]:
    """In one transaction, and return the marks of which the lease still held."""
    with transaction.atomic():
        held = marks
        mine = CountyMonth.objects.filter(pk__in=[mark.pk for mark in marks], lease__in={mark.lease for mark in marks})
        if len(marks) > 1:
            # those that somebody is just writing in are left for later: he may wait for another of them
            locked = mine.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
            keys = set(locked)
            held = [mark for mark in marks if mark.pk in keys]
            mine = mine.filter(pk__in=keys)
        done = Case(*(When(pk=mark.pk, then=mark.wanted) for mark in held))
        counted = {"done": done, "rolled_at": timezone.now(), "as_of": period.overdue_before, "taken": ""}
        # first, and in one transaction with the figures: who has lost the lease writes none of them
        if not mine.update(lease=None, lease_until=None, **counted):
            return []  # it ran out and somebody else took over: their figures count
        counties = [mark.county_id for mark in held]
        write(period, {unit: row for county in counties for unit, row in values[county].texts.items()})
        write_cities(period, counties)
        if is_kept(period):
            keep(period, held, {county: kept for county in counties if (kept := values[county].kept)})
    return held


def _few_counted(mark: CountyMonth, period: Period) -> Counted | None:
    """Of the villages that were written to, of their townships and of the county; None where the county has to
    be counted as a whole: nobody knows where was written to, it was another day, or other numbers were counted then.

    What is stored is read while the lease is held: nobody else writes it meanwhile, or this run writes nothing."""
    villages = mark.villages_to_count
    if not villages or len(villages) > FEW or not mark.done or mark.as_of != period.overdue_before:
        return None
    places = places_of(mark.county_id, villages)
    before = stored_before(period, {mark.county_id, *places, *places.values()})
    kept = count_again(mark, period, places) if before and is_kept(period) else None
    if not before or (kept is None and is_kept(period)):
        return None
    return Counted(totals_after(mark.county_id, before, places, count_leaves(period, [mark.county_id], places)), kept)


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
    period's ``overdue_before`` when it was counted), and an indicator declared since, or a dimension to cross by, is
    counted for the running periods. A period that is over keeps what was counted: it was read out and signed.
    """
    today = today or timezone.localdate()
    running = [period.key for period in Period.running_now(today)]
    rows = Figure.objects.filter(period__in=running, unit__level=2)
    declared = set(STORED_KEYS)
    # looked for here: SQLite reads a row's JSON anew for every key that it is asked for
    complete = {
        (unit, key)
        for unit, key, numbers in rows.values_list("unit_id", "period", "numbers")
        if numbers and declared <= numbers.keys()
    }
    complete -= {each for each in complete if each[1] == running[0]} - counties_kept(running[0])
    counted = CountyMonth.objects.filter(done__gt=0, wanted=F("done"))
    overtaken = 0
    for pk, county, key, as_of in counted.values_list("pk", "county_id", "period", "as_of"):
        older = as_of is None or as_of < Period.of(key, today).overdue_before
        if older or (key in running and (county, key) not in complete):
            # one by one: who writes in the county holds one of its marks and asks for the next
            overtaken += counted.filter(pk=pk).overtake()
    return overtaken


def _claims(counties: list[int], key: str, force: bool) -> list[CountyMonth]:
    """The marks of those of ``counties`` that this run may count."""
    marks: list[CountyMonth] = []
    if len(counties) > 1:
        with transaction.atomic():
            # those that nobody is just writing in: who writes in several counties must not wait for one of them while
            # this waits for another
            free = _free(CountyMonth.objects.filter(county__in=counties, period=key), force)
            here = free.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
            lease = CountyMonth.new_lease()
            CountyMonth.objects.filter(pk__in=list(here)).take(lease, after_now(LEASE))
        # read after the claim, not before: what was written in between is counted now
        marks = list(CountyMonth.objects.filter(lease=lease))
    left = set(counties) - {mark.county_id for mark in marks}
    alone = [_claim(county, key, force) for county in sorted(left)]
    return [*marks, *(mark for mark in alone if mark is not None)]


def _claim(county_id: int, key: str, force: bool) -> CountyMonth | None:
    """Take the lease on a county's period: one UPDATE, which of two at once only one wins. None when another holds it
    or nothing has changed since it was counted."""
    lease = CountyMonth.new_lease()
    here = CountyMonth.objects.filter(county=county_id, period=key)
    free = _free(here, force)
    if not free.take(lease, after_now(LEASE)):
        if here.exists():
            return None
        CountyMonth.objects.bulk_create([CountyMonth(county_id=county_id, period=key)], ignore_conflicts=True)
        if not free.take(lease, after_now(LEASE)):
            return None
    return here.get()


def _free(marks: CountyMonthQuerySet, force: bool) -> CountyMonthQuerySet:
    """A lease that ran out belongs to a worker that died: it is free."""
    free = marks.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))
    return free if force else free.filter(wanted__gt=F("done"))
