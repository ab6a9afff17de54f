from visits.models.schedule import VisitDue, VisitRule
from visits.models.sync import SyncItem, SyncPhone, SyncVerdict
from visits.models.visit import Visit, VisitEvent, VisitPhoto, VisitState

__all__ = [
    "SyncItem", "SyncPhone", "SyncVerdict", "Visit", "VisitDue", "VisitEvent", "VisitPhoto", "VisitRule", "VisitState",
]  # fmt: skip
