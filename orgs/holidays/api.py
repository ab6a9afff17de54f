"""Public holidays over the API: the same services, rules and permissions as the pages."""

import datetime

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate
from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import NO_CHILD
from orgs.holidays.models import Holiday
from orgs.holidays.services import add_holiday, days_off, foresee_holiday, foresee_removal, remove_holiday


class HolidayIn(Body):
    name = CleanText(max_length=20, help_text="节日")
    since = LooseDate(help_text="第一天")
    until = LooseDate(help_text="最后一天，含当天")
    document = CleanText(max_length=120, help_text="文件名称或文号")


class HolidayOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk", allow_null=True, help_text="市级记下的才有；随系统带来的为空")
    name = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(help_text="含当天；第二天是工作日")
    document = serializers.CharField()


class MovedOut(serializers.Serializer):
    what = serializers.CharField(help_text="什么的截止日期")
    before = serializers.DateField(help_text="现在的")
    after = serializers.DateField(help_text="调整以后的")
    units = serializers.IntegerField(help_text="几个单位还没有报或没有答")


@extend_schema(tags=["holidays"])
class HolidayViewSet(KnownParameters, viewsets.ViewSet):
    """Public holidays of a year, for everybody; the city adds a year that was published since."""

    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]+"
    permissions = {
        "list": ("view_visit", "manage_schedule"),
        "create": "manage_schedule",
        "destroy": "manage_schedule",
        "foresee": "manage_schedule",
        "foresee_removal": "manage_schedule",
    }
    reads = {"list": NO_CHILD, "foresee": NO_CHILD, "foresee_removal": NO_CHILD}
    parameters = {"list": ("year",)}

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年份，默认今年")], responses=HolidayOut(many=True)
    )
    def list(self, request):
        asked = YearIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        year = asked.validated_data.get("year") or timezone.localdate().year
        days = days_off(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        return Response(HolidayOut(days, many=True).data)

    @extend_schema(request=HolidayIn, responses={201: HolidayOut})
    def create(self, request):
        given = HolidayIn(data=request.data)
        given.is_valid(raise_exception=True)
        holiday = add_holiday(by=acting_post(request), **given.validated_data)
        return Response(HolidayOut(holiday).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[OpenApiParameter("id", int, "path")], responses={204: None})
    def destroy(self, request, id=None):
        remove_holiday(get_object_or_404(Holiday, pk=id), by=acting_post(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="记下以前先看：会移动哪些没到的期限", request=HolidayIn, responses=MovedOut(many=True))
    @action(detail=False, methods=["post"])
    def foresee(self, request):
        given = HolidayIn(data=request.data)
        given.is_valid(raise_exception=True)
        moved = foresee_holiday(by=acting_post(request), **given.validated_data)
        return Response(MovedOut(moved, many=True).data)

    @extend_schema(
        summary="去掉以前先看：会移动哪些没到的期限",
        parameters=[OpenApiParameter("id", int, "path")],
        responses=MovedOut(many=True),
    )
    @action(detail=True, url_path="foresee")
    def foresee_removal(self, request, id=None):
        moved = foresee_removal(get_object_or_404(Holiday, pk=id), by=acting_post(request))
        return Response(MovedOut(moved, many=True).data)


class YearIn(serializers.Serializer):
    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)
