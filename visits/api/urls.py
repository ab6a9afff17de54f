from visits.api.alerts import AlertViewSet
from visits.api.visits import ReviewViewSet, VisitViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("visits", VisitViewSet, basename="api-visit")
    router.register("alerts", AlertViewSet, basename="api-alert")
    router.register("reviews", ReviewViewSet, basename="api-review")
