"""Mandatory reports over the API: the same services, rules and permissions as the pages."""

import django_filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, CleanText, Moment, MomentFilter
from orgs.access.api.viewsets import VisibleRecords, acting_post
from visits.alerts import codes
from visits.alerts.models import Alert, AlertState, AlertStep
from visits.alerts.presentation import child_name_for
from visits.alerts.services import handling
from visits.alerts.services import raising as alerts
from visits.alerts.services.handling import STEP_LIMIT
from visits.alerts.services.raising import LIMITS
from visits.alerts.workflow import ALERT


def _text(name: str, help_text: str) -> CleanText:
    return CleanText(max_length=LIMITS[name], required=False, allow_blank=True, default="", help_text=help_text)


class CallIn(Body):
    call = CleanChoice(choices=codes.CALLS, help_text="110 打通了吗；没打通也先报告")
    called_at = Moment(required=False, allow_null=True, default=None, help_text="打通时必填")
    police_unit = _text("police_unit", "接警单位")
    police_receipt = _text("police_receipt", "报警回执号，可以后补记")


class AlertIn(CallIn):
    """Answers to ``raise_alert``."""

    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份报告")
    child = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="儿童档案标识；不认识的不填")
    child_words = _text("child_words", "没有档案的孩子是谁")
    village = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="村（居）标识；主任报告时总是本村，有档案的默认档案所在村",
    )
    where = _text("where", "具体地点")
    situations = serializers.ListField(
        child=CleanChoice(choices=codes.Situation.choices), help_text="强制报告制度所列九种情形，至少一种"
    )
    seen = _text("seen", "经过")
    found_at = Moment(required=False, allow_null=True, default=None, help_text="发现时间，不填按现在")
    told_by = _text("told_by", "别人告诉的：是谁，怎么联系")


class StepIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条")
    kind = CleanChoice(choices=[(kind.value, kind.label) for kind in codes.BY_HAND])
    organ = CleanChoice(
        choices=codes.Organ.choices, required=False, allow_blank=True, default="", help_text="移交、通报时必填"
    )
    text = CleanText(max_length=STEP_LIMIT)
    done_at = Moment(required=False, allow_null=True, default=None)


class SeenIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")


class CallLaterIn(CallIn, SeenIn):
    pass


class SituationsIn(SeenIn):
    situations = serializers.ListField(
        child=CleanChoice(choices=codes.Situation.choices), help_text="强制报告制度所列九种情形，至少一种"
    )


class AlertCloseIn(SeenIn):
    outcome = CleanChoice(choices=codes.Outcome.choices)
    grounds = serializers.ListField(
        child=CleanChoice(choices=codes.GROUND_CHOICES), required=False, default=list,
        help_text="临时监护：未成年人保护法第九十二条；长期监护：第九十四条",
    )  # fmt: skip
    placement = CleanChoice(choices=codes.Placement.choices, required=False, allow_blank=True, default="")
    text = CleanText(max_length=STEP_LIMIT)


class AlertReopenIn(SeenIn):
    text = CleanText(max_length=STEP_LIMIT)


class AlertUndoIn(SeenIn):
    text = CleanText(max_length=STEP_LIMIT, help_text="为什么撤销")


class StepOut(serializers.ModelSerializer):
    text = serializers.CharField()
    by = serializers.CharField(source="person.name")

    class Meta:
        model = AlertStep
        fields = ["id", "kind", "organ", "text", "done_at", "by", "at"]


class AlertBrief(serializers.ModelSerializer):
    number = serializers.CharField(help_text="编号")
    child_name = serializers.SerializerMethodField(help_text="孩子的姓名；不能打开档案的岗位看到遮盖的")
    place = serializers.CharField(source="village.path_label")
    due_at = serializers.DateTimeField(help_text="此前要有处置")
    late = serializers.SerializerMethodField()
    screened = serializers.CharField(
        help_text="评估的紧急筛查里答“是”的那道题；不空时 situations 只是随题带出的，还没有人选定"
    )

    class Meta:
        model = Alert
        fields = [
            "id",
            "number",
            "child_name",
            "situations",
            "screened",
            "place",
            "state",
            "version",
            "made_at",
            "due_at",
            "late",
            "township_at",
            "county_at",
            "handled_at",
            "answered_at",
            "escalated_to",
            "closed_at",
        ]

    def get_child_name(self, alert) -> str:
        return child_name_for(acting_post(self.context["request"]), alert)

    def get_late(self, alert) -> bool:
        return alert.late()


class AlertOut(AlertBrief):
    child_words = serializers.CharField()
    where = serializers.CharField()
    seen = serializers.CharField()
    told_by = serializers.CharField()
    reporter = serializers.CharField(source="made_by.name")
    steps = StepOut(many=True)
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta(AlertBrief.Meta):
        fields = [
            *AlertBrief.Meta.fields,
            "child_words",
            "where",
            "seen",
            "found_at",
            "told_by",
            "call",
            "called_at",
            "police_unit",
            "police_receipt",
            "outcome",
            "grounds",
            "placement",
            "reporter",
            "steps",
            "actions",
        ]

    def get_actions(self, alert) -> list[str]:
        post = acting_post(self.context["request"])
        actions = [move.action for move in ALERT.open_to(post, alert)]
        return [*actions, "undo"] if handling.may_undo_close(post, alert) else actions


class AlertFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=AlertState.choices)
    child = django_filters.UUIDFilter(field_name="child_id")
    since = MomentFilter(field_name="made_at", lookup_expr="gte")

    class Meta:
        model = Alert
        fields = ["state", "child", "since"]


EXAMPLE = OpenApiExample(
    "不认识的孩子",
    value={"situations": ["abandoned"], "child_words": "四五岁女孩，穿红衣", "where": "村东桥头", "call": "busy"},
    request_only=True,
)


@extend_schema(tags=["alerts"])
class AlertViewSet(
    VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet
):
    """Reports that one has the duty for, and those one raised."""

    queryset = Alert.objects.none()
    serializer_class = AlertOut
    filterset_class = AlertFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": ("view_alert", "raise_alert"),
        "retrieve": ("view_alert", "raise_alert"),
        "create": "raise_alert",
        "call": "raise_alert",
        "situations": "raise_alert",
        "step": "raise_alert",
        **{action: ALERT.permissions(action) for action in ALERT.transitions},
        "undo": ALERT.permissions("close"),
    }
    reads = {"list": "list_alerts", "retrieve": "view_alert"}

    def get_serializer_class(self):
        return AlertBrief if self.action == "list" else AlertOut

    def visible_records(self):
        places = ("village__county", "village__township", "child__village", "made_by")
        found = Alert.objects.open_to(acting_post(self.request)).select_related(*places).newest_first()
        return found if self.action == "list" else found.prefetch_related("steps__person")

    def get_object(self):
        """Read by whom ``open_to`` lets read it; each act asks in its service, at the report's or the file's place."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=AlertIn, responses={201: AlertOut}, examples=[EXAMPLE])
    def create(self, request, *args, **kwargs):
        answers = self._given(AlertIn)
        alert = alerts.raise_alert(by=acting_post(request), pk=answers.pop("id", None), answers=answers)
        return Response(self.get_serializer(alert).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SeenIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, id=None):
        return self._answer_after(alerts.acknowledge, SeenIn)

    @extend_schema(request=CallLaterIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def call(self, request, id=None):
        alert, answers = self.get_object(), self._given(CallLaterIn)
        seen_version = answers.pop("version")
        alerts.complete_call(alert, by=acting_post(request), seen_version=seen_version, answers=answers)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=SituationsIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def situations(self, request, id=None):
        """选定评估提出的紧急报告是哪种情形。"""
        return self._answer_after(alerts.name_situations, SituationsIn)

    @extend_schema(request=StepIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def step(self, request, id=None):
        alert, given = self.get_object(), self._given(StepIn)
        handling.add_step(alert, by=acting_post(request), pk=given.pop("id", None), **given)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=AlertCloseIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def close(self, request, id=None):
        return self._answer_after(handling.close, AlertCloseIn)

    @extend_schema(request=AlertReopenIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, id=None):
        return self._answer_after(handling.reopen, AlertReopenIn)

    @extend_schema(request=AlertUndoIn, responses=AlertOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        """Take back the closing that one did within 15 minutes, while nobody did anything since; ``text`` says why."""
        return self._answer_after(handling.undo_close, AlertUndoIn)

    def _given(self, serializer_class) -> dict:
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _answer_after(self, service, serializer_class) -> Response:
        alert, given = self.get_object(), self._given(serializer_class)
        service(alert, by=acting_post(self.request), seen_version=given.pop("version"), **given)
        return Response(self.get_serializer(self.get_object()).data)
