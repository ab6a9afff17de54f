"""What a unit reported: the snapshot that is exported, and what it sums."""

from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.units.models import OrgUnit
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot
from reports.submissions.models import Submission


def reported_at(unit: OrgUnit, key: str) -> Snapshot:
    """What ``unit`` reported for the month ``key``, as its page shows it, with its ``standing``. Raises Refused where
    it did not."""
    root = unit.city_id or unit.county_id
    rows = Submission.objects.filter(unit=unit, period__key=key, period__root=root)
    row = rows.select_related("approved", "current", "period").first()
    snapshot = row.shown if row else None
    if row is None or snapshot is None:
        words = {"unit": unit.name, "period": Period.of(key).label}
        raise Refused(_("%(unit)s%(period)s还没有上报，没有上报数可以导出。") % words)
    snapshot.unit, snapshot.standing = unit.as_of(row.period.as_of), row.standing
    return snapshot


def parts_of(snapshot: Snapshot) -> list[Snapshot]:
    """What it sums, in the order of the tables, each with its unit, and those above it, as they were called then."""
    units = ("unit__city", "unit__county", "unit__township")
    found = Snapshot.objects.filter(wholes__whole=snapshot).select_related("unit", *units)
    parts = list(found)
    for each in parts:
        each.unit = each.unit.as_of(snapshot.period.as_of)
    return sorted(parts, key=lambda each: each.unit.place_in_tables)
