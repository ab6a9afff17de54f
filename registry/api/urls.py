from registry.api.changes import ChangeViewSet
from registry.api.moves import ChildMoves, MergeViewSet, TransferViewSet
from registry.api.papers import ChildPapersViewSet, PaperViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("changes", ChangeViewSet, basename="api-change")
    router.register(r"children/(?P<child>[^/.]+)/papers", ChildPapersViewSet, basename="api-child-papers")
    router.register("papers", PaperViewSet, basename="api-paper")
    router.register("children", ChildMoves, basename="api-child")
    router.register("transfers", TransferViewSet, basename="api-transfer")
    router.register("merges", MergeViewSet, basename="api-merge")
