"""What a station made itself. Where nobody else works there nobody could check it: its county decides (permission
settle_station_work). The one place that says which records those are, for a check, a list and a table of moves."""

from typing import Any, TypeVar

from orgs.access.scope import ScopedQuerySet
from orgs.posts.models import Appointment
from orgs.units.models import Level

Records = TypeVar("Records", bound=ScopedQuerySet)


def is_at_station(post: Appointment) -> bool:
    return post.unit.level == Level.TOWNSHIP


def made_by_station(record: Any) -> bool:
    """``record`` has the post that made it, ``made_in``."""
    return is_at_station(record.made_in)


# who may make a move besides those of its permission: ``Transition.instead``
COUNTY_INSTEAD = ("settle_station_work", made_by_station)


def may_settle(post: Appointment, record: Any) -> bool:
    """Whether ``post`` decides ``record`` because a station of its county made it."""
    return post.may("settle_station_work", record) and made_by_station(record)


def decided_by(post: Appointment, records: Records, permission: str) -> Records:
    """Those of ``records`` that ``post`` decides: with ``permission`` all that lies below its station, else what the
    stations of its county made themselves."""
    if post.holds(permission):
        return records.visible_to(post, permission)
    return records.visible_to(post, "settle_station_work").filter(made_in__unit__level=Level.TOWNSHIP)
