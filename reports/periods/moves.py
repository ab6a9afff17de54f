"""What follows from the moves of a reporting period."""

from childwelfare.workflow.models import Event
from orgs.audit.services import record_act
from reports.periods.models import ReportingPeriod
from reports.periods.workflow import PERIOD


@PERIOD.effect("lock", "lock_in_time")
def _record_move(period: ReportingPeriod, event: Event, _payload: None) -> None:
    record_act(event.post, "lock_period", period, unit=period.root, period=period.key)
