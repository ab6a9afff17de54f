"""Figures over the API: a unit and the next tier below it, or two dimensions crossed, as the pages show them; live, or
as they were reported."""

from django.db.models import Exists, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from childwelfare.api.pages import NumberedPages
from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import NUMBERS
from orgs.stale_figures.keys import Kind
from orgs.units.models import OrgUnit
from reports.crossing.api import CROSSING_PARAMETERS, CrossingAsked, CrossingOut, crossing_data
from reports.crossing.dimensions import Dimension
from reports.crossing.reported import NotReported, rows_of
from reports.crossing.table import crossing_of
from reports.figures.queries import last_counted, stale_marks_of_figure
from reports.indicators.table import INDICATORS, numbers_of
from reports.rollup.models import Figure
from reports.rollup.periods import Period
from reports.submissions.models import Submission

PERIOD = "月 2026-10、季度 2026Q4 或年 2026；不填为本月"
COLUMNS = "；".join(f"{each.key} {each.group}{each.label}" for each in INDICATORS)


class FigureAsked(CrossingAsked):
    """A unit and a month; with two dimensions a crossing of them."""

    unit = serializers.UUIDField(required=False, help_text="机构标识，不填为本单位")
    period = serializers.CharField(required=False, help_text=PERIOD)

    def validate_period(self, text):
        try:
            return Period.of(text).key
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None

    def validate(self, attrs):
        attrs = super().validate(attrs)
        if attrs.get("as") == "official" and Period.of(attrs.get("period", "")).kind != Kind.MONTH:
            raise serializers.ValidationError({"period": _("上报数按月，请写月份，如 2026-10。")})
        return attrs

    @property
    def official(self) -> bool:
        return self.validated_data.get("as") == "official"


class FigureOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit.name", help_text="机构名称")
    level = serializers.IntegerField(source="unit.level", help_text="层级 1 市 2 县 3 乡镇 4 村")
    period = serializers.CharField(help_text="月、季度或年")
    counted_at = serializers.DateTimeField(source="last_counted", help_text="统计时间")
    as_of = serializers.DateField(help_text="数字所说的日期：期末，未结束的为统计当天")
    recounting = serializers.BooleanField(help_text="真：统计之后又有改动，正在重新统计，数字可能还会变；过一会儿再取")
    snapshot = serializers.CharField(
        default=None, allow_null=True, help_text="上报数的校验码（SHA-256）；实时数为 null"
    )
    values = serializers.SerializerMethodField(help_text="各指标的数；统计时还没有这一指标的为 null：" + COLUMNS)

    class Meta:
        model = Figure
        fields = ["unit", "name", "level", "period", "as_of", "counted_at", "recounting", "snapshot", "values"]

    def get_values(self, figure) -> dict[str, int | None]:
        return numbers_of(figure.numbers)


class FigurePageOut(serializers.Serializer):
    count = serializers.IntegerField(help_text="一共几个单位")
    next = serializers.URLField(allow_null=True, help_text="下一页；没有了是 null")
    previous = serializers.URLField(allow_null=True, help_text="上一页")
    results = FigureOut(many=True, help_text="本单位在前，其余按统计表的顺序")


@extend_schema(tags=["figures"])
class FigureViewSet(KnownParameters, viewsets.GenericViewSet):
    """The unit first, then the next tier below in the order of the tables; units that were not counted are left out.
    With ``rows`` and ``columns`` a crossing instead."""

    pagination_class = NumberedPages
    queryset = Figure.objects.none()
    serializer_class = FigureOut
    filter_backends = ()
    permissions = {"list": "view_figures"}
    reads = {"list": NUMBERS}
    parameters = {"list": ("unit", "period", "rows", "columns", "as")}

    @extend_schema(
        summary="一个单位及其下一级的统计数；两个维度交叉的人数",
        description=(
            "不写 rows、columns：本单位和下一级各单位的统计数，分页。"
            "两个都写：这个单位的儿童按两个维度交叉的人数（CrossingOut），不分页。"
        ),
        parameters=[
            OpenApiParameter("unit", str, description="机构标识，不填为本单位"),
            OpenApiParameter("period", str, description=PERIOD),
            *CROSSING_PARAMETERS,
        ],
        responses=PolymorphicProxySerializer(
            "FiguresOrCrossing", [FigurePageOut, CrossingOut], resource_type_field_name=None, many=False
        ),
    )
    def list(self, request):
        asked = FigureAsked(data=request.query_params)
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        post, period = acting_post(request), asked.validated_data.get("period", "")
        unit = self._unit(post, asked.validated_data.get("unit"))
        if dimensions := asked.dimensions:
            return Response(self._crossing(unit, Period.of(period), dimensions, official=asked.official))
        if asked.official:
            page = self.paginate_queryset(self._reported(post, unit, period)) or []
            return self.get_paginated_response(FigureOut([_as_figure(row) for row in page], many=True).data)
        page = self.paginate_queryset(self._figures(post, unit, period))
        return self.get_paginated_response(FigureOut(page, many=True).data)

    @staticmethod
    def _crossing(unit: OrgUnit, month: Period, dimensions: tuple[Dimension, Dimension], *, official: bool) -> dict:
        try:
            rows = rows_of(unit, month, official=official)
        except NotReported as why:
            raise ValidationError({"as": [str(why)]}) from why
        return crossing_data(crossing_of(rows, *dimensions), rows.snapshot.hash if rows.snapshot else None)

    @staticmethod
    def _unit(post, uid=None) -> OrgUnit:
        return get_object_or_404(OrgUnit.objects.visible_to(post, "view_figures"), uid=uid) if uid else post.unit

    @staticmethod
    def _reported(post, unit: OrgUnit, period: str):
        rows = Submission.objects.visible_to(post, "view_figures").filter(period__key=period or Period.of().key)
        rows = rows.filter(Q(unit=unit) | Q(parent__unit=unit))  # those that it sums, wherever they are by now
        return rows.exclude(approved=None).with_all().in_order()

    @staticmethod
    def _figures(post, unit: OrgUnit, period: str):
        visible = OrgUnit.objects.visible_to(post, "view_figures")
        shown = visible.filter(pk=unit.pk) | visible.filter(parent=unit)
        figures = Figure.objects.counted().filter(unit__in=shown, period=period or Period.of().key)
        figures = figures.annotate(recounting=Exists(stale_marks_of_figure()), last_counted=last_counted())
        return figures.select_related("unit").order_by("unit__level", "unit__code", "unit__pinyin", "pk")


def _as_figure(row: Submission) -> Figure:
    """What is valid of a unit, in the form of what is counted of it; not saved."""
    snapshot = row.approved
    assert snapshot is not None
    figure = Figure(
        unit=row.unit_then, period=row.period.key, numbers=snapshot.told["values"],
        as_of=snapshot.told["as_of"], counted_at=snapshot.made_at,
    )  # fmt: skip
    told = {"recounting": False, "last_counted": snapshot.made_at, "snapshot": snapshot.hash}
    for name, value in told.items():
        setattr(figure, name, value)
    return figure
