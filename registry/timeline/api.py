"""A child's line of time over the API: what the page draws, as data."""

import uuid

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.audit.readings import note_reading
from registry.child.models import ChildFile
from registry.timeline.services import entries_of, lanes_of, next_steps_of
from registry.timeline.span import SPANS, span_of


class BarOut(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="最后一天；仍在进行的为空")
    label = serializers.CharField()
    title = serializers.CharField()
    is_to_come = serializers.BooleanField(help_text="还没到的，计划中的")


class DotOut(serializers.Serializer):
    on = serializers.DateField()
    title = serializers.CharField()


class TickOut(serializers.Serializer):
    on = serializers.DateField()
    label = serializers.CharField()
    is_late = serializers.BooleanField()


class LaneOut(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    note = serializers.CharField()
    mark = serializers.CharField()
    bars = BarOut(many=True)
    dots = DotOut(many=True)
    ticks = TickOut(many=True)


class NextOut(serializers.Serializer):
    title = serializers.CharField()
    holder = serializers.CharField(help_text="现在由谁办")
    since = serializers.DateField(allow_null=True, help_text="从哪天起由他办")
    due_on = serializers.DateField(allow_null=True)


class EntryOut(serializers.Serializer):
    at = serializers.DateTimeField()
    on = serializers.DateField(allow_null=True)
    kind = serializers.CharField(help_text="visit、assessment、care；其他为空")
    title = serializers.CharField()
    note = serializers.CharField()


class TimelineOut(serializers.Serializer):
    since = serializers.DateField()
    until = serializers.DateField()
    lanes = LaneOut(many=True)
    next = NextOut(many=True, help_text="下一步，先到期的在前")
    entries = EntryOut(many=True, help_text="经过，新的在前")


@extend_schema(tags=["children"])
class TimelineViewSet(KnownParameters, viewsets.GenericViewSet):
    """What happened to a child beside each other, who holds what since when, and what is next."""

    queryset = ChildFile.objects.none()
    serializer_class = TimelineOut
    filter_backends = ()
    permissions = {"list": "view_child"}
    reads = {"list": "view_file"}
    parameters = {"list": ("span",)}
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("child", uuid.UUID, OpenApiParameter.PATH, description="儿童档案标识"),
            OpenApiParameter("span", str, enum=list(SPANS), description="多长一段；默认半年"),
        ],
        responses=TimelineOut,
    )
    def list(self, request, child=None):
        self.check_parameters(request)
        post = acting_post(request)
        file = get_object_or_404(ChildFile.objects.open_to(post, "view_child"), pk=child)
        note_reading(request, file)
        _key, span = span_of(request.query_params.get("span", ""), file, timezone.localdate())
        answer = {
            "since": span.since,
            "until": span.until,
            "lanes": lanes_of(post, file, span),
            "next": next_steps_of(post, file),
            "entries": entries_of(request._request, file),
        }
        return Response(TimelineOut(answer).data)
