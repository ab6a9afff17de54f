"""Who is to be called: the people in post at each unit."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import Exact

from orgs.access.scope import TIERS
from orgs.posts.models import Appointment, AppointmentQuerySet, Role
from orgs.units.models import Level, OrgUnit, office

# of each level, whose work reporting is
REPORTS = {1: Role.CITY_OFFICER, 2: Role.COUNTY_OFFICER, 3: Role.TOWNSHIP_CLERK, 4: Role.VILLAGE_DIRECTOR}
# the ways from a submission to the units over it, the nearest first
ABOVE = ("above", "parent__above", "parent__parent__above")


def unmanned(unit: str = "unit") -> Q:
    """Where nobody holds the post that reports, at the unit behind the path ``unit`` nor at one that alone took over
    from it: it is vacant, or closed for good."""
    return Q(~Exists(_reporting().filter(unit=office(unit, OuterRef))))


def _reporting() -> AppointmentQuerySet:
    """The posts of today whose work reporting is."""
    return Appointment.objects.current().filter(role__in=list(REPORTS.values()))


def office_at(unit: Any, path: str) -> Q:
    """That the people of ``unit`` (a key, or an expression of one) do the work of the unit behind ``path``."""
    return Q(**{path: unit}) | Q(**{f"{path}__taken_over_by": unit})


def decided_at(unit: Any, via: str = "") -> Q:
    """Of what was sent for a submission, behind the path ``via``, in the post ``made_in``: that ``unit`` (a key, or an
    expression of one) decides it, the next above that has people; what somebody of that one sent, in whatever post, the
    one above it as well. As ``workflow.decides_what`` says of one."""
    first, second, third = (f"{via}{tier}" for tier in ABOVE)
    in_second_place = _sent_at(first) & _first_manned(unit, second, third)
    in_third_place = unmanned(first) & _sent_at(second) & office_at(unit, third)
    return next_above(unit, via) | in_second_place | in_third_place


def next_above(unit: Any, via: str = "") -> Q:
    """That ``unit`` is the next above with people in post, of a submission behind the path ``via``."""
    return _first_manned(unit, *(f"{via}{tier}" for tier in ABOVE))


def _first_manned(unit: Any, path: str, *higher: str) -> Q:
    """That the people of ``unit`` work at the first of the units behind these paths where there are any."""
    here = office_at(unit, path)
    return here | unmanned(path) & _first_manned(unit, *higher) if higher else here


def _sent_at(path: str) -> Q:
    """By the people who do the work of the unit behind ``path``, at it or at who took over since: in a post there, or
    by somebody who holds one there besides."""
    besides = works_at(OuterRef("made_in__person"), office(path, OuterRef))
    return Q(Exact(office("made_in__unit"), office(path))) | Q(Exists(besides))


def works_at(person: Any, unit: Any) -> AppointmentQuerySet:
    """The posts that report which ``person`` holds at ``unit`` today."""
    return _reporting().filter(person=person, unit=unit)


def left_to(above: OrgUnit, unit: str = "unit") -> Q:
    """What units below ``above`` or one that it alone took over from, behind the path ``unit``, leave to it: nobody
    holds the post there, nor at any tier between, be they vacant or closed for good. As ``in_office`` says of one."""
    here = {f"{unit}__{TIERS[above.level - 1]}__in": above.own_keys, f"{unit}__level__gt": above.level}
    found = Q(**here) & unmanned(unit)
    for tier in TIERS[above.level : Level.VILLAGE - 1]:
        found &= unmanned(f"{unit}__{tier}")
    return found


def in_office(unit: OrgUnit) -> list[int]:
    """The units whose people do the work of ``unit`` and of those above it, the nearest first: themselves, or who alone
    took over from one; those alone where somebody holds the post that reports. One query."""
    return offices_of([unit])[unit.pk]


def offices_of(units: Iterable[OrgUnit]) -> dict[int, list[int]]:
    """{unit: as ``in_office`` says} of many. One query."""
    lines = {
        unit.pk: [unit.pk, *(getattr(unit, f"{tier}_id") for tier in reversed(TIERS[: unit.level - 1]))]
        for unit in units
    }
    held = {unit: posts[0].unit_id for unit, posts in people_at(pk for line in lines.values() for pk in line).items()}
    return {unit: [held[pk] for pk in line if pk in held] for unit, line in lines.items()}


def people_at(units: Iterable[int]) -> dict[int, list[Appointment]]:
    """{unit: who holds the post that reports there, or at the one that alone took over from it; the lead first}. One
    query."""
    asked = set(units) - {None}
    posts = _reporting().filter(unit__in=OrgUnit.objects.filter(pk__in=asked).values(office=office()))
    posts = posts.annotate(took_over=F("unit__units_taken_over")).select_related("person")
    found: dict[int, list[Appointment]] = defaultdict(list)
    for post in posts.order_by("-lead", "valid_from", "pk"):
        for unit in asked & {post.unit_id, post.took_over}:
            if post not in found[unit]:
                found[unit].append(post)
    return found
