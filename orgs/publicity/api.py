"""Publicity activities over the API: the same services, rules and permissions as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate, several_choices
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from orgs.publicity import codes
from orgs.publicity.models import Publicity
from orgs.publicity.services import LIMITS, MOST_PEOPLE, log_publicity


class PublicityIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次")
    held_on = LooseDate(help_text="日期")
    where = CleanText(max_length=LIMITS["where"], help_text="地点")
    topic = CleanText(max_length=LIMITS["topic"], help_text="主题")
    audience = several_choices(codes.Audience)
    people = serializers.IntegerField(min_value=1, max_value=MOST_PEOPLE, help_text="人数")
    note = CleanText(max_length=LIMITS["note"], required=False, allow_blank=True, default="")


class PublicityOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid")
    place = serializers.CharField(source="unit.path_label")
    photos = serializers.IntegerField(source="photos.count", help_text="照片数")

    class Meta:
        model = Publicity
        fields = ["id", "unit", "place", "held_on", "where", "topic", "audience", "people", "note", "photos"]


@extend_schema(tags=["guidance"])
class PublicityViewSet(VisibleRecords, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Publicity activities of villages and stations."""

    queryset = Publicity.objects.none()
    serializer_class = PublicityOut
    permissions = {"list": "view_publicity", "create": "log_publicity"}
    reads = {"list": NO_CHILD}

    def visible_records(self):
        found = Publicity.objects.visible_to(acting_post(self.request), "view_publicity")
        paths = ("unit__county", "unit__township", "unit__city")
        return found.select_related(*paths).prefetch_related("photos").newest_first()

    @extend_schema(request=PublicityIn, responses={201: PublicityOut})
    def create(self, request):
        given = PublicityIn(data=request.data)
        given.is_valid(raise_exception=True)
        answers = dict(given.validated_data)
        activity = log_publicity(by=acting_post(request), pk=answers.pop("id", None), answers=answers)
        return Response(self.get_serializer(activity).data, status=status.HTTP_201_CREATED)
