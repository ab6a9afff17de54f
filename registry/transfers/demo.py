"""Children on their way: one that waits for a neighbour's answer, and one of a neighbour's that waits here."""

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment, Role
from registry.child.demo import FILES, demo_station
from registry.child.models import ChildFile
from registry.transfers.services import ask_transfer


def make_transfers(demo: Demo) -> None:
    station = demo_station()
    files = station.files(FILES) if station else []
    if len(files) < FILES:
        return
    leaving, clerk = files[1], station.clerk
    stations = Appointment.objects.with_unit().filter(role=Role.TOWNSHIP_CLERK, unit__county=clerk.unit.county)
    neighbour = stations.exclude(unit=clerk.unit).order_by("pk").first()
    if neighbour is None:
        return
    theirs = ChildFile.objects.visible_to(neighbour, "transfer_child").in_registry().order_by("file_number").first()
    ours = ChildFile.objects.visible_to(clerk, "view_child").in_registry().order_by("file_number").first()
    if theirs is None:
        return
    words = "随父母搬到新房，已在新学校报到"
    ask_transfer(theirs, by=neighbour, target=ours.village, reason=words, seen_version=theirs.version)
    words = "由外婆照看，住到外婆家"
    ask_transfer(leaving, by=clerk, target=theirs.village, reason=words, seen_version=leaving.version)


MAKERS.add(make_transfers, order=61)
