from visits.models.schedule import VisitDue, VisitRule
from visits.models.visit import Visit, VisitEvent, VisitPhoto, VisitState

__all__ = ["Visit", "VisitDue", "VisitEvent", "VisitPhoto", "VisitRule", "VisitState"]
