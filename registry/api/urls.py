from registry.api.children import ChildViewSet
from registry.api.eligibility import EligibilityViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("children", ChildViewSet, basename="api-child")
    router.register("eligibility", EligibilityViewSet, basename="api-eligibility")
