"""Exports over the API: order a table, ask how far it is, fetch it."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from childwelfare.api.bodies import Body
from childwelfare.jobs.models import Job
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from orgs.audit.readings import note_reading
from reports.exports.kinds import EXPORT_KINDS, LIVE, SOURCES
from reports.exports.services import exports_of, order_export, read_export
from reports.exports.serving import CONTENT_TYPES, download
from reports.indicators.templates import Scale


class ExportIn(Body):
    kind = serializers.ChoiceField(
        choices=[(key, kind.label) for key, kind in EXPORT_KINDS.items()],
        help_text="；".join(f"{key} {kind.label}" for key, kind in EXPORT_KINDS.items()),
    )
    unit = serializers.UUIDField(help_text="机构标识，须在管辖范围内")
    period = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        help_text="月 2026-10、季度 2026Q4 或年 2026；不填为本月；花名册以外都用。上报名单和数据包只按月",
    )
    sheet = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="表样的 key，见 /ledger-templates/；只用于汇总表"
    )
    scale = serializers.ChoiceField(
        choices=Scale.choices, required=False, allow_blank=True, default="", help_text="人，或万人（民政统计）"
    )
    source = serializers.ChoiceField(choices=SOURCES, required=False, default=LIVE, help_text="实时数或上报数")
    below = serializers.BooleanField(required=False, default=False, help_text="下一级各单位各一张表")
    category = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="儿童类别，不填为全部；只用于花名册"
    )


class ExportOut(serializers.ModelSerializer):
    download = serializers.SerializerMethodField(help_text="下载地址；没有文件时为空")

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "title",
            "state",
            "done",
            "total",
            "problem",
            "filename",
            "created_at",
            "finished_at",
            "download",
        ]

    def get_download(self, record) -> str:
        return reverse("api-export-download", [record.pk], request=self.context["request"]) if record.file else ""


@extend_schema(tags=["exports"])
class ExportViewSet(VisibleRecords, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The exports of one's own post, newest first."""

    queryset = Job.objects.none()
    serializer_class = ExportOut
    filter_backends = ()
    lookup_url_kwarg = "id"
    permissions = dict.fromkeys(("list", "retrieve", "create", "download"), ("export_figures", "export_roster"))
    reads = {"list": NO_CHILD, "retrieve": NO_CHILD, "download": "download"}

    def visible_records(self):
        return exports_of(acting_post(self.request))

    def get_object(self):
        """One's own; the service asks about its unit."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    def perform_content_negotiation(self, request, force=False):
        """Who fetches a workbook may accept nothing but workbooks."""
        return super().perform_content_negotiation(request, force or self.action == "download")

    @extend_schema(summary="一份导出的进度")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="导出一份表", request=ExportIn, responses={202: ExportOut})
    def create(self, request, *args, **kwargs):
        given = ExportIn(data=request.data)
        given.is_valid(raise_exception=True)
        record = order_export(by=acting_post(request), **given.validated_data)
        return Response(self.get_serializer(record).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="下载导出的表",
        responses={
            **{(200, kind): OpenApiTypes.BINARY for kind in CONTENT_TYPES.values()},
            422: OpenApiResponse(description="还没有做好，或已过 7 天删除"),
        },
    )
    @action(detail=True)
    def download(self, request, id=None):
        record = self.get_object()
        content, unit = read_export(record, by=acting_post(request))
        note_reading(request, record, unit=unit, kind=record.kind)
        return download(content, record.filename)
