"""Plans of help over the API: the same services, rules and permissions as the pages."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Recall, actions_of
from registry.child.models import ChildFile
from registry.plans.models import Goal, Plan
from registry.plans.presentation import sent_in_words
from registry.plans.services import writing
from registry.plans.services.checking import MOST_GOALS, TEXT_LIMIT, WHO_LIMIT
from registry.plans.services.goals import ENDS, end_goal
from registry.plans.workflow import PLAN

VERSION = "读到的版本号；期间有变化则得到 409"


def _text(limit: int, help_text: str, *, needed: bool = True) -> CleanText:
    if needed:
        return CleanText(max_length=limit, help_text=help_text)
    return CleanText(max_length=limit, required=False, allow_blank=True, default="", help_text=help_text)


class GoalIn(Body):
    need = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="对应的在办需求")
    carried_from = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="从执行中的方案转入的目标；没完成的都要转入"
    )
    goal = _text(TEXT_LIMIT, "要达到什么")
    measure = _text(TEXT_LIMIT, "用什么办法")
    owner = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="谁来做：村、乡、县的岗位")
    who = _text(WHO_LIMIT, "谁来做；不在系统里的人写姓名和单位", needed=False)
    by_on = LooseDate(help_text="何时前")


class PlanBody(Body):
    lead = serializers.UUIDField(help_text="牵头人的岗位标识；一个孩子一位")
    review_on = LooseDate(help_text="下次复查，一年以内")
    child_heard = _text(TEXT_LIMIT, "孩子的意见", needed=False)
    guardian_heard = _text(TEXT_LIMIT, "监护人的意见", needed=False)
    not_heard = _text(200, "没有听取的原因", needed=False)
    goals = GoalIn(many=True, help_text=f"一至 {MOST_GOALS} 条")

    def split(self) -> tuple[dict, list[dict]]:
        """(answers, lines) as the services take them."""
        answers = dict(self.validated_data)
        return answers, [dict(line) for line in answers.pop("goals")]


class PlanIn(PlanBody):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份")
    child = serializers.UUIDField(help_text="儿童档案标识")


class PlanAmendIn(PlanBody):
    version = serializers.IntegerField(help_text=VERSION)


class PlanReviewIn(Body):
    version = serializers.IntegerField(help_text=VERSION)
    words = _text(TEXT_LIMIT, "复查情况")
    review_on = LooseDate(help_text="下次复查")


class LeadIn(Body):
    version = serializers.IntegerField(help_text=VERSION)
    lead = serializers.UUIDField(help_text="新牵头人的岗位标识")


class PlanCloseIn(Body):
    version = serializers.IntegerField(help_text=VERSION)
    words = _text(TEXT_LIMIT, "怎样结束")


class GoalEndIn(Body):
    version = serializers.IntegerField(help_text=VERSION)
    goal = serializers.UUIDField()
    state = serializers.ChoiceField(choices=[(each.value, each.label) for each in ENDS])
    result = _text(TEXT_LIMIT, "达到了什么，或为什么不再进行")
    done_on = LooseDate(help_text="日期")


class GoalOut(serializers.ModelSerializer):
    need = serializers.UUIDField(source="need_id", allow_null=True)
    goal = serializers.CharField()
    measure = serializers.CharField()
    result = serializers.CharField()
    owner = serializers.UUIDField(source="owner.uid", allow_null=True, default=None)
    carried_from = serializers.UUIDField(source="carried_from_id", allow_null=True)

    class Meta:
        model = Goal
        fields = [
            "id", "place", "need", "goal", "measure", "who", "owner", "by_on", "state", "result", "done_on",
            "carried_from",
        ]  # fmt: skip


class PlanOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    before = serializers.UUIDField(source="before_id", allow_null=True, help_text="接续的上一份方案")
    assessment = serializers.UUIDField(source="assessment_id", allow_null=True)
    approver = serializers.SerializerMethodField(help_text="由谁审批：township 或 county")
    lead = serializers.UUIDField(source="lead.uid")
    lead_name = serializers.CharField(source="lead.person.name")
    child_heard = serializers.CharField()
    guardian_heard = serializers.CharField()
    closing_words = serializers.CharField()
    goals = GoalOut(many=True)
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = Plan
        fields = [
            "id", "child", "number", "before", "assessment", "level", "approver", "lead", "lead_name", "child_heard",
            "guardian_heard", "not_heard", "review_on", "state", "version", "closing_words", "closed_on", "goals",
            "made_at", "sent_at", "actions",
        ]  # fmt: skip

    def get_approver(self, plan) -> str:
        return "county" if plan.approver == 2 else "township"

    def get_actions(self, plan) -> list[str]:
        return actions_of(PLAN, plan, self.context)


class PlanSentOut(PlanOut):
    """One that was sent just now."""

    message = serializers.SerializerMethodField(help_text="送给谁审批")

    class Meta(PlanOut.Meta):
        fields = [*PlanOut.Meta.fields, "message"]

    def get_message(self, plan) -> str:
        return sent_in_words(plan)


EXAMPLE = OpenApiExample(
    "一条目标",
    value={
        "child": "00000000-0000-0000-0000-000000000000",
        "lead": "00000000-0000-0000-0000-000000000000",
        "review_on": "2027-01-08",
        "child_heard": "想妈妈每周打电话",
        "guardian_heard": "愿意陪着去医院",
        "goals": [
            {"goal": "愿意说话，睡得好", "measure": "每两周心理辅导一次", "who": "县中心 张红梅", "by_on": "2026-12-30"}
        ],
    },
    request_only=True,
)


@extend_schema(tags=["plans"])
class PlanViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Plans within one's scope. They are decided at /api/v1/reviews/ (kinds plan and plan_high)."""

    queryset = Plan.objects.none()
    serializer_class = PlanOut
    filterset_fields = ["child", "state"]
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_plan",
        "retrieve": "view_plan",
        "create": "make_plan",
        "amend": PLAN.permissions("resubmit"),
        "recall": PLAN.permissions("recall"),
        "withdraw": PLAN.permissions("withdraw"),
        "review": PLAN.permissions("review"),
        "lead": PLAN.permissions("change_lead"),
        "close": PLAN.permissions("close"),
        "goal": "view_plan",
    }
    reads = {"list": "read_list", "retrieve": "view_plan"}

    def visible_records(self):
        plans = Plan.objects.visible_to(acting_post(self.request), "view_plan")
        joined = plans.select_related("child", "lead__person", "lead__unit", "made_in__unit", "before")
        return joined.prefetch_related("goals__owner", "events__post__unit").newest_first()

    @extend_schema(request=PlanIn, responses={201: PlanSentOut}, examples=[EXAMPLE])
    def create(self, request, *args, **kwargs):
        given = self._read(PlanIn)
        answers, lines = given.split()
        post, pk = acting_post(request), answers.pop("id", None)
        file = get_object_or_404(ChildFile.objects.visible_to(post, "make_plan"), pk=answers.pop("child"))
        plan = writing.write_plan(file, by=post, answers=answers, lines=lines, pk=pk)
        return Response(self._sent(plan), status=status.HTTP_201_CREATED)

    @extend_schema(request=PlanAmendIn, responses=PlanSentOut)
    @action(detail=True, methods=["post"])
    def amend(self, request, id=None):
        """退回的方案改好后重送。"""
        plan = self.get_object()
        answers, lines = self._read(PlanAmendIn).split()
        seen, post = answers.pop("version"), acting_post(request)
        writing.amend_plan(plan, by=post, seen_version=seen, answers=answers, lines=lines)
        return Response(self._sent(self.get_object()))

    @extend_schema(request=Recall, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def recall(self, request, id=None):
        """本人撤回修改。"""
        return self._move(writing.recall_plan, Recall)

    @extend_schema(request=Recall, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        """退回的方案不再制定。"""
        return self._move(writing.withdraw_plan, Recall)

    @extend_schema(request=PlanReviewIn, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def review(self, request, id=None):
        """记下一次复查。"""
        return self._move(writing.review_plan, PlanReviewIn)

    @extend_schema(request=LeadIn, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def lead(self, request, id=None):
        """换牵头人。"""
        return self._move(writing.change_lead, LeadIn)

    @extend_schema(request=PlanCloseIn, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def close(self, request, id=None):
        """结束方案：各条目标都有结果。"""
        return self._move(writing.close_plan, PlanCloseIn)

    @extend_schema(request=GoalEndIn, responses=PlanOut)
    @action(detail=True, methods=["post"])
    def goal(self, request, id=None):
        """写下一条目标的结果。"""
        plan, data = self.get_object(), dict(self._read(GoalEndIn).validated_data)
        record = get_object_or_404(plan.goals, pk=data.pop("goal"))
        end_goal(plan, record, by=acting_post(request), seen_version=data.pop("version"), **data)
        return Response(self.get_serializer(self.get_object()).data)

    def _sent(self, plan: Plan) -> dict:
        return PlanSentOut(plan, context=self.get_serializer_context()).data

    def _read(self, serializer_class):
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given

    def _move(self, service, serializer_class) -> Response:
        plan = self.get_object()  # before the body, which says nothing of a neighbour's plan
        data = dict(self._read(serializer_class).validated_data)
        return self._answer(service, plan, data.pop("version"), **data)

    def _answer(self, service, plan: Plan, seen: int, **given) -> Response:
        service(plan, by=acting_post(self.request), seen_version=seen, **given)
        return Response(self.get_serializer(self.get_object()).data)
