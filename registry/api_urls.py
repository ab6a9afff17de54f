from registry.api.changes import ChangeViewSet
from registry.api.children import ChildViewSet
from registry.api.eligibility import EligibilityViewSet
from registry.api.moves import MergeViewSet, TransferViewSet
from registry.api.papers import ChildPapersViewSet, PaperViewSet
from registry.api.quality import QualityViewSet
from registry.api.stays import StayViewSet


def register(router):
    """Add this room's resources to the API."""
    router.register("changes", ChangeViewSet, basename="api-change")
    router.register(r"children/(?P<child>[^/.]+)/papers", ChildPapersViewSet, basename="api-child-papers")
    router.register("papers", PaperViewSet, basename="api-paper")
    router.register("children", ChildViewSet, basename="api-child")
    router.register("transfers", TransferViewSet, basename="api-transfer")
    router.register("eligibility", EligibilityViewSet, basename="api-eligibility")
    router.register("merges", MergeViewSet, basename="api-merge")
    router.register("stays", StayViewSet, basename="api-stay")
    router.register("quality", QualityViewSet, basename="api-quality")
