"""All models of the app, for Django. The code imports them from their concept: ``visits.alerts.models``."""

from visits.alerts.models import Alert, AlertEvent, AlertStep
from visits.oversight.models import SpotCheck
from visits.phones.models import SyncItem, SyncPhone
from visits.schedule.models import ExtraVisit, OvertakenDue, RoundCount, VisitDue, VisitRound, VisitRule
from visits.visit.models import Visit, VisitEvent, VisitPhoto

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertStep",
    "ExtraVisit",
    "RoundCount",
    "SpotCheck",
    "SyncItem",
    "SyncPhone",
    "Visit",
    "OvertakenDue",
    "VisitDue",
    "VisitEvent",
    "VisitPhoto",
    "VisitRound",
    "VisitRule",
]
