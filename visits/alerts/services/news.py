"""News of a report: whoever deals with it is told."""

from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from visits.alerts.models import Alert, AlertStep


def tell_of_news(alert: Alert, step: AlertStep, *, by: Appointment) -> None:
    """Tell those who handle ``alert``, where it was reported and where the child's file is kept, of ``step``; ``by``,
    who wrote it, left out."""
    places = [alert, alert.child] if alert.child else [alert]
    units = {key for place in places for key in (place.township_id, place.county_id) if key}
    for unit in sorted(units):
        notify("alert_news", alert, to=Holders(unit, "handle_alert"), key=str(step.pk), by=by)
