"""Keeping a file at another village, with all that is where the file is."""

import datetime

from orgs.units.models import OrgUnit
from registry.child.models import ChildFile, FileState
from registry.periods.models import PastPeriod, PeriodEnd
from registry.transfers.moving import MOVED


def put_at(file: ChildFile, village: OrgUnit, *, on: datetime.date, ended_by: PeriodEnd) -> None:
    """Keep ``file``, which the transaction holds, at ``village`` from the day ``on``.

    The time at the old place of a child in the registry becomes a PastPeriod, so its figures stay there; what is where
    the file is goes along (``registry.transfers.moving``).
    """
    if file.state == FileState.APPROVED:
        assert file.begun_on  # it is in the registry
        day = max(on, file.begun_on)
        past = PastPeriod(child=file, since=file.begun_on, until=day, ended_by=ended_by)
        past.place(file)
        past.save()
        file.counted_since = day
    file.place(village)
    file.version += 1
    file.save()
    for model in MOVED:
        model._default_manager.filter(child=file).update(**file.place_values())
