from orgs.api.units import UnitViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("units", UnitViewSet, basename="api-unit")
