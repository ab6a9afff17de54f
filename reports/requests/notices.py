"""Telling the units of a request: their own people, or the station where a village has nobody."""

from collections.abc import Iterable

from orgs.inbox.services import notify_about
from orgs.posts.models import Appointment
from reports.requests.models import DataAnswer


def tell(kind: str, answers: Iterable[DataAnswer], *, by: Appointment, key: str = "") -> int:
    """Tell the unit of each of ``answers``, or the one above it where nobody holds a post there. Four queries, however
    many. Returns how many units were reached so."""
    rows = list(answers)
    own = notify_about(kind, [(row.unit_id, row) for row in rows], permission="submit_ledger", key=key, by=by)
    left = [(row.unit.parent_id, row) for row in rows if row.unit_id not in own and row.unit.parent_id]
    above = notify_about(kind, left, permission="submit_ledger", key=key, by=by)
    return len(own) + sum(unit in above for unit, _row in left)
