"""Keeping the copies true: each unit's ancestor columns, and the columns of every record that belongs to a village."""

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from orgs.access.scope import TIERS, Placed
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit, UnitGrant

COLUMNS = tuple(f"{tier}_id" for tier in TIERS)


def wrong_units() -> list[OrgUnit]:
    """Units whose ancestor columns differ from a walk up the tree, with the right values set on the instances."""
    units = OrgUnit.objects.in_bulk()
    return [unit for unit in units.values() if _set_columns(unit, _walk(unit, units))]


def align_units() -> int:
    """Correct the columns of every unit that ``wrong_units`` finds, and of the records below; return how many units.

    Marks the figures of the counties that records left and entered.
    """
    with transaction.atomic():
        wrong, now = wrong_units(), timezone.now()
        for unit in wrong:
            unit.updated_at = now
        OrgUnit.objects.bulk_update(wrong, [*TIERS, "updated_at"], batch_size=500)
        villages = [unit.pk for unit in wrong if unit.level == 4]
        counties = {unit.county_id for unit in wrong if unit.county_id}
        for model in placed_models():
            counties |= _align_records(model, villages)
        for county in sorted(counties):
            mark_figures_stale(county)
    return len(wrong)


def inherit(unit: OrgUnit, parent: OrgUnit | None) -> None:
    """Write the columns above the unit's own; its own follows when it has a key (``create_units``)."""
    if parent:
        unit.city_id, unit.county_id, unit.township_id = parent.city_id, parent.county_id, parent.township_id


def create_units(units: list[OrgUnit], level: int) -> None:
    """Save new ``units`` of one ``level``, whose columns above are there."""
    tier = TIERS[level - 1]
    OrgUnit.objects.bulk_create(units, batch_size=500)
    OrgUnit.objects.filter(level=level, **{tier: None}).update(**{tier: F("pk")})
    for unit in units:
        setattr(unit, f"{tier}_id", unit.pk)


def note_changed(units: Iterable[OrgUnit]) -> None:
    """Remember that ``units`` were renamed or moved: what is shown of them changed, and the path of all below them."""
    keys, now = [unit.pk for unit in units], timezone.now()
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        changed = Q(pk__in=batch) | Q(county__in=batch) | Q(township__in=batch)  # no path says its city
        OrgUnit.objects.filter(changed).update(updated_at=now)


def placed_models() -> list[type[Placed]]:
    """Every model whose records belong to a village."""
    return [model for model in apps.get_models() if issubclass(model, Placed)]


def has_past(unit: OrgUnit) -> bool:
    """Whether anybody was appointed to it or below, or anything written of it: then it is not altered in place."""
    if UnitGrant.objects.filter(**{f"content_object__{TIERS[unit.level - 1]}": unit.pk}).exists():
        return True
    tier = TIERS[unit.level - 1]
    return any(model._base_manager.filter(**{tier: unit.pk}).exists() for model in placed_models())


def misplaced(model: type[Placed]) -> QuerySet[Placed]:
    """Records whose copied columns differ from those of their village."""
    same = Q()
    for tier in ("city", "county", "township"):
        same &= Q(**{tier: F(f"village__{tier}")}) | Q(**{f"{tier}": None, f"village__{tier}": None})
    return model._base_manager.exclude(same)


def _align_records(model: type[Placed], villages: Iterable[int]) -> set[int]:
    left = set()
    for start in range(0, len(villages := list(villages)), 500):
        batch = villages[start : start + 500]
        here = model._base_manager.filter(village__in=batch)
        left |= set(here.order_by().values_list("county_id", flat=True).distinct())
        for village in OrgUnit.objects.filter(pk__in=batch):
            model._base_manager.filter(village=village).update(
                city=village.city_id, county=village.county_id, township=village.township_id
            )
    return left


def _walk(unit: OrgUnit | None, units: Mapping[int | None, OrgUnit]) -> dict[int, int]:
    """{level: unit id} from this unit up; stops at a loop."""
    chain: dict[int, int] = {}
    while unit and unit.level not in chain:
        chain[unit.level] = unit.pk
        unit = units.get(unit.parent_id)
    return chain


def _set_columns(unit: OrgUnit, chain: dict[int, int]) -> bool:
    """Write ``chain`` into the columns; whether anything changed."""
    right = [chain.get(level) for level in (1, 2, 3, 4)]
    if [getattr(unit, column) for column in COLUMNS] == right:
        return False
    for column, value in zip(COLUMNS, right, strict=True):
        setattr(unit, column, value)
    return True
