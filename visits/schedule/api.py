"""Rules, special rounds and extra visits over the API: the same services, rules and permissions as the pages."""

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText, LooseDate
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from registry.child.codes import Category, Risk
from visits.schedule.models import ExtraVisit, VisitRound, VisitRule
from visits.schedule.services.extra_visits import children_to_order, order_extra, withdraw_extra
from visits.schedule.services.rounds import add_round, may_withdraw, progress_of, withdraw_round
from visits.schedule.services.rules import add_rule, end_rule, may_end


class RuleIn(Body):
    risk = serializers.ChoiceField(choices=Risk.choices, help_text="风险等级")
    category = serializers.ChoiceField(
        choices=Category.choices, required=False, allow_blank=True, default="", help_text="类别；空为全部类别"
    )
    days = serializers.IntegerField(min_value=1, max_value=365, help_text="每几天走访一次")
    since = LooseDate(help_text="施行日期")
    until = LooseDate(required=False, allow_null=True, default=None, help_text="废止日期，当天起不再施行")
    document = CleanText(max_length=120, help_text="文件名称或文号")


class RuleEndIn(Body):
    until = LooseDate(help_text="从哪天起停止")


class RuleOut(serializers.ModelSerializer):
    county = serializers.UUIDField(
        source="county.uid", default=None, allow_null=True, help_text="县（市、区）；空为全市"
    )
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = VisitRule
        fields = ["id", "county", "risk", "category", "role", "days", "since", "until", "document", "actions"]

    def get_actions(self, rule) -> list[str]:
        return ["end"] if may_end(rule, acting_post(self.context["request"])) else []


@extend_schema(tags=["visit-rules"])
class VisitRuleViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """How often children are visited: the rules of one's county and the general ones, past ones too."""

    queryset = VisitRule.objects.none()
    serializer_class = RuleOut
    filterset_fields = ["risk"]
    lookup_url_kwarg = "id"
    permissions = {
        "list": ("view_visit", "manage_schedule"),
        "retrieve": ("view_visit", "manage_schedule"),
        "create": "manage_schedule",
        "end": "manage_schedule",
    }
    reads = {"list": NO_CHILD, "retrieve": NO_CHILD}

    def visible_records(self):
        rules = VisitRule.objects.at(acting_post(self.request).unit.county_id)
        return rules.select_related("county").order_by("-since", "-pk")

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=RuleIn, responses={201: RuleOut})
    def create(self, request):
        given = RuleIn(data=request.data)
        given.is_valid(raise_exception=True)
        rule = add_rule(by=acting_post(request), **given.validated_data)
        return Response(self.get_serializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RuleEndIn, responses=RuleOut)
    @action(detail=True, methods=["post"])
    def end(self, request, id=None):
        rule = self.get_object()
        given = RuleEndIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(self.get_serializer(end_rule(rule, by=acting_post(request), **given.validated_data)).data)


class RoundIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次安排")
    name = CleanText(max_length=40, help_text="名称，如 暑期走访")
    since = LooseDate(help_text="开始日期")
    until = LooseDate(help_text="截止日期，含当天")
    categories = serializers.ListField(
        child=serializers.ChoiceField(choices=Category.choices), required=False, default=list,
        max_length=len(Category.values), help_text="哪些类别；空为全部在册儿童",
    )  # fmt: skip
    document = CleanText(max_length=120, required=False, allow_blank=True, default="", help_text="文件名称或文号")


class ReasonIn(Body):
    reason = CleanText(max_length=200, help_text="为什么")


class UnitProgress(serializers.Serializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit.name")
    owed = serializers.IntegerField(help_text="应走访的孩子")
    done = serializers.IntegerField(help_text="期间已走访的孩子")


class RoundOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="安排的机构")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = VisitRound
        fields = [
            "id",
            "unit",
            "name",
            "categories",
            "since",
            "until",
            "document",
            "made_at",
            "withdrawn_on",
            "withdraw_reason",
            "settled_on",
            "actions",
        ]

    def get_actions(self, made) -> list[str]:
        open_to = made.withdrawn_on is None and may_withdraw(made, acting_post(self.context["request"]))
        return ["withdraw"] if open_to else []


class RoundProgressOut(RoundOut):
    progress = serializers.SerializerMethodField(help_text="本单位的进度")
    below = serializers.SerializerMethodField(help_text="下一级各单位的进度")

    class Meta(RoundOut.Meta):
        fields = [*RoundOut.Meta.fields, "progress", "below"]

    @extend_schema_field(UnitProgress)
    def get_progress(self, made):
        return UnitProgress(made.progress[0]).data

    @extend_schema_field(UnitProgress(many=True))
    def get_below(self, made):
        return UnitProgress(made.progress[1], many=True).data

    def to_representation(self, made):
        made.progress = progress_of(made, acting_post(self.context["request"]).unit)
        return super().to_representation(made)


class RoundFilter(django_filters.FilterSet):
    on = django_filters.DateFilter(method="running", help_text="这天正在进行的")

    class Meta:
        model = VisitRound
        fields = ["on"]

    def running(self, rounds, _name, day):
        return rounds.valid().filter(since__lte=day, until__gte=day)


@extend_schema(tags=["visit-rounds"])
class VisitRoundViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Special rounds of one's county and city; one alone with how far each unit is."""

    queryset = VisitRound.objects.none()
    serializer_class = RoundOut
    filterset_class = RoundFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": ("view_visit", "manage_schedule"),
        "retrieve": ("view_visit", "manage_schedule"),
        "create": "manage_schedule",
        "withdraw": "manage_schedule",
    }
    reads = {"list": NO_CHILD, "retrieve": NO_CHILD}

    def visible_records(self):
        rounds = VisitRound.objects.at(acting_post(self.request).unit)
        return rounds.select_related("unit").order_by("-until", "-since", "-pk")

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(responses=RoundProgressOut)
    def retrieve(self, request, *args, **kwargs):
        return Response(RoundProgressOut(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=RoundIn, responses={201: RoundOut})
    def create(self, request):
        given = RoundIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        made = add_round(by=acting_post(request), pk=data.pop("id", None), **data)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonIn, responses=RoundOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        made = self.get_object()
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = withdraw_round(made, by=acting_post(request), **given.validated_data)
        return Response(self.get_serializer(made).data)


class ExtraIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次加访")
    due_on = LooseDate(help_text="最迟哪天去")
    reason = CleanText(max_length=200, help_text="为什么加访，主任在今日走访里看到")


class ExtraOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    visit = serializers.UUIDField(source="visit_id", allow_null=True, help_text="完成它的走访")
    made_by = serializers.CharField(source="made_by.name")
    open = serializers.SerializerMethodField(help_text="还没有完成或撤回")

    class Meta:
        model = ExtraVisit
        fields = [
            "id",
            "child",
            "due_on",
            "reason",
            "made_by",
            "made_at",
            "open",
            "ended_on",
            "visit",
            "withdrawn_at",
            "withdraw_reason",
        ]

    def get_open(self, extra) -> bool:
        return extra.ended_on is None and extra.withdrawn_at is None


@extend_schema(tags=["children"])
class ChildExtraViewSet(viewsets.GenericViewSet):
    """An extra visit to one child, asked for by its station."""

    queryset = ExtraVisit.objects.none()
    serializer_class = ExtraOut
    permissions = {"create": "order_visit"}

    @extend_schema(request=ExtraIn, responses={201: ExtraOut})
    def create(self, request, child=None):
        file = get_object_or_404(children_to_order(acting_post(request)), pk=child)
        given = ExtraIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        extra = order_extra(file, by=acting_post(request), pk=data.pop("id", None), **data)
        return Response(self.get_serializer(extra).data, status=status.HTTP_201_CREATED)


class ExtraFilter(django_filters.FilterSet):
    child = django_filters.UUIDFilter(field_name="child_id")

    class Meta:
        model = ExtraVisit
        fields = ["child"]


@extend_schema(tags=["extra-visits"])
class ExtraVisitViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Extra visits to the children whose files one keeps."""

    queryset = ExtraVisit.objects.none()
    serializer_class = ExtraOut
    filterset_class = ExtraFilter
    lookup_url_kwarg = "id"
    permissions = {"list": "view_visit", "retrieve": "view_visit", "withdraw": "order_visit"}
    reads = {"list": "read_list", "retrieve": "view_visit_order"}

    def visible_records(self):
        post = acting_post(self.request)
        if self.action == "withdraw":
            extras = ExtraVisit.objects.filter(child__in=children_to_order(post).values("pk"))
        else:
            extras = ExtraVisit.objects.visible_to(post, "view_visit")
        return extras.select_related("child", "made_by").order_by("-made_at", "-pk")

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=ReasonIn, responses=ExtraOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        extra = self.get_object()
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        extra = withdraw_extra(extra, by=acting_post(request), **given.validated_data)
        return Response(self.get_serializer(extra).data)
