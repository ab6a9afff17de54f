"""What a station wrote itself. Where nobody else works there nobody could check it: its county decides (permission
settle_station_work). The one place that says which records those are, for a check, a list and a table of moves."""

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from childwelfare.workflow.writers import WRITES, written_by
from orgs.access.scope import TIERS, ScopedQuerySet
from orgs.posts.models import Appointment
from orgs.units.models import Level

Records = TypeVar("Records", bound=ScopedQuerySet)


def is_at_station(post: Appointment) -> bool:
    return post.unit.level == Level.TOWNSHIP


def written_at_station(record: Any) -> bool:
    """Whether a station wrote any part of ``record``: made it (``made_in``), or completed it since. Also what somebody
    who works at its station wrote in another post, as a village's director: alone there, she could not decide it."""
    if is_at_station(record.made_in):
        return True
    written = [event for event in record.events.all() if event.action in WRITES]
    if any(is_at_station(event.post) for event in written if event.post_id != record.made_in_id):
        return True
    writers = {record.made_by_id, *(event.person_id for event in written)}
    return Appointment.objects.current().filter(unit=record.township_id, person__in=writers).exists()


def decider_in_words(record: Any) -> str:
    """Who decides what waits for a station: the station; what it wrote itself, somebody else of it or its county."""
    station = record.township.centre_name
    if not written_at_station(record):
        return str(station)
    return _("%(station)s的另一位工作人员，或%(county)s") % {"station": station, "county": record.county.short_name}


# who may make a move besides those of its permission: ``Transition.instead``
COUNTY_INSTEAD = ("settle_station_work", written_at_station)


def decided_by(post: Appointment, records: Records, permission: str) -> Records:
    """Those of ``records`` that ``post`` decides: with ``permission`` all that lies below its station, else what the
    stations of its county wrote themselves, be it a part."""
    if post.holds(permission):
        return records.visible_to(post, permission)
    completed = _events_of(records).filter(action__in=WRITES)
    at_station = Appointment.objects.current()
    makers = at_station.filter(unit=OuterRef("township"), person=OuterRef("made_by"))
    completers = at_station.filter(unit=OuterRef(OuterRef("township")), person=OuterRef("person"))
    completed = completed.filter(Q(post__unit__level=Level.TOWNSHIP) | Q(Exists(completers)))
    written = Q(made_in__unit__level=Level.TOWNSHIP) | Q(Exists(makers)) | Q(Exists(completed))
    return records.visible_to(post, "settle_station_work").filter(written)


def written_by_others(post: Appointment, records: QuerySet) -> QuerySet:
    """Those of ``records`` that the person of ``post`` wrote no part of, and so may decide."""
    own = _events_of(records).filter(action__in=WRITES, person=post.person_id)
    return records.exclude(made_by=post.person_id).exclude(Exists(own))


def asked_of(post: Appointment, returned: QuerySet) -> QuerySet:
    """Those of ``returned`` that ``post`` is to complete: what its person made or wrote a part of, and what was made in
    a post of its unit that nobody holds any more, for nobody else would be asked."""
    held = Appointment.objects.current().filter(unit=post.unit_id)
    left = returned.filter(made_in__unit__in=post.unit.own_keys).exclude(made_in__in=held)
    return written_by(post.person_id, returned) | left


def without_work_of_above(post: Appointment, returned: QuerySet) -> QuerySet:
    """``returned`` without what a unit above ``post``'s wrote and its person no part of: it is asked of who wrote it.
    What the station of another place wrote, before the child came here, is asked of ``post``: it can't reach it."""
    own = written_by(post.person_id, returned).values("pk")
    return returned.exclude(~Q(pk__in=own), made_in__unit__in=units_above(post))


def units_above(post: Appointment) -> list[Any]:
    """Keys of the units over that of ``post``: its station, county, city."""
    keys = [getattr(post.unit, f"{tier}_id") for tier in TIERS]
    return [key for key in keys if key not in (None, post.unit_id)]


def _events_of(records: QuerySet) -> QuerySet:
    """The events of each of ``records``, for a subquery."""
    events = records.model._meta.get_field("events").related_model
    return events.objects.filter(record=OuterRef("pk"))
