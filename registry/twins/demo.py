"""A child of the demo director's village registered again in the village beside it: it waits on the station's desk."""

import uuid

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment, Role
from registry.child.demo import FILES, demo_station
from registry.child.services.files import make_file
from registry.child.workflow import FILE


def make_twins(demo: Demo) -> None:
    station = demo_station()
    files = station.files(FILES + 1) if station else []
    if not station or len(files) <= FILES:
        return
    file, beside = files[FILES], _director_beside(station.director)
    if beside is None:
        return
    child = {"name": file.name, "sex": file.sex, "birth_date": file.birth_date, "nation": file.nation}
    again = make_file(
        by=beside,
        village=beside.unit,
        pk=uuid.uuid5(file.pk, "twin"),
        child=child | {"id_number": "", "no_id_reason": "not_yet", "phone": ""},
        categories={code: {"since": file.approved_on, "difficulty": "own"} for code in file.category_codes.split(",")},
        guardian={"name": file.guardian_name, "relation": "other"},
    )
    FILE.apply("submit", again, by=beside, seen_version=again.version)


def _director_beside(director: Appointment) -> Appointment | None:
    """Of another village of the same township."""
    posts = Appointment.objects.with_unit().filter(role=Role.VILLAGE_DIRECTOR, unit__township=director.unit.township_id)
    return posts.exclude(unit=director.unit_id).order_by("unit_id").first()


MAKERS.add(make_twins, order=64)
