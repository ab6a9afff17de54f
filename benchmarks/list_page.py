"""A page of fifty files within one's scope beside the same page without any scope, and the counts above it."""

import time
from functools import partial

from benchmarks._world import fill, median_of

RUNS = 15
_median = partial(median_of, runs=RUNS)


def main(children: int = 100_000) -> None:
    """Print medians in ms and the ratio filtered ÷ unfiltered (wanted: at most 1.5, grants read once a request)."""
    from django.db import connection

    from childwelfare.tables.keyset import capped_count, page_of
    from orgs.posts.models import Appointment
    from orgs.posts.services import appoint
    from orgs.units.models import OrgUnit
    from registry.child.models import ChildFile

    fill(children)
    newest = ("updated_at", "id")
    county = OrgUnit.objects.filter(level=2).first()
    units = {"city": county.city, "county": county, "township": county.children.first()}
    roles = {"city": "city_officer", "county": "county_officer", "township": "township_clerk"}
    limit = _median(lambda: list(ChildFile.objects.order_by("-id")[:51]))  # by the primary key, for anybody
    print(f"{connection.vendor}, {children:,} files, a page of 50 newest (median of {RUNS})\n")
    print("| scope | page ms | ÷ unfiltered | tenth page ms | capped count ms |\n|---|--:|--:|--:|--:|")
    print(f"| none (the floor) | {limit * 1000:.2f} | 1.00 | | |")
    for tier, unit in units.items():
        role = roles[tier]
        permission = "list_masked" if tier == "city" else "view_child"
        person = _person(tier)
        post = Appointment.objects.with_unit().get(pk=appoint(person, unit, role).pk)
        post.holds(permission)  # the request has read the grants

        def files(post=post, permission=permission):
            return ChildFile.objects.visible_to(post, permission)

        page = _median(lambda files=files: list(page_of(files(), newest)))
        cursor = ""
        for _ in range(9):
            cursor = page_of(files(), newest, cursor).older or cursor
        deep = _median(lambda files=files, cursor=cursor: list(page_of(files(), newest, cursor)))
        count = _median(lambda files=files: capped_count(files()))
        print(f"| {tier} | {page * 1000:.2f} | {page / limit:.2f} | {deep * 1000:.2f} | {count * 1000:.2f} |")


def _person(tier: str):
    from orgs.accounts.models import Person

    return Person.objects.create(username=f"bench-{tier}-{time.time_ns()}", name=tier, password="!")
