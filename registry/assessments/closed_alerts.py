"""When urgent reports of a child were closed, after each of which it is assessed: told by whom keeps the reports."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from childwelfare.hooks import Registry
from registry.child.models import ChildFile

# closed(files) -> {file: the moments at which reports of it were closed, in which there was something}
CLOSED_ALERTS: Registry[Callable[[Iterable[ChildFile]], Mapping[uuid.UUID, list[datetime.datetime]]]] = Registry(
    "when urgent reports were closed"
)


def alerts_closed(files: Iterable[ChildFile]) -> dict[uuid.UUID, list[datetime.datetime]]:
    """{file: the moments, earliest first}; of a file without any there is none. A query for each who tells."""
    found: dict[uuid.UUID, list[datetime.datetime]] = defaultdict(list)
    for closed in CLOSED_ALERTS:
        for file, moments in closed(files).items():
            found[file] += moments
    return {file: sorted(moments) for file, moments in found.items()}
