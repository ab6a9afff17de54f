"""Appointments begin and end; the grants on their unit follow in the same transaction."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.permission_rows import unit_permissions
from orgs.access.permissions import MATRIX, ROLE_LEVELS
from orgs.accounts.models import Person
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.posts.signals import post_ended
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import Level, OrgUnit, UnitGrant


def appoint(
    person: Person,
    unit: OrgUnit,
    role: str,
    *,
    by: Appointment | None = None,
    since: datetime.date | None = None,
    lead: bool = False,
    document: str = "",
) -> Appointment:
    """Give ``person`` the post ``role`` at ``unit`` from ``since`` (today) on.

    ``by`` is the appointing post, None for the command line. Raises Refused when the role does not exist at that
    tier, the unit is closed, or the person holds this post already.
    """
    demand_open_role(unit, role)
    if person.appointments.current().filter(unit=unit, role=role).exists():
        raise Refused(_("%(person)s已在这个岗位上。") % {"person": person})
    with transaction.atomic():
        post = Appointment.objects.create(
            person=person,
            unit=unit,
            role=role,
            lead=lead,
            valid_from=since or timezone.localdate(),
            document=document,
            appointed_by=by.person if by else None,
        )
        sync_grants(person, unit)
        _mark_figures_stale(post, post.valid_from)
        record_act(by, "appoint", post, unit=unit, role=role)
    return post


def demand_open_role(unit: OrgUnit, role: str) -> None:
    """Raises Refused where ``unit`` is closed or knows no post ``role``."""
    if unit.level not in ROLE_LEVELS[role]:
        raise Refused(_("“%(unit)s”是%(level)s，没有这个岗位。") % {"unit": unit, "level": Level(unit.level).label})
    if unit.valid_to:
        raise Refused(_("“%(unit)s”已停用，不能任命。") % {"unit": unit})


def end_appointment(post: Appointment, *, by: Appointment | None = None, on: datetime.date | None = None) -> None:
    """End ``post`` on ``on`` (today): from that day it sees nothing, open sessions and tokens included."""
    day = on or timezone.localdate()
    demand_running(post, on=day)
    with transaction.atomic():
        post.valid_to = max(day, post.valid_from)
        post.save(update_fields=["valid_to"])
        sync_grants(post.person, post.unit)
        record_act(by, "end_appointment", post, unit=post.unit, role=post.role)
        if not post.is_current():  # one that ends later is looked for when its day has come
            post_ended.send(Appointment, post=post, by=by)
        # after the files that receivers hold: who writes in a file marks figures last as well
        _mark_figures_stale(post, post.valid_to)


def _mark_figures_stale(post: Appointment, since: datetime.date) -> None:
    """Figures count who works in a village."""
    unit = post.unit
    if unit.level == Level.VILLAGE and unit.county_id:
        mark_figures_stale(unit.county_id, since, villages=[unit.pk])


def demand_running(post: Appointment, *, on: datetime.date | None = None) -> None:
    """Raises Stale for a post that has ended by ``on`` (today)."""
    if post.valid_to and post.valid_to <= (on or timezone.localdate()):
        raise Stale(_("这个岗位已在%(day)s离任。") % {"day": short_day(post.valid_to)})


def sync_grants(person: Person, unit: OrgUnit) -> None:
    """Make the grants of ``person`` on ``unit`` what its open appointments there declare. Idempotent.

    An appointment with a future end keeps its grants until then: dates are checked when grants are read.
    """
    today = timezone.localdate()
    roles = [
        role
        for role, ends in person.appointments.filter(unit=unit).values_list("role", "valid_to")
        if ends is None or ends > today
    ]
    wanted = set().union(*(MATRIX[role] for role in roles))
    held = dict(UnitGrant.objects.filter(user=person, content_object=unit).values_list("permission__codename", "pk"))
    if spare := held.keys() - wanted:
        UnitGrant.objects.filter(pk__in=[held[name] for name in spare]).delete()
    if missing := wanted - held.keys():
        keys = unit_permissions().filter(codename__in=missing).order_by().values_list("pk", flat=True)
        UnitGrant.objects.bulk_create(UnitGrant(user=person, content_object=unit, permission_id=key) for key in keys)


def align_grants() -> int:
    """Make the grants of everybody what the matrix declares today: after an upgrade that gave a role another action.
    Returns how many were given or taken."""
    today = timezone.localdate()
    posts = Appointment.objects.exclude(valid_to__lte=today).values_list("person_id", "unit_id", "role")
    permissions = dict(unit_permissions().values_list("codename", "pk"))
    wanted = {
        (person, unit, permissions[name])
        for person, unit, role in posts
        for name in MATRIX[role]
        if name in permissions
    }
    held = {
        (user, unit, permission): pk
        for pk, user, unit, permission in UnitGrant.objects.values_list(
            "pk", "user_id", "content_object_id", "permission_id"
        )
    }
    missing, spare = wanted - held.keys(), [held[key] for key in held.keys() - wanted]
    with transaction.atomic():
        for start in range(0, len(spare), 500):
            UnitGrant.objects.filter(pk__in=spare[start : start + 500]).delete()
        UnitGrant.objects.bulk_create(
            (UnitGrant(user_id=u, content_object_id=o, permission_id=p) for u, o, p in sorted(missing)), batch_size=500
        )
    return len(missing) + len(spare)
