"""Meetings over the API: the same service, rules and permissions as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, CleanText, LooseDate
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.units.models import OrgUnit
from registry.meetings.models import Decision, Meeting, MeetingItem
from registry.meetings.services import ITEM_LIMIT, LIMITS, Decided, hold_meeting
from registry.needs import codes
from registry.needs.models import Need


def _text(name: str, help_text: str, **given) -> CleanText:
    return CleanText(max_length=LIMITS[name], help_text=help_text, **given)


class MeetingItemIn(Body):
    need = serializers.UUIDField(help_text="需求标识")
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409，什么都不存")
    decision = CleanChoice(choices=Decision.choices)
    text = CleanText(max_length=ITEM_LIMIT, required=False, allow_blank=True, default="", help_text="谁做什么")
    by_on = LooseDate(required=False, allow_null=True, default=None, help_text="何时前")
    unit = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="交给哪个下级单位")
    outcome = CleanChoice(
        choices=[(each.value, each.label) for each in codes.BY_HAND], required=False, allow_blank=True, default=""
    )
    satisfaction = CleanChoice(choices=codes.Satisfaction.choices, required=False, allow_blank=True, default="")


class MeetingIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次会商")
    held_on = LooseDate(help_text="会商日期")
    place = _text("place", "地点", required=False, allow_blank=True, default="")
    chair = _text("chair", "主持人")
    present = _text("present", "参加的人和单位")
    text = _text("text", "会商情况")
    items = MeetingItemIn(many=True, help_text="会上定了的需求")


class MeetingItemOut(serializers.ModelSerializer):
    text = serializers.CharField()

    class Meta:
        model = MeetingItem
        fields = ["need", "decision", "text", "by_on"]


class MeetingOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid")
    unit_name = serializers.CharField(source="unit.short_name")
    text = serializers.CharField()
    by = serializers.CharField(source="made_by.name")
    items = MeetingItemOut(many=True)

    class Meta:
        model = Meeting
        fields = ["id", "unit", "unit_name", "held_on", "place", "chair", "present", "text", "items", "by", "made_at"]


@extend_schema(tags=["needs"])
class MeetingViewSet(
    VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet
):
    """Meetings about needs, of one's unit and those below."""

    queryset = Meeting.objects.none()
    serializer_class = MeetingOut
    lookup_url_kwarg = "id"
    permissions = {"list": "view_meeting", "retrieve": "view_meeting", "create": "hold_meeting"}
    reads = {"list": "list_meetings", "retrieve": "view_meeting"}

    def visible_records(self):
        found = Meeting.objects.visible_to(acting_post(self.request), "view_meeting")
        return found.select_related("unit", "made_by").prefetch_related("items").order_by("-held_on", "-id")

    @extend_schema(request=MeetingIn, responses={201: MeetingOut})
    def create(self, request, *args, **kwargs):
        """All of its moves are made, or none."""
        given = MeetingIn(data=request.data)
        given.is_valid(raise_exception=True)
        answers, post = dict(given.validated_data), acting_post(request)
        items = [self._decided(dict(item), post) for item in answers.pop("items")]
        meeting = hold_meeting(by=post, pk=answers.pop("id", None), answers=answers, items=items)
        return Response(self.get_serializer(meeting).data, status=status.HTTP_201_CREATED)

    def _decided(self, item: dict, post) -> Decided:
        needs = Need.objects.open_to(post).select_related(*Need.PLACES)
        need, version = get_object_or_404(needs, pk=item.pop("need")), item.pop("version")
        units = OrgUnit.objects.visible_to(post, "view_need")
        item["unit"] = units.filter(uid=item["unit"]).first() if item["unit"] else None
        return Decided(need=need, seen_version=version, **item)
