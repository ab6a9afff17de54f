"""When reports of children were closed, for whatever follows from it."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable

from registry.child.models import ChildFile
from visits.alerts.codes import Outcome
from visits.alerts.models import Alert, AlertState


def reports_closed(files: Iterable[ChildFile]) -> dict[uuid.UUID, list[datetime.datetime]]:
    """{file: when its reports were closed}, without those in which nothing was true. One query."""
    closed = Alert.objects.filter(child__in=files, state=AlertState.CLOSED).exclude(outcome=Outcome.NOT_CONFIRMED)
    found: dict[uuid.UUID, list[datetime.datetime]] = defaultdict(list)
    for file, moment in closed.order_by().values_list("child", "closed_at"):
        assert moment  # the database holds to it
        found[file].append(moment)
    return found
