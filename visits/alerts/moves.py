"""What follows from the moves of a mandatory report: a line of the trail; the rest is in ``visits.alerts.services``."""

from childwelfare.workflow.models import Event
from orgs.audit.services import record_act
from orgs.stale_figures.services import mark_figures_stale
from registry.assessments.services.dues import plan_next
from registry.child.services.locking import lock_whole_file
from visits.alerts.models import OUTCOME, Alert
from visits.alerts.services.locking import hold_file
from visits.alerts.workflow import ALERT


@ALERT.lock
def _hold_file(alert: Alert) -> None:
    hold_file(alert)


@ALERT.effect("acknowledge", "close", "reopen")
def _record_move(alert: Alert, event: Event, _payload: None) -> None:
    if event.action != "acknowledge":
        mark_figures_stale(alert.county_id, villages=[alert.village_id])
    record_act(event.post, f"{event.action}_alert", alert)
    if event.action != "acknowledge":
        _follow_in_assessments(alert)


@ALERT.undo_effect("close")
def _forget_outcome(alert: Alert, event: Event) -> None:
    """As if it had not been closed: who signed, what was done and the clocks are what they were."""
    alert.outcome, alert.grounds, alert.placement, alert.closed_at = "", [], "", None
    alert.save(update_fields=OUTCOME)
    mark_figures_stale(alert.county_id, villages=[alert.village_id])
    record_act(event.post, "undo_close_alert", alert)
    _follow_in_assessments(alert)


def _follow_in_assessments(alert: Alert) -> None:
    """A child whose report was closed is assessed after it; not where nothing was true of it."""
    if alert.child_id:
        plan_next(lock_whole_file(alert.child_id))
