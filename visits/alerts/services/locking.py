"""Holding the file before the report."""

from registry.child.services.locking import lock_file_of
from visits.alerts.models import Alert


def hold_file(alert: Alert) -> None:
    """Hold the file of the child that is reported, as whoever merges it or assesses its child does, before the report
    is written: what is due of the child follows the report. The report is of ``alert.child`` by then. Nothing is held
    where nobody knows the child."""
    if alert.child_id:
        alert.child = lock_file_of(alert)
