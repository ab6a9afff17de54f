"""Stays elsewhere over the API: the same services, rules and permissions as the pages."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate
from childwelfare.text.masking import masked_name
from orgs.access.api.viewsets import VisibleRecords, acting_post
from registry.stays.models import Stay, may_open
from registry.stays.rows import JOINS, of_both_sides
from registry.stays.services import AHEAD, end_stay, may_undo_end, undo_end
from registry.stays.workflow import STAY


class StayIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次登记")
    version = serializers.IntegerField(help_text="档案的版本号；期间有变化则得到 409")
    village = serializers.UUIDField(help_text="暂住的村（居）标识")
    since = LooseDate(help_text=f"从哪一天起；最多提前 {AHEAD.days} 天")
    until = LooseDate(required=False, allow_null=True, default=None, help_text="预计返回日期，到期自动结束")
    reason = CleanText(max_length=200, help_text="为什么去那里住")
    address = CleanText(max_length=120, required=False, allow_blank=True, default="")
    host_name = CleanText(max_length=50, required=False, allow_blank=True, default="", help_text="与谁同住")
    host_phone = CleanText(max_length=20, required=False, allow_blank=True, default="")


class StayUndoIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")


class StayEndIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = CleanText(max_length=200, help_text="怎样结束：已回家，或孩子不在那里")


class StayOut(serializers.ModelSerializer):
    """After the end the host side is told the family name alone."""

    child = serializers.SerializerMethodField(help_text="档案标识；不能打开档案时为空")
    child_name = serializers.SerializerMethodField()
    home = serializers.CharField(source="child.village.path_label", help_text="档案所在地")
    host = serializers.CharField(source="village.path_label", help_text="暂住地")
    village = serializers.UUIDField(source="village.uid")
    address = serializers.SerializerMethodField()
    host_name = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    in_force = serializers.BooleanField(help_text="现在由暂住地走访")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = Stay
        fields = [
            "id",
            "child",
            "child_name",
            "home",
            "host",
            "village",
            "since",
            "until",
            "reason",
            "address",
            "host_name",
            "in_force",
            "begun_on",
            "ended_on",
            "ended_by",
            "end_reason",
            "version",
            "made_at",
            "actions",
        ]

    @property
    def _post(self):
        return acting_post(self.context["request"])

    def to_representation(self, stay):
        stay.named = may_open(self._post, "view_child", stay.child)
        return super().to_representation(stay)

    def get_child(self, stay) -> str | None:
        return str(stay.child_id) if stay.named else None

    def get_child_name(self, stay) -> str:
        return stay.child.name if stay.named else masked_name(stay.child.name)

    def get_address(self, stay) -> str:
        return stay.address if stay.named else ""

    def get_host_name(self, stay) -> str:
        return stay.host_name if stay.named else ""

    def get_reason(self, stay) -> str:
        return stay.reason if stay.named else ""

    def get_actions(self, stay) -> list[str]:
        actions = [move.action for move in STAY.open_to(self._post, stay)]
        return [*actions, "undo"] if self._is_hers(stay) and may_undo_end(self._post, stay) else actions

    def _is_hers(self, stay: Stay) -> bool:
        """In a list, where the events were fetched: whether the reader wrote the last one. Of one stay it is asked."""
        if not isinstance(self.parent, serializers.ListSerializer):
            return True
        last = next(reversed(stay.events.all()), None)
        return last is not None and last.person_id == self._post.person_id


class StayFilter(django_filters.FilterSet):
    child = django_filters.UUIDFilter(field_name="child_id")
    open = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull", help_text="还没有结束的")

    class Meta:
        model = Stay
        fields = ["child", "open"]


@extend_schema(tags=["stays"])
class StayViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Stays of the children one keeps, and of those who stay at one's place."""

    queryset = Stay.objects.none()
    serializer_class = StayOut
    filterset_class = StayFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_child",
        "retrieve": "view_child",
        "end": STAY.permissions("end"),
        "undo": STAY.permissions("end"),
    }
    reads = {"list": "read_list", "retrieve": "view_stay"}

    def visible_records(self):
        move = STAY.transitions.get("end" if self.action == "undo" else self.action)
        permission = move.permission if move else "view_child"
        found = of_both_sides(acting_post(self.request), permission).select_related(*JOINS).newest_first()
        return found.prefetch_related("events") if self.action == "list" else found

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=StayEndIn, responses=StayOut)
    @action(detail=True, methods=["post"])
    def end(self, request, id=None):
        stay = self.get_object()
        given = StayEndIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        stay = end_stay(stay, by=acting_post(request), reason=data["reason"], seen_version=data["version"])
        return Response(self.get_serializer(stay).data)

    @extend_schema(request=StayUndoIn, responses=StayOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        """Take back the end of a stay that one wrote within 15 minutes, while nobody did anything since."""
        stay = self.get_object()
        given = StayUndoIn(data=request.data)
        given.is_valid(raise_exception=True)
        stay = undo_end(stay, by=acting_post(request), seen_version=given.validated_data["version"])
        return Response(self.get_serializer(stay).data)
