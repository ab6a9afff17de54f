"""Who is to be called: the people in post at each unit."""

from collections import defaultdict
from collections.abc import Iterable

from orgs.posts.models import Appointment, Role

# of each level, whose work reporting is
REPORTS = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}


def people_at(units: Iterable[int]) -> dict[int, list[Appointment]]:
    """{unit: who holds the post that reports, the lead first}. One query."""
    found: dict[int, list[Appointment]] = defaultdict(list)
    posts = Appointment.objects.current().filter(unit__in=list(units), role__in=list(REPORTS.values()))
    for post in posts.select_related("person").order_by("-lead", "valid_from", "pk"):
        found[post.unit_id].append(post)
    return found
