"""What follows from the moves of a mandatory report: a line of the trail; the rest is in ``visits.alerts.services``."""

from childwelfare.workflow.models import Event
from orgs.audit.services import record_act
from visits.alerts.models import Alert
from visits.alerts.workflow import ALERT


@ALERT.effect("acknowledge", "close", "reopen")
def _record_move(alert: Alert, event: Event, _payload: None) -> None:
    record_act(event.post, f"{event.action}_alert", alert)
