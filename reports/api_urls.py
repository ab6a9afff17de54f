from reports.api.exports import ExportViewSet
from reports.api.figures import FigureViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("figures", FigureViewSet, basename="api-figure")
    router.register("exports", ExportViewSet, basename="api-export")
