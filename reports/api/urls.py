from reports.api.figures import FigureViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("figures", FigureViewSet, basename="api-figure")
