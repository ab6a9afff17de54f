from visits.api.sync import SyncViewSet
from visits.api.visits import ReviewViewSet, VisitViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("visits", VisitViewSet, basename="api-visit")
    router.register("sync", SyncViewSet, basename="api-sync")
    router.register("reviews", ReviewViewSet, basename="api-review")
