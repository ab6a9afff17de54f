"""Whether anything that was reported was altered since: figures against their hashes, rosters and parts, and every row
of reporting against the audit trail, whose seals and anchors need what lies outside the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from reports.periods.models import ReportingPeriod
from reports.verification.acts import Trail
from reports.verification.figures import faults_of_figures
from reports.verification.standing import Standing
from reports.verification.tables import Broken, Tables


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as of one moment, so that what people do meanwhile looks like no forgery. Nobody waits
    for it: on SQLite it begins without the lock of writers that our transactions take at once."""
    if connection.in_atomic_block:
        yield
        return
    with _without_the_lock_of_writers(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _without_the_lock_of_writers() -> Iterator[None]:
    """A transaction that is begun inside takes no lock before it writes."""
    if connection.vendor != "sqlite":
        yield
        return
    wrapper: Any = connection  # the attribute is SQLite's alone
    usual, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        wrapper.transaction_mode = usual


def first_broken(period: ReportingPeriod, trail: Trail) -> Broken | None:
    """The first thing that was altered in what was reported for ``period``; None where all of it stands."""
    tables = Tables(period)
    acts = trail.acts.get((period.root_id, period.key), [])
    return next(chain(faults_of_figures(tables), Standing(tables).faults(acts)), None)


def lost_periods(periods: Iterable[ReportingPeriod], trail: Trail) -> list[Broken]:
    """Those that the trail opened and the table does not have any more."""
    held = {(period.root_id, period.key) for period in periods}
    return [Broken(key, _("留痕里有这一期，这里没有了")) for root, key in trail.acts if (root, key) not in held]
