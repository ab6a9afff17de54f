"""Records that belong to a place, and the one query that says who sees them."""

from functools import reduce
from operator import or_
from typing import Any, Protocol, Self

from django.db import models
from django.db.models import Q

TIERS = ("city", "county", "township", "village")  # the columns, level 1 to 4


class Grants(Protocol):
    """Who asks: a post, which says on which units it holds a permission."""

    def units_granting(self, permission: str) -> dict[str, set[int]]: ...


class Place(Protocol):
    """A unit or a placed record: names the unit of each tier by its key; a unit has none below itself."""

    city_id: Any
    county_id: Any
    township_id: Any
    village_id: Any


class HasLevel(Protocol):
    level: Any


def lies_in(units: dict[str, set[int]], via: str = "") -> Q:
    """That a record lies in one of ``units``, {tier: keys}, by its tier columns or those behind ``via``."""
    return reduce(or_, (Q(**{f"{via}{tier}__in": sorted(ids)}) for tier, ids in units.items()), Q())


class ScopedQuerySet(models.QuerySet):
    """Of models with the columns city, county, township and village, or with a unit that has them (``via``)."""

    via = ""

    def visible_to(self, post: Grants | None, permission: str) -> Self:
        """Records on which ``post`` holds ``permission``. No query of its own; served by (tier column, …) indexes."""
        units = post.units_granting(permission) if post else {}
        return self.filter(lies_in(units, self.via)) if units else self.none()

    def within(self, unit: HasLevel) -> Self:
        """Records at ``unit`` or anywhere below."""
        return self.filter(**{f"{self.via}{TIERS[unit.level - 1]}": unit})


class InUnit(models.Model):
    """It lies where its unit does: permissions are asked there."""

    unit: Any

    class Meta:
        abstract = True

    @property
    def city_id(self) -> int | None:
        return self.unit.city_id

    @property
    def county_id(self) -> int | None:
        return self.unit.county_id

    @property
    def township_id(self) -> int | None:
        return self.unit.township_id

    @property
    def village_id(self) -> int | None:
        return self.unit.village_id


class Placed(models.Model):
    """Carries its village and all that lies above it. ``place`` alone writes these columns."""

    city = models.ForeignKey("orgs.OrgUnit", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    township = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    village = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def place(self, village: Place) -> None:
        """Put the record in ``village``, or beside another placed record."""
        self.village_id, self.township_id = village.village_id, village.township_id
        self.county_id, self.city_id = village.county_id, village.city_id

    def place_values(self) -> dict[str, int]:
        """{column: unit} of where the record is, to put many others there by one ``update``."""
        return {f"{tier}_id": getattr(self, f"{tier}_id") for tier in TIERS}
