"""Who is to be called: the people in post at each unit."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment, Role
from orgs.units.models import Level, OrgUnit

# of each level, whose work reporting is
REPORTS = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}


def unmanned(unit: str = "unit") -> Q:
    """Where nobody holds the post that reports, at the unit behind the path ``unit``: it is vacant, or closed."""
    posts = Appointment.objects.current().filter(unit=OuterRef(unit), role__in=list(REPORTS.values()))
    return Q(~Exists(posts))


def vacant(unit: str = "unit") -> Q:
    """Of villages, behind the path ``unit``, where nobody holds a post: the unit above does what is theirs."""
    return unmanned(unit) & Q(**{f"{unit}__level": Level.VILLAGE})


def in_office(unit: OrgUnit) -> list[int]:
    """``unit`` and those above it, the nearest first, where somebody holds the post that reports. One query."""
    return offices_of([unit])[unit.pk]


def offices_of(units: Iterable[OrgUnit]) -> dict[int, list[int]]:
    """{unit: as ``in_office`` says} of many. One query."""
    lines = {
        unit.pk: [unit.pk, *(getattr(unit, f"{tier}_id") for tier in reversed(TIERS[: unit.level - 1]))]
        for unit in units
    }
    here = {pk for line in lines.values() for pk in line if pk}
    posts = Appointment.objects.current().filter(unit__in=here, role__in=list(REPORTS.values()))
    held = set(posts.order_by().values_list("unit", flat=True))
    return {unit: [pk for pk in line if pk in held] for unit, line in lines.items()}


def people_at(units: Iterable[int]) -> dict[int, list[Appointment]]:
    """{unit: who holds the post that reports, the lead first}. One query."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    posts = Appointment.objects.current().filter(unit__in=list(units), role__in=list(REPORTS.values()))
    for post in posts.select_related("person").order_by("-lead", "valid_from", "pk"):
        found[post.unit_id].append(post)
    return found
