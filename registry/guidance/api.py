"""Guidance and entrusted care over the API: the same services, rules and permissions as the pages."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, CleanText, LooseDate, NameText, PhoneText, several_choices
from orgs.access.api.viewsets import VisibleRecords, acting_post
from registry.child.codes import Relation
from registry.child.models import ChildFile
from registry.guidance import codes, services
from registry.guidance.models import Entrustment, Guidance
from registry.guidance.services import ADVICE_LIMIT, REASON_LIMIT
from registry.guidance.workflow import ENTRUSTMENT


def _day(help_text: str) -> LooseDate:
    return LooseDate(required=False, allow_null=True, default=None, help_text=help_text)


class GuidanceIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条")
    child = serializers.UUIDField(help_text="儿童档案标识")
    given_on = LooseDate(help_text="日期")
    guardian = NameText(help_text="对谁")
    topics = several_choices(codes.Topic)
    advice = CleanText(max_length=ADVICE_LIMIT, required=False, allow_blank=True, default="")
    agreed = serializers.BooleanField(required=False, allow_null=True, default=None)


class GuidanceOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    advice = serializers.CharField()
    by = serializers.CharField(source="made_by.name")

    class Meta:
        model = Guidance
        fields = ["id", "child", "given_on", "guardian", "topics", "advice", "agreed", "by", "made_at"]


class EntrustIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份")
    child = serializers.UUIDField(help_text="儿童档案标识")
    by_name = NameText(help_text="委托人")
    by_relation = CleanChoice(choices=Relation.choices)
    reason = CleanText(max_length=REASON_LIMIT, help_text="为什么委托")
    carer_name = NameText(help_text="受托人")
    carer_relation = CleanChoice(choices=Relation.choices)
    carer_phone = PhoneText(required=False, allow_blank=True, default="")
    unfit = serializers.ListField(
        child=CleanChoice(choices=codes.Unfit.choices),
        help_text="未成年人保护法第二十二条的情形；核对过、都没有，发送 []",
    )
    child_heard = serializers.BooleanField(required=False, allow_null=True, default=None)
    since = LooseDate(help_text="委托起")
    until = LooseDate(help_text="委托止")
    signed_on = LooseDate(help_text="签订日期")
    school_told_on = _day("书面告知学校日期")
    village_told_on = _day("书面告知村（居）委会日期")


class NotifyIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    school_told_on = _day("书面告知学校日期")
    village_told_on = _day("书面告知村（居）委会日期")


class EndIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    on = LooseDate(help_text="从哪一天起结束")
    reason = CleanText(max_length=REASON_LIMIT)


class EntrustmentOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    in_force = serializers.BooleanField()
    lacking = serializers.ListField(child=serializers.CharField(), help_text="还缺什么")

    class Meta:
        model = Entrustment
        fields = [
            "id",
            "child",
            "by_name",
            "by_relation",
            "reason",
            "carer_name",
            "carer_relation",
            "child_heard",
            "since",
            "until",
            "signed_on",
            "school_told_on",
            "village_told_on",
            "paper",
            "ended_on",
            "end_reason",
            "in_force",
            "lacking",
            "version",
        ]


class Made(VisibleRecords, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Records of a child that are listed and made; ``service(file, by=, answers=, pk=, …)``."""

    queryset: QuerySet
    lookup_url_kwarg = "id"
    filterset_fields = ["child"]

    def visible_records(self):
        found = self.queryset.model.objects.visible_to(acting_post(self.request), "view_guidance")
        return found.select_related("child", "made_by").order_by("-made_at", "-id")

    def read_body(self, serializer_class) -> dict:
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def make(self, service, data: dict, **extra) -> Response:
        post = acting_post(self.request)
        files = ChildFile.objects.visible_to(post, "guide_guardian")
        file, pk = get_object_or_404(files, pk=data.pop("child")), data.pop("id", None)
        record = service(file, by=post, pk=pk, answers=data, **extra)
        return Response(self.get_serializer(record).data, status=status.HTTP_201_CREATED)


@extend_schema(tags=["guidance"])
class GuidanceViewSet(Made):
    """Guidance given to guardians."""

    queryset = Guidance.objects.none()
    serializer_class = GuidanceOut
    permissions = {"list": "view_guidance", "create": "guide_guardian"}
    reads = {"list": "read_list"}

    @extend_schema(request=GuidanceIn, responses={201: GuidanceOut})
    def create(self, request):
        return self.make(services.guide_guardian, self.read_body(GuidanceIn))


@extend_schema(tags=["guidance"])
class EntrustmentViewSet(Made):
    """Agreements of entrusted care."""

    queryset = Entrustment.objects.none()
    serializer_class = EntrustmentOut
    permissions = {
        "list": "view_guidance",
        "create": "guide_guardian",
        **{action: ENTRUSTMENT.permissions(action) for action in ENTRUSTMENT.transitions},
    }
    reads = {"list": "read_list"}

    @extend_schema(request=EntrustIn, responses={201: EntrustmentOut})
    def create(self, request):
        data = self.read_body(EntrustIn)
        return self.make(services.entrust, data, unfit=data.pop("unfit"))

    @extend_schema(request=NotifyIn, responses=EntrustmentOut)
    @action(detail=True, methods=["post"])
    def notify(self, request, id=None):
        agreement, answers = self.get_object(), self.read_body(NotifyIn)
        version = answers.pop("version")
        services.notify(agreement, by=acting_post(request), seen_version=version, answers=answers)
        return Response(self.get_serializer(agreement).data)

    @extend_schema(request=EndIn, responses=EntrustmentOut)
    @action(detail=True, methods=["post"])
    def end(self, request, id=None):
        agreement, given = self.get_object(), self.read_body(EndIn)
        services.end(agreement, by=acting_post(request), seen_version=given.pop("version"), **given)
        return Response(self.get_serializer(agreement).data)
