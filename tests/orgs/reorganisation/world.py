"""Ordering a reorganisation in a line, and having its children follow."""

import datetime

from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.services import run
from orgs.posts.models import Appointment, Role
from orgs.reorganisation.rules import Part, root_of
from orgs.reorganisation.services import order_reorganisation
from orgs.units.models import OrgUnit
from tests.builders import a_post, fresh


def an_admin(unit: OrgUnit) -> Appointment:
    """The administrator of the tree that ``unit`` lies in."""
    root = root_of(OrgUnit.objects.with_path().get(pk=unit.pk))
    held = Appointment.objects.current().with_unit().filter(unit=root, role=Role.CITY_ADMIN).first()
    return held or a_post(root, Role.CITY_ADMIN)


def ordered(kind: str, *parts: Part, on: datetime.date, by: Appointment | None = None, follow: bool = True, **given):
    """The order, its children placed where it took effect."""
    first = next(unit for part in parts for unit in (part.source, part.parent) if unit)
    parts = [Part(*(_now(unit) for unit in (p.source, p.target, p.parent)), p.name, p.code) for p in parts]
    said = {"effective_on": on, "document": "郑政文〔2026〕31号"} | given
    order = order_reorganisation(by=fresh(by or an_admin(first)), kind=kind, parts=parts, **said)
    if follow:
        let_children_follow()
    return order


def let_children_follow() -> None:
    for pk in Job.objects.filter(kind="place_children", state=JobState.QUEUED).values_list("pk", flat=True):
        run(pk)
        assert Job.objects.get(pk=pk).state == JobState.DONE


def heir(unit: OrgUnit) -> OrgUnit:
    """The one unit that took over from ``unit``."""
    return OrgUnit.objects.with_path().get(took_over_from__predecessor=unit)


def _now(unit: OrgUnit | None) -> OrgUnit | None:
    return OrgUnit.objects.with_path().get(pk=unit.pk) if unit else None
