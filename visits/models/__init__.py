from visits.models.alert import Alert, AlertEvent, AlertState, AlertStep
from visits.models.schedule import VisitDue, VisitRule
from visits.models.visit import Visit, VisitEvent, VisitPhoto, VisitState

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertState",
    "AlertStep",
    "Visit",
    "VisitDue",
    "VisitEvent",
    "VisitPhoto",
    "VisitRule",
    "VisitState",
]
