from visits.api.schedule import ChildExtraViewSet, ExtraVisitViewSet, VisitRoundViewSet, VisitRuleViewSet
from visits.api.visits import ReviewViewSet, VisitViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("visits", VisitViewSet, basename="api-visit")
    router.register("reviews", ReviewViewSet, basename="api-review")
    router.register("visit-rules", VisitRuleViewSet, basename="api-schedule-rule")
    router.register("visit-rounds", VisitRoundViewSet, basename="api-schedule-round")
    router.register(r"children/(?P<child>[^/.]+)/extra-visit", ChildExtraViewSet, basename="api-child-extra")
    router.register("extra-visits", ExtraVisitViewSet, basename="api-extra")
