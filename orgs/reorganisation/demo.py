"""Units of the made-up city that were altered this month, and one that will be."""

import datetime

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment, Role
from orgs.reorganisation.models import Kind
from orgs.reorganisation.rules import Part
from orgs.reorganisation.services import order_reorganisation
from orgs.units.models import OrgUnit


def make_reorganisations(demo: Demo) -> None:
    """A village of the demo clerk's station was split, so that its children wait to be placed; another one of the same
    county has a new name since the first of the month; two will be merged next month."""
    star = demo.villages[0]
    root = star.city or star.county
    by = Appointment.objects.with_unit().filter(unit=root, role=Role.CITY_ADMIN).first()
    near = [unit for unit in demo.villages[1:] if unit.township_id == star.township_id]
    far = [unit for unit in demo.villages[1:] if unit.county_id == star.county_id and unit not in near]
    if by is None or len(near) < 3 or not far:
        return
    split, merged, into = (OrgUnit.objects.with_path().get(pk=unit.pk) for unit in near[-3:])
    renamed = OrgUnit.objects.with_path().get(pk=far[-1].pk)
    first = demo.today.replace(day=1)
    next_month = (first + datetime.timedelta(days=31)).replace(day=1)
    stem = split.short_name.removesuffix("村")
    number = "郑政文〔%(year)s〕%(n)s号"
    for n, kind, parts, day in (
        (18, Kind.RENAME, [Part(renamed, name=f"{renamed.short_name.removesuffix('村')}社区居委会")], first),
        (27, Kind.SPLIT, [Part(split, name=f"{stem}东村村委会"), Part(split, name=f"{stem}西村村委会")], demo.today),
        (31, Kind.MERGE, [Part(merged, target=into)], next_month),
    ):
        document = number % {"year": day.year, "n": n}
        order_reorganisation(by=by, kind=kind, parts=parts, effective_on=day, document=document)
    demo.made["reorganisations"] = 3


MAKERS.add(make_reorganisations, order=955)
