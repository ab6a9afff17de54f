from registry.api.changes import ChangeViewSet
from registry.api.children import ChildViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("children", ChildViewSet, basename="api-child")
    router.register("changes", ChangeViewSet, basename="api-change")
