"""A month that is reported, or locked before it is, and what its units put right in it afterwards."""

import datetime

from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.categories.services import open_membership
from registry.child.models import ChildFile
from reports.amendments import services
from reports.amendments.models import Amendment
from reports.amendments.sheets import amended_sheet
from reports.submissions.locking import lock_in_time
from tests.builders import fresh
from tests.reports.submissions.world import (
    ReportingCounty,
    a_reporting_county,
    a_worker,
    pass_on,
    report_all,
    row_of,
    send,
)

WHY = {"reason": "漏记一名孤儿", "document": "荥民〔2026〕31号"}


def a_locked_month() -> ReportingCounty:
    """October is reported by all, and locked."""
    country = a_reporting_county(children=1)
    country.open()
    report_all(country, upto=2)
    send(country.city)
    pass_on(country.city)
    lock_in_time(row_of(country.city).period)
    return country


def a_late_orphan(country: ReportingCounty, place: int = 0) -> None:
    """Known since yesterday to have been one in October."""
    child = ChildFile.objects.filter(village=country.villages[place]).first()
    clerk = a_worker(country.villages[place].township)
    open_membership(child, "orphan", by=clerk, since=datetime.date(2026, 10, 20))


def ask(unit: OrgUnit, *, by: Appointment | None = None, **given) -> Amendment:
    return services.ask(row_of(unit), by=fresh(by or a_worker(unit)), **WHY | given)


def latest(unit: OrgUnit) -> Amendment:
    """The one that is under way; else the one that was made last."""
    found = Amendment.objects.with_all().filter(submission__unit=unit)
    return found.under_way().first() or found.order_by("events__pk").last()


def grant(unit: OrgUnit, *, by: Appointment | None = None) -> None:
    move(unit, services.open_amendment, by=by)


def move(unit: OrgUnit, service, *, by: Appointment | None = None, **given) -> Amendment:
    """What the tier above does with the latest of ``unit``, by somebody new unless said."""
    amendment = latest(unit)
    by = by or a_worker(amendment.submission.above)
    service(amendment, by=fresh(by), seen_version=amendment.version, **given)
    return latest(unit)


def send_amended(unit: OrgUnit, *, by: Appointment | None = None) -> Amendment:
    seen = amended_sheet(latest(unit).submission).seen
    return move(unit, services.submit, by=by or a_worker(unit), seen=seen)


def pass_amended(unit: OrgUnit, *, by: Appointment | None = None) -> Amendment:
    return move(unit, services.approve, by=by, hash=latest(unit).current.hash)


def amend(unit: OrgUnit) -> Amendment:
    """Send the new figures and have them approved."""
    send_amended(unit)
    return pass_amended(unit)


def asked_and_granted(unit: OrgUnit) -> None:
    ask(unit)
    grant(unit)


def orphans(unit: OrgUnit) -> int:
    return row_of(unit).approved.numbers["orphan"]
