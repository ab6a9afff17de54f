"""The months that are reported, over the API: the same services, guards and words as the pages."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.fields import LooseDate, PrintedText
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NUMBERS
from reports.periods.deadlines import Deadlines
from reports.periods.models import PeriodState, ReportingPeriod
from reports.periods.services import REASON_LONGEST
from reports.submissions.api.submissions import SheetSeenIn
from reports.submissions.last_days import move_period
from reports.submissions.locking import lock_period


class PeriodOut(serializers.ModelSerializer):
    root = serializers.UUIDField(source="root.uid", help_text="市（试点为县）的机构标识")
    locked = serializers.BooleanField(source="is_locked")

    class Meta:
        model = ReportingPeriod
        fields = [
            "id", "root", "key", "as_of", "state", "locked", "version", "definitions", "due_village", "due_township",
            "due_county", "due_city", "locks_on", "opened_at",
        ]  # fmt: skip


class DeadlinesIn(SheetSeenIn):
    """The days of one period; those that stay as they are as well."""

    village = LooseDate(help_text="村（居）截止")
    township = LooseDate(help_text="乡镇（街道）截止")
    county = LooseDate(help_text="县（市、区）截止")
    city = LooseDate(help_text="市级截止")
    locks = LooseDate(help_text="锁定日期")
    reason = PrintedText(max_length=REASON_LONGEST, help_text="为什么调整")


class PeriodFilter(django_filters.FilterSet):
    key = django_filters.CharFilter(help_text="月份，如 2026-10")
    state = django_filters.ChoiceFilter(choices=PeriodState.choices)

    class Meta:
        model = ReportingPeriod
        fields = ["key", "state"]


@extend_schema(tags=["periods"])
class PeriodViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The months that one's own city reports on."""

    queryset = ReportingPeriod.objects.none()
    serializer_class = PeriodOut
    filterset_class = PeriodFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_figures",
        "retrieve": "view_figures",
        "lock": "manage_periods",
        "deadlines": "manage_periods",
    }
    reads = {"list": NUMBERS, "retrieve": NUMBERS}

    def visible_records(self):
        """Those of one's own city are no secret to who sees figures anywhere below."""
        return ReportingPeriod.objects.of(acting_post(self.request).unit).select_related("root")

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(summary="一个填报期")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="锁定，以后只能更正", request=SheetSeenIn, responses=PeriodOut)
    @action(detail=True, methods=["post"])
    def lock(self, request, id=None):
        period, given = self.get_object(), SheetSeenIn(data=request.data)
        given.is_valid(raise_exception=True)
        lock_period(period, by=acting_post(request), seen_version=given.validated_data["version"])
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="调整期限：只能推后到工作日", request=DeadlinesIn, responses=PeriodOut)
    @action(detail=True, methods=["post"])
    def deadlines(self, request, id=None):
        period, given = self.get_object(), DeadlinesIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        seen = {"seen_version": asked.pop("version"), "reason": asked.pop("reason")}
        move_period(period, Deadlines(**asked), by=acting_post(request), **seen)
        return Response(self.get_serializer(self.get_object()).data)
