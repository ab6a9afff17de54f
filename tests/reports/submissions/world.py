"""A county that reports: a city, a county of two townships with two villages each, children since spring."""

import datetime
from dataclasses import dataclass

from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.periods.models import ReportingPeriod
from reports.submissions.models import Submission
from reports.submissions.opening import open_period
from reports.submissions.services import approve, submit
from reports.submissions.sheets import sheet_of
from tests.builders import a_city, a_county, a_post, a_township, a_village, an_approved_file, fresh

SINCE = datetime.date(2026, 4, 1)
OCTOBER, NOVEMBER = "2026-10", "2026-11"


@dataclass
class ReportingCounty:
    city: OrgUnit
    county: OrgUnit
    townships: list[OrgUnit]
    villages: list[OrgUnit]

    def open(self, key: str = OCTOBER) -> ReportingPeriod:
        return open_period(self.city, key)

    def post(self, unit: OrgUnit, **given) -> Appointment:
        return a_post(unit, **given)


def a_reporting_county(children: int = 2) -> ReportingCounty:
    city = a_city()
    county = a_county(city)
    townships = [a_township(county) for _ in range(2)]
    villages = [a_village(township) for township in townships for _ in range(2)]
    for village in villages:
        for _ in range(children):
            an_approved_file(village, on=SINCE)
    return ReportingCounty(city, county, townships, villages)


def a_worker(unit: OrgUnit) -> Appointment:
    """The director of a village, or of the one that took over from it, who is counted in its sheet, so that asking
    again appoints no second one; somebody new at the other tiers, for one of them may not decide what he sent
    himself."""
    unit = unit.taken_over_by or unit
    held = Appointment.objects.filter(unit=unit, valid_to=None).first() if unit.level == 4 else None
    return fresh(held) if held else a_post(unit)


def row_of(unit: OrgUnit, key: str = OCTOBER) -> Submission:
    """As the database has it now."""
    return Submission.objects.with_all().get(period__key=key, unit=unit)


def send(unit: OrgUnit, key: str = OCTOBER, *, by: Appointment | None = None, why: dict | None = None) -> Submission:
    """Report ``unit`` as it stands."""
    row, by = row_of(unit, key), by or a_worker(unit)
    submit(row, by=fresh(by), seen_version=row.version, seen=sheet_of(row).seen, explanations=why or {})
    return row_of(unit, key)


def pass_on(unit: OrgUnit, key: str = OCTOBER, *, by: Appointment | None = None) -> Submission:
    """Have the tier above approve what ``unit`` sent."""
    row = row_of(unit, key)
    approve(row, by=fresh(by or a_post(row.above)), seen_version=row.version, hash=row.current.hash)
    return row_of(unit, key)


def report_all(country: ReportingCounty, key: str = OCTOBER, *, upto: int = 2) -> None:
    """Everything from the villages up to the tier ``upto`` is sent and approved."""
    for level in (4, 3, 2, 1):
        if level < upto:
            return
        for row in Submission.objects.filter(period__key=key, unit__level=level).select_related("unit"):
            if row.state != "approved":
                send(row.unit, key)
                pass_on(row.unit, key)
