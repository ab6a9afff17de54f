"""One file as the rules look at it: its people by their place in the family, nothing opened that is sealed."""

import datetime
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.utils import timezone

from childwelfare.hooks import Registry
from registry.categories.models import CategoryMembership
from registry.child.ages import age_on
from registry.child.codes import Life, Relation
from registry.child.field_entry import GRANDPARENTS
from registry.child.fields import is_empty
from registry.child.models import ChildFile
from registry.family.models import FamilyMember, Guardian

# concepts above say when a child was last met: query(keys of files) → {key: day}
LAST_MET: Registry[Callable[[Iterable], dict]] = Registry("days on which a child was last met")


class Case:
    """A file on a day. Its related rows (family, guardians, memberships; township and county) may be prefetched, or
    given: ``locked_cases`` sets ``family``, ``guardians``, ``held`` and ``living_region`` of many at once."""

    def __init__(self, file: ChildFile, on: datetime.date, seen: datetime.date | None = None):
        self.file, self.on, self.seen = file, on, seen

    @cached_property
    def family(self) -> dict[str, FamilyMember]:
        return by_relation(self.file.family.all())

    def parent(self, relation: str) -> FamilyMember | None:
        return self.family.get(relation)

    @cached_property
    def parents(self) -> list[FamilyMember]:
        """Those of whom the file says anything."""
        return [self.family[relation] for relation in (Relation.FATHER, Relation.MOTHER) if relation in self.family]

    @cached_property
    def grandparents(self) -> list[FamilyMember]:
        return [self.family[relation] for relation in GRANDPARENTS if relation in self.family]

    @cached_property
    def guardians(self) -> list[Guardian]:
        return list(self.file.guardians.all())

    @cached_property
    def guardian(self) -> Guardian | None:
        """Who cares for the child now."""
        return next((one for one in self.guardians if one.until is None), None)

    @cached_property
    def guarding_parent(self) -> FamilyMember | None:
        """The parent who is noted as the guardian."""
        return self.family.get(self.guardian.relation) if self.guardian and self._guarded_by_parent else None

    @property
    def _guarded_by_parent(self) -> bool:
        return self.guardian is not None and self.guardian.relation in (Relation.FATHER, Relation.MOTHER)

    @cached_property
    def held(self) -> dict[str, CategoryMembership]:
        """The categories that the child holds now."""
        return held_among(self.file.memberships.all())

    @cached_property
    def age(self) -> int:
        return age_on(self.file.birth_date, self.on)

    @cached_property
    def living_region(self) -> str:
        """The county where the child lives, as the township's official code tells it; "" where it has none."""
        return region_of(self.file.township.code, self.file.county.code)

    @cached_property
    def from_elsewhere(self) -> bool | None:
        """Registered in another county; None where that is unknown."""
        home, here = self.file.registered_region, self.living_region
        return home != here if home and here else None

    @cached_property
    def looked_at(self) -> datetime.date:
        """The last day on which somebody wrote the file or saw the child."""
        written = timezone.localdate(self.file.updated_at)
        return max(written, self.seen) if self.seen else written


def by_relation(family: Iterable) -> dict[str, FamilyMember]:
    return {member.relation: member for member in family}


def held_among(memberships: Iterable) -> dict[str, CategoryMembership]:
    return {one.category: one for one in memberships if one.until is None}


def region_of(township: str | None, county: str | None) -> str:
    """By the official codes of the two."""
    return (township or county or "")[:6]


def case_of(file: ChildFile, on: datetime.date | None = None) -> Case:
    """One file today, whatever its state."""
    return Case(file, on or timezone.localdate(), last_seen([file.pk]).get(file.pk))


def last_seen(keys: list) -> dict:
    """{file: the last day on which a visit met its child and was accepted}, as the concepts above know it."""
    days: dict = {}
    for query in LAST_MET:
        for key, day in query(keys).items():
            days[key] = max(day, days.get(key, day))
    return days


def is_filled(record: Any, name: str) -> bool:
    """Whether a field is filled; a sealed one is not opened for it."""
    value = record.__dict__.get(name) if record is not None else None
    return not is_empty(value)


def alive(member: FamilyMember | None) -> bool | None:
    if member is None or member.life == Life.UNKNOWN:
        return None
    return member.life == Life.ALIVE


def gone(member: FamilyMember | None) -> bool | None:
    """Dead or missing."""
    known = alive(member)
    return None if known is None else not known
