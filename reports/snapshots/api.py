"""What was signed, over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NUMBERS
from reports.snapshots.models import Snapshot


class SnapshotOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    period = serializers.CharField(source="period.key", help_text="月份")
    content = serializers.SerializerMethodField(help_text="上报的内容；按键排序、不含空格的 JSON 的 SHA-256 就是 hash")
    supersedes = serializers.CharField(source="supersedes.hash", default="", help_text="更正的是哪一份")

    class Meta:
        model = Snapshot
        fields = ["hash", "unit", "period", "seq", "kind", "made_at", "supersedes", "content"]

    def get_content(self, snapshot) -> dict:
        return snapshot.told


@extend_schema(tags=["snapshots"])
class SnapshotViewSet(VisibleRecords, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """One report as it was signed, by its hash."""

    queryset = Snapshot.objects.none()
    serializer_class = SnapshotOut
    filter_backends = ()
    lookup_url_kwarg = "hash"
    lookup_value_regex = "[0-9a-f]{64}"
    permissions = {"retrieve": "view_figures"}
    reads = {"retrieve": NUMBERS}

    def visible_records(self):
        found = Snapshot.objects.visible_to(acting_post(self.request), "view_figures")
        return found.select_related("unit", "period", "supersedes")

    def get_object(self):
        return get_object_or_404(self.get_queryset().order_by("made_at"), hash=self.kwargs["hash"])

    @extend_schema(summary="一份上报数据")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)
