from visits.models.alert import Alert, AlertEvent, AlertState, AlertStep
from visits.models.extra import ExtraVisit
from visits.models.guidance import Entrustment, Guidance
from visits.models.publicity import Publicity, PublicityPhoto
from visits.models.rounds import RoundCount, VisitRound
from visits.models.schedule import VisitDue, VisitRule
from visits.models.spot_check import Happened, SpotCheck
from visits.models.sync import SyncItem, SyncPhone, SyncVerdict
from visits.models.visit import Visit, VisitEvent, VisitPhoto, VisitState

__all__ = [
    "Alert", "AlertEvent", "AlertState", "AlertStep", "Entrustment", "ExtraVisit", "Guidance", "Happened",
    "Publicity", "PublicityPhoto", "RoundCount", "SpotCheck", "SyncItem", "SyncPhone", "SyncVerdict", "Visit",
    "VisitDue", "VisitEvent", "VisitPhoto", "VisitRound", "VisitRule", "VisitState",
]  # fmt: skip
