"""What the made-up children counted as, as if all had been written down in time."""

from childwelfare.demo.makers import MAKERS, Demo
from childwelfare.demo.rows import insert
from registry.child.models import ChildFile
from registry.status.models import ChildStatus
from registry.status.services import first_statuses


def make_statuses(demo: Demo) -> None:
    files = ChildFile.objects.exclude(approved_on=None).prefetch_related("memberships", "past_periods")
    insert(ChildStatus, first_statuses(list(files), today=demo.today))


MAKERS.add(make_statuses, order=25)  # before anybody acts on a child
