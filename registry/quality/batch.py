"""Many files as the rules look at them: plain rows of columns, for model objects are most of the time of a count."""

import datetime
from collections import defaultdict
from types import SimpleNamespace
from typing import cast

from django.db.models import Model, QuerySet

from orgs.units.models import OrgUnit
from registry.categories.models import CategoryMembership
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian
from registry.quality.case import Case, by_relation, held_among, last_seen, region_of


def locked_cases(keys: list, on: datetime.date) -> list[Case]:
    """The files of ``keys`` on a day, in the order of their keys, each row held till the transaction ends."""
    locked = ChildFile.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    files = _rows(locked)
    family, guardians, memberships = (_of(keys, model) for model in (FamilyMember, Guardian, CategoryMembership))
    units = {unit for file in files for unit in (file.township_id, file.county_id)}
    codes = dict(OrgUnit.objects.filter(pk__in=units).values_list("pk", "code"))
    seen, cases = last_seen(keys), []
    for file in files:
        case = Case(cast(ChildFile, file), on, seen.get(file.id))
        case.family, case.guardians = by_relation(family[file.id]), guardians[file.id]
        case.held = held_among(memberships[file.id])
        case.living_region = region_of(codes[file.township_id], codes[file.county_id])
        cases.append(case)
    return cases


def _of(keys: list, model: type[Model]) -> dict[object, list]:
    rows = defaultdict(list)
    for one in _rows(model._default_manager.filter(child__in=keys)):
        rows[one.child_id].append(one)
    return rows


def _rows(records: QuerySet) -> list[SimpleNamespace]:
    return [SimpleNamespace(**values) for values in records.values()]
