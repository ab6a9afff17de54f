"""Assessments over the API: the same services, rules and permissions as the pages."""

import uuid

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, CleanText, LooseDate
from childwelfare.workflow.models import last_return
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Moves, Recall, actions_of
from registry.assessments import codes
from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.presentation import reading_of
from registry.assessments.services.answers import WHY_LIMIT, Given
from registry.assessments.services.assess import (
    LIMITS,
    assess_child,
    correct_assessment,
    recall_assessment,
    record_notice,
    withdraw_assessment,
)
from registry.assessments.waiting import sent_in_words
from registry.assessments.workflow import ASSESSMENT
from registry.child.codes import Risk
from registry.child.models import ChildFile
from registry.instruments.definition import NO, UNKNOWN, YES

MOST = 300  # answers in one assessment


def _text(name: str, help_text: str) -> CleanText:
    return CleanText(max_length=LIMITS[name], required=False, allow_blank=True, default="", help_text=help_text)


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class AnswerField(serializers.Field):
    """The key of an answer, a list of them where the indicator takes several, or unknown."""

    def to_internal_value(self, data):
        if isinstance(data, str) and len(data) <= 64:
            return data
        if isinstance(data, list) and len(data) <= 50 and all(isinstance(key, str) and len(key) <= 64 for key in data):
            return data
        raise serializers.ValidationError(_("请写答案的标识；可多选的写数组，都没有写 []，不清楚写 unknown。"))

    def to_representation(self, value):
        return value


class FewEntries(serializers.DictField):
    """A dictionary of bounded size."""

    def to_internal_value(self, data):
        if isinstance(data, dict) and len(data) > MOST:
            raise serializers.ValidationError(_("项目太多。"))
        return super().to_internal_value(data)


class AnswersIn(Body):
    occasion = CleanChoice(choices=codes.Occasion.choices)
    assessed_on = LooseDate(help_text="评估日期")
    instrument = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="按哪一版答的；评估那天用的是另一版则被退回"
    )
    screen = FewEntries(
        child=CleanChoice(choices=[(YES, "是"), (NO, "否"), (UNKNOWN, "不清楚")]),
        required=False,
        default=dict,
        help_text="紧急筛查 {题: yes|no|unknown}；依次问，第一个 yes 就定级并提出紧急报告",
    )
    answers = FewEntries(
        child=AnswerField(),
        required=False,
        default=dict,
        help_text="{指标: 答案}；档案里有的由系统带出，不用写",
    )
    worse_because = FewEntries(
        child=CleanText(max_length=WHY_LIMIT), required=False, default=dict, help_text="{指标: 比上次差的原因}"
    )
    level = CleanChoice(choices=Risk.choices, required=False, allow_blank=True, default="", help_text="不填为按分数")
    level_reason = _text("level_reason", "等级和按分数的不同时必填")
    guardianship_words = CleanText(max_length=20, required=False, allow_blank=True, default="")
    participants = _text("participants", "参与人")
    child_view = _text("child_view", "孩子的想法")
    guardian_view = _text("guardian_view", "监护人的意见")
    strengths = _text("strengths", "有利条件")
    danger_words = _text("danger_words", "筛查有 yes 时眼下的情况；写进紧急报告")


class AssessmentIn(AnswersIn):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次评估")
    child = serializers.UUIDField(help_text="儿童档案标识")


class CorrectIn(AnswersIn):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")


class NoticeIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    notified_on = LooseDate(help_text="书面告知家庭日期")


class AssessmentOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    child_name = serializers.CharField(source="child.name")
    instrument = serializers.UUIDField(source="instrument_id")
    worse_because = serializers.DictField(source="reasons_given", child=serializers.CharField())
    level_reason = serializers.CharField()
    child_view = serializers.CharField()
    guardian_view = serializers.CharField()
    strengths = serializers.CharField()
    danger_words = serializers.CharField()
    reasons = serializers.SerializerMethodField(help_text="为什么是这个等级")
    second_of = serializers.UUIDField(source="second_of_id", allow_null=True)
    by = serializers.CharField(source="made_by.name")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作；确认、退回、县级确认在 /api/v1/reviews/")
    reason = serializers.SerializerMethodField(help_text="最近一次退回的原因")

    class Meta:
        model = Assessment
        fields = [
            "id",
            "child",
            "child_name",
            "instrument",
            "occasion",
            "assessed_on",
            "screen",
            "urgent",
            "urgent_report",
            "answers",
            "computed",
            "worse_because",
            "score",
            "scores",
            "unknown",
            "proposed",
            "level",
            "level_reason",
            "guardianship_words",
            "reasons",
            "participants",
            "child_view",
            "guardian_view",
            "strengths",
            "danger_words",
            "next_on",
            "notified_on",
            "second_of",
            "state",
            "taken_back",
            "version",
            "by",
            "made_at",
            "sent_at",
            "actions",
            "reason",
        ]

    def get_actions(self, assessment) -> list[str]:
        return actions_of(ASSESSMENT, assessment, self.context)

    def get_reasons(self, assessment) -> list[str]:
        return reading_of(assessment).reasons

    def get_reason(self, assessment) -> str:
        sent_back = last_return(assessment)
        return sent_back.reason_in_words if sent_back else ""


class AssessmentSentOut(AssessmentOut):
    """One that was sent just now."""

    message = serializers.SerializerMethodField(help_text="送给了谁，之后还要谁确认")

    class Meta(AssessmentOut.Meta):
        fields = [*AssessmentOut.Meta.fields, "message"]

    def get_message(self, assessment) -> str:
        return sent_in_words(assessment)


class AssessmentRowOut(serializers.ModelSerializer):
    """One of a list: without its answers, which are read one by one."""

    child = serializers.UUIDField(source="child_id")
    child_name = serializers.CharField(source="child.name")
    by = serializers.CharField(source="made_by.name")

    class Meta:
        model = Assessment
        fields = [
            "id",
            "child",
            "child_name",
            "occasion",
            "assessed_on",
            "score",
            "unknown",
            "proposed",
            "level",
            "next_on",
            "state",
            "version",
            "by",
            "made_at",
            "sent_at",
        ]


class AssessmentFilter(django_filters.FilterSet):
    child = django_filters.UUIDFilter(field_name="child_id")
    state = django_filters.ChoiceFilter(choices=AssessmentState.choices)
    level = django_filters.ChoiceFilter(choices=Risk.choices)
    since = django_filters.DateFilter(field_name="assessed_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="assessed_on", lookup_expr="lte")

    class Meta:
        model = Assessment
        fields = ["child", "state", "level", "since", "until"]


ANSWERED = {
    "occasion": "regular",
    "assessed_on": "2026-10-08",
    "screen": {"harm": "no"},
    "answers": {"duty": "weak", "hazards": ["water"], "mood": "unknown"},
    "worse_because": {"duty": "入秋后祖母腿疼，作业没人管"},
    "child_view": "想让妈妈多打电话",
}
EXAMPLE = OpenApiExample(
    "定期评估", value={"child": "00000000-0000-0000-0000-000000000000", **ANSWERED}, request_only=True
)
CORRECTED = OpenApiExample("改好再送", value={"version": 2, **ANSWERED}, request_only=True)


@extend_schema(tags=["assessments"])
class AssessmentViewSet(
    VisibleRecords,
    Moves,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Assessments within one's scope; they are confirmed and signed at /api/v1/reviews/."""

    queryset = Assessment.objects.none()
    filterset_class = AssessmentFilter
    walked_by = "id"
    lookup_url_kwarg = "id"
    workflow = ASSESSMENT
    permissions = {
        "list": "view_assessment",
        "retrieve": "view_assessment",
        "create": "assess_child",
        "correct": ASSESSMENT.permissions("resubmit"),
        "recall": ASSESSMENT.permissions("recall"),
        "withdraw": ASSESSMENT.permissions("withdraw"),
        "notify": ASSESSMENT.permissions("notify"),
    }
    reads = {"list": "read_list", "retrieve": "view_assessment"}

    def get_serializer_class(self):
        return AssessmentRowOut if self.action == "list" else AssessmentOut

    def visible_records(self):
        found = Assessment.objects.visible_to(acting_post(self.request), "view_assessment")
        found = found.select_related("child", "made_by").newest_first()
        if self.action == "list":
            return found.defer("answers", "computed", "screen", "scores")
        return found.select_related("instrument", "made_in__unit").prefetch_related("events__post__unit")

    @extend_schema(request=AssessmentIn, responses={201: AssessmentSentOut}, examples=[EXAMPLE])
    def create(self, request):
        """评估一个孩子。同样的内容用同一个 id 再发一次，得到同一次评估，状态码也是 201；内容不同的得到 409。"""
        data = _valid(AssessmentIn, request)
        post, pk = acting_post(request), data.pop("id", None) or uuid.uuid4()
        files = ChildFile.objects.visible_to(post, "assess_child")
        file = get_object_or_404(files, pk=data.pop("child"))
        assessment = assess_child(file, by=post, pk=pk, given=Given(**data))
        return Response(self._sent(assessment), status=status.HTTP_201_CREATED)

    @extend_schema(request=CorrectIn, responses=AssessmentSentOut, examples=[CORRECTED])
    @action(detail=True, methods=["post"])
    def correct(self, request, id=None):
        """退回的或撤回修改的评估改好再送；各项答案全部重新写一遍。"""
        assessment, data = self.get_object(), _valid(CorrectIn, request)
        seen = data.pop("version")
        correct_assessment(assessment, by=acting_post(request), seen_version=seen, given=Given(**data))
        return Response(self._sent(self.get_object()))

    @extend_schema(request=Recall, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def recall(self, request, id=None):
        """撤回本人的、还没有确认的评估，改好再送。"""
        return self.take_back(request, recall_assessment)

    @extend_schema(request=Recall, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        """作废本人的、还没有确认的评估。"""
        return self.take_back(request, withdraw_assessment)

    @extend_schema(request=NoticeIn, responses=AssessmentOut)
    @action(detail=True, methods=["post"])
    def notify(self, request, id=None):
        """补记书面告知家庭的日期。"""
        assessment, data = self.get_object(), _valid(NoticeIn, request)
        given = {"by": acting_post(request), "seen_version": data["version"], "on": data["notified_on"]}
        record_notice(assessment, **given)
        return Response(self.get_serializer(assessment).data)

    def _sent(self, assessment: Assessment) -> dict:
        return AssessmentSentOut(assessment, context=self.get_serializer_context()).data


def _valid(serializer, request) -> dict:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
