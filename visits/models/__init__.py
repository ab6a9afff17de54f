from visits.models.extra import ExtraVisit
from visits.models.rounds import VisitRound
from visits.models.schedule import VisitDue, VisitRule
from visits.models.visit import Visit, VisitEvent, VisitPhoto, VisitState

__all__ = ["ExtraVisit", "Visit", "VisitDue", "VisitEvent", "VisitPhoto", "VisitRound", "VisitRule", "VisitState"]
