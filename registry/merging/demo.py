"""The same child registered again without its number, and found out: two files made one."""

import uuid

from childwelfare.demo.makers import MAKERS, Demo
from registry.child.demo import FILES, demo_station
from registry.child.services.files import make_file
from registry.child.workflow import FILE
from registry.merging.services.merge import merge_files
from registry.twins.services import say_not_the_same


def make_merge(demo: Demo) -> None:
    station = demo_station()
    files = station.files(FILES) if station else []
    if len(files) < FILES:
        return
    file, director, clerk = files[2], station.director, station.clerk
    day = file.approved_on
    again = make_file(
        by=director,
        village=file.village,
        pk=uuid.uuid5(file.pk, "again"),
        child={
            "name": file.name,
            "sex": file.sex,
            "birth_date": file.birth_date,
            "id_number": "",
            "no_id_reason": "not_yet",
            "phone": "",
            "nation": file.nation,
            "address": file.address,
        },
        categories={code: {"since": day, "difficulty": "own"} for code in file.category_codes.split(",")[:1] if code},
        family=[],
        guardian={"name": "待核实", "relation": "other"},
    )
    # as such mistakes happen: taken for another child when it was asked about
    say_not_the_same(again, file, by=director, reason="同名的另一个孩子")
    FILE.apply("submit", again, by=director, seen_version=again.version)
    FILE.apply("approve", again, by=clerk, seen_version=again.version)
    file.refresh_from_db()
    merge_files(file, again, by=clerk, seen_versions=(file.version, again.version), note="同一个孩子登记了两次")


MAKERS.add(make_merge, order=62)
