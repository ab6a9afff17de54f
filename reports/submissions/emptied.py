"""Stations and centres that stand, though orders took away every village below: there is nothing they could sum up, and
nobody waits for them."""

import datetime
from collections.abc import Mapping

from django.utils import timezone

from orgs.access.scope import TIERS
from orgs.units.models import Level, OrgUnit
from reports.periods.models import ReportingPeriod
from reports.rollup.periods import Period
from reports.submissions.models import Submission


def without_emptied(units: Mapping[int, OrgUnit], root: OrgUnit, day: datetime.date) -> dict[int, OrgUnit]:
    """``units``, by key, that would be expected of a month, without those under which nobody reports, as all that was
    there was closed by ``day``. One that never had a unit below stays, and so does what lies above it: it is to be set
    right, and says so. One query where any is without a village, else none."""
    summing = {above for each in units.values() if each.level == Level.VILLAGE for above in _above(each)}
    tiers = (Level.COUNTY, Level.TOWNSHIP)
    bare = {pk: each for pk, each in units.items() if each.level in tiers and pk not in summing and pk != root.pk}
    if not bare:
        return dict(units)
    closed = OrgUnit.objects.within(root).filter(level__gt=Level.COUNTY, valid_to__lte=day)
    left = {above for place in closed.values_list("township", "county") for above in place}
    never_had = {pk for pk in bare if pk not in left}
    waiting = {above for pk in never_had for above in _above(bare[pk])}
    return {pk: each for pk, each in units.items() if pk not in bare or pk in never_had or pk in waiting}


def _above(unit: OrgUnit) -> tuple[int | None, int | None]:
    return unit.township_id, unit.county_id


def month_without(unit: OrgUnit, key: str = "") -> ReportingPeriod | None:
    """The period of ``key``, of the month that is over last unless told, in which ``unit`` is not expected, because
    orders had taken away all that was below it; None where it is, or is for another reason. At most four queries."""
    if unit.level not in (Level.COUNTY, Level.TOWNSHIP):
        return None
    period = ReportingPeriod.objects.of(unit).filter(key=key or Period.of().back(1)).first()
    if period is None or Submission.objects.filter(period=period, unit__in=unit.own_keys).exists():
        return None
    below = OrgUnit.objects.filter(**{TIERS[unit.level - 1]: unit.pk}, level__gt=unit.level)
    day = min(period.as_of, timezone.localdate())
    if below.stood_on(day).filter(level=Level.VILLAGE).exists():
        return None
    return period if below.filter(valid_to__lte=day).exists() else None
