"""Figures over the API: a unit and the next tier below it, as the pages show them."""

from django.db.models import Exists
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from childwelfare.api.pages import NumberedPages
from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import ReadsNothing
from orgs.units.models import OrgUnit
from reports.figures.queries import last_counted, stale_marks_of_figure
from reports.indicators.table import INDICATORS, numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period

PERIOD = "月 2026-10、季度 2026Q4 或年 2026；不填为本月"
COLUMNS = "；".join(f"{each.key} {each.group}{each.label}" for each in INDICATORS)


class FigureAsked(serializers.Serializer):
    unit = serializers.UUIDField(required=False, help_text="机构标识，不填为本单位")
    period = serializers.CharField(required=False, help_text=PERIOD)

    def validate_period(self, text):
        try:
            return Period.of(text).key
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class FigureOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit.name", help_text="机构名称")
    level = serializers.IntegerField(source="unit.level", help_text="层级 1 市 2 县 3 乡镇 4 村")
    period = serializers.CharField(help_text="月、季度或年")
    counted_at = serializers.DateTimeField(source="last_counted", help_text="统计时间")
    as_of = serializers.DateField(help_text="数字所说的日期：期末，未结束的为统计当天")
    recounting = serializers.BooleanField(help_text="真：统计之后又有改动，正在重新统计，数字可能还会变；过一会儿再取")
    values = serializers.SerializerMethodField(help_text="各指标的数；统计时还没有这一指标的为 null：" + COLUMNS)

    class Meta:
        model = Figure
        fields = ["unit", "name", "level", "period", "as_of", "counted_at", "recounting", "values"]

    def get_values(self, figure) -> dict[str, int | None]:
        return numbers_of(figure.numbers)


@extend_schema(tags=["figures"])
class FigureViewSet(KnownParameters, viewsets.GenericViewSet):
    """The unit first, then the next tier below in the order of the tables; units that were not counted are left out."""

    pagination_class = NumberedPages
    queryset = Figure.objects.none()
    serializer_class = FigureOut
    filter_backends = ()
    permissions = {"list": "view_figures"}
    reads = {"list": ReadsNothing("numbers alone")}
    parameters = {"list": ("unit", "period")}

    @extend_schema(
        summary="一个单位及其下一级的统计数",
        parameters=[
            OpenApiParameter("unit", str, description="机构标识，不填为本单位"),
            OpenApiParameter("period", str, description=PERIOD),
        ],
        responses=FigureOut(many=True),
    )
    def list(self, request):
        asked = FigureAsked(data=request.query_params)
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        figures = self._figures(acting_post(request), **asked.validated_data)
        page = self.paginate_queryset(figures)
        return self.get_paginated_response(FigureOut(page, many=True).data)

    @staticmethod
    def _figures(post, unit=None, period=""):
        visible = OrgUnit.objects.visible_to(post, "view_figures")
        unit = get_object_or_404(visible, uid=unit) if unit else post.unit
        shown = visible.filter(pk=unit.pk) | visible.filter(parent=unit)
        figures = Figure.objects.counted().filter(unit__in=shown, period=period or Period.of().key)
        figures = figures.annotate(recounting=Exists(stale_marks_of_figure()), last_counted=last_counted())
        return figures.select_related("unit").order_by("unit__level", "unit__code", "unit__pinyin", "pk")
