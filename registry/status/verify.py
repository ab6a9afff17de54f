"""Whether what children count as is what their files say, the plain way: every file, from its own tables."""

from django.utils import timezone

from registry.child.models import ChildFile
from registry.status.measures import measured
from registry.status.models import ChildStatus
from registry.status.timeline import span_of, timeline_of

BATCH = 1000


def first_differing() -> ChildFile | None:
    """The first file whose rows, as they are known now, are not what it says of itself today; None where all are.

    Of earlier days only where it counted and which categories it held are held against the file: the other columns
    have no history there.
    """
    today, last = timezone.localdate(), None
    files = measured(ChildFile.objects.order_by("pk"))
    while True:
        batch = list((files.filter(pk__gt=last) if last else files)[:BATCH])
        if not batch:
            return None
        known: dict = {}
        for row in ChildStatus.objects.filter(child__in=[file.pk for file in batch]).known():
            known.setdefault(row.child_id, []).append(row)
        for file in batch:
            rows = known.get(file.pk, [])
            if set(map(span_of, rows)) != set(timeline_of(file, rows, today)):
                return file
        last = batch[-1].pk
