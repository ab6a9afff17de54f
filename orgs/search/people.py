"""Units and the people in their posts, as hits: within the post's own place."""

from django.db.models import Q
from django.urls import reverse

from childwelfare.text.cleaning import clean_name
from orgs.posts.models import Appointment
from orgs.search.sources import EACH, Hit
from orgs.units.models import OrgUnit
from orgs.units.search import begins_with


def find_units(post: Appointment, text: str) -> list[Hit]:
    """By the beginning of a name or its letters; by any part of a name from two characters on."""
    text = clean_name(text)
    wanted = begins_with(text)
    if len(text) > 1:
        wanted |= Q(name__contains=text)
    units = OrgUnit.objects.visible_to(post, "view_unit").current().filter(stand_in=False).with_path()
    return [_unit_hit(post, unit) for unit in units.filter(wanted).in_order()[:EACH]]


def _unit_hit(post: Appointment, unit: OrgUnit) -> Hit:
    url = ""
    if post.may("manage_units", unit):
        url = reverse("unit-detail", args=[unit.uid])
    elif post.may("view_figures", unit):
        url = reverse("figure-unit", args=[unit.uid])
    return Hit(title=unit.short_name, note=unit.path_label, url=url)


def find_people(post: Appointment, text: str) -> list[Hit]:
    """Who holds a post here or below, by the beginning of the name, with the number to call."""
    held = Appointment.objects.visible_to(post, "view_unit").current().with_unit()
    held = held.filter(person__name__startswith=clean_name(text)).order_by("person__name", "unit__level", "pk")
    return [_person_hit(post, each) for each in held[:EACH]]


def _person_hit(post: Appointment, held: Appointment) -> Hit:
    note = " · ".join(part for part in (held.unit.path_label, str(held.role_label), held.person.phone) if part)
    url = reverse("unit-detail", args=[held.unit.uid]) if post.may("manage_posts", held.unit) else ""
    return Hit(title=held.person.name, note=note, url=url)
