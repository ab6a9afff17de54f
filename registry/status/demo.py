"""What the made-up children counted as, as if all had been written down in time; and one fact that came late."""

import datetime

from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert
from registry.categories.services import open_membership
from registry.child.demo import demo_station
from registry.child.models import ChildFile
from registry.status.models import ChildStatus
from registry.status.services import first_statuses


def make_statuses(demo: Demo) -> None:
    files = ChildFile.objects.exclude(approved_on=None).prefetch_related("memberships", "past_periods")
    insert(ChildStatus, first_statuses(list(files), today=demo.today))


def make_late_fact(demo: Demo) -> None:
    """A child of the demo's station is known to be in difficulty since the month before: that month's page lists it."""
    station = demo_station()
    if station is None:
        return
    since = demo.today.replace(day=1) - datetime.timedelta(days=10)
    files = ChildFile.objects.visible_to(station.clerk, "view_child").in_registry()
    held = files.filter(memberships__category="difficulty").values("pk")
    file = files.filter(approved_on__lt=since).exclude(pk__in=held).order_by("file_number").first()
    if file:
        facts = {"since": since, "difficulty": "poverty", "grounds": "上月已列入低保，本月补记"}
        open_membership(file, "difficulty", by=station.clerk, **facts)


MAKERS.add(make_statuses, order=25)  # before anybody acts on a child
MAKERS.add(make_late_fact, order=66)
