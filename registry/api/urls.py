from registry.api.moves import ChildMoves, TransferViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("children", ChildMoves, basename="api-child")
    router.register("transfers", TransferViewSet, basename="api-transfer")
