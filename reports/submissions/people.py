"""Who is to be called: the people in post at each unit."""

from collections import defaultdict
from collections.abc import Iterable

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit

# of each level, whose work reporting is
REPORTS = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}


def in_office(unit: OrgUnit) -> list[int]:
    """``unit`` and those above it, the nearest first, where somebody holds the post that reports. One query."""
    line = [unit.pk, *(getattr(unit, f"{tier}_id") for tier in reversed(TIERS[: unit.level - 1]))]
    posts = Appointment.objects.current().filter(unit__in=[pk for pk in line if pk], role__in=list(REPORTS.values()))
    held = set(posts.order_by().values_list("unit", flat=True))
    return [pk for pk in line if pk in held]


def people_at(units: Iterable[int]) -> dict[int, list[Appointment]]:
    """{unit: who holds the post that reports, the lead first}. One query."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    posts = Appointment.objects.current().filter(unit__in=list(units), role__in=list(REPORTS.values()))
    for post in posts.select_related("person").order_by("-lead", "valid_from", "pk"):
        found[post.unit_id].append(post)
    return found
