from visits.api.alerts import AlertViewSet
from visits.api.guidance import EntrustmentViewSet, GuidanceViewSet, PublicityViewSet
from visits.api.schedule import (
    ChildExtraViewSet,
    ExtraVisitViewSet,
    HolidayViewSet,
    VisitRoundViewSet,
    VisitRuleViewSet,
)
from visits.api.sync import SyncViewSet
from visits.api.visits import ReviewViewSet, VisitViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("visits", VisitViewSet, basename="api-visit")
    router.register("sync", SyncViewSet, basename="api-sync")
    router.register("alerts", AlertViewSet, basename="api-alert")
    router.register("guidance", GuidanceViewSet, basename="api-guidance")
    router.register("entrustments", EntrustmentViewSet, basename="api-entrustment")
    router.register("publicity", PublicityViewSet, basename="api-publicity")
    router.register("reviews", ReviewViewSet, basename="api-review")
    router.register("visit-rules", VisitRuleViewSet, basename="api-schedule-rule")
    router.register("visit-rounds", VisitRoundViewSet, basename="api-schedule-round")
    router.register("holidays", HolidayViewSet, basename="api-holiday")
    router.register(r"children/(?P<child>[^/.]+)/extra-visit", ChildExtraViewSet, basename="api-child-extra")
    router.register("extra-visits", ExtraVisitViewSet, basename="api-extra")
