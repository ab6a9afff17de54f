"""Needs over the API: the same services, rules and permissions as the pages."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanChoice, CleanText, LooseDate
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.posts.models import Appointment
from orgs.units.models import Level, OrgUnit
from registry.child.models import ChildFile
from registry.needs import codes
from registry.needs.models import Need, NeedEvent, NeedState, NeedStep
from registry.needs.presentation import child_name_for
from registry.needs.sentences import came_to
from registry.needs.services import handling
from registry.needs.services.recording import STEP_LIMIT, WORDS_LIMIT, add_step, record_need
from registry.needs.workflow import NEED


def _day(help_text: str) -> LooseDate:
    return LooseDate(required=False, allow_null=True, default=None, help_text=help_text)


class NeedIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条")
    child = serializers.UUIDField(help_text="儿童档案标识")
    kind = CleanChoice(choices=codes.Kind.choices, help_text="需要什么；点号前是体系")
    urgency = CleanChoice(choices=codes.Urgency.choices, default=codes.Urgency.NORMAL)
    words = CleanText(max_length=WORDS_LIMIT, help_text="具体情况")
    source = CleanChoice(choices=codes.Source.choices, default=codes.Source.OTHER, help_text="从哪里发现")
    source_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="在哪一条走访、评估、紧急报告里发现；须是这个孩子的"
    )
    found_on = _day("发现日期，不填按今天")
    due_on = _day("应办结日期，不填按紧急程度算")
    anyway = serializers.BooleanField(default=False, help_text="已有在办的同类需求，仍要另记一条")


class NeedStepIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一条")
    service = CleanChoice(choices=[(each.value, each.label) for each in codes.STEPS_BY_HAND])
    text = CleanText(max_length=STEP_LIMIT)
    done_on = _day("日期，不填按今天")


class NeedSeenIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")


class NeedReasonIn(NeedSeenIn):
    reason = CleanText(max_length=REASON_LONGEST)


class NeedAssignIn(NeedSeenIn):
    owner = serializers.UUIDField(help_text="岗位任职标识，须在现在办理的单位")


class NeedPassDownIn(NeedReasonIn):
    unit = serializers.UUIDField(help_text="交给孩子所在的哪个下级单位")
    due_on = LooseDate(help_text="应办结日期")


class NeedMoveDueIn(NeedReasonIn):
    due_on = LooseDate(help_text="改到哪一天")


class NeedSettleIn(NeedSeenIn):
    outcome = CleanChoice(choices=codes.BY_HAND_CHOICES)
    words = CleanText(
        max_length=STEP_LIMIT, required=False, allow_blank=True, default="", help_text="没有全部解决的必填"
    )
    satisfaction = CleanChoice(choices=codes.Satisfaction.choices, help_text="家庭是否满意")


class NeedStepOut(serializers.ModelSerializer):
    text = serializers.CharField()
    by = serializers.CharField(source="made_by.name")
    unit = serializers.UUIDField(source="made_in.unit.uid")

    class Meta:
        model = NeedStep
        fields = ["id", "service", "text", "done_on", "by", "unit", "made_at"]


class NeedEventOut(serializers.ModelSerializer):
    """One link of the chain: who held it until when, after this move."""

    by = serializers.CharField(source="person.name", allow_null=True, default=None, help_text="空的是系统按日期自动")
    holder = serializers.UUIDField(source="holder.uid", allow_null=True, default=None)
    holder_name = serializers.CharField(source="holder.short_name", allow_null=True, default=None)
    owner = serializers.UUIDField(source="owner.uid", allow_null=True, default=None)

    class Meta:
        model = NeedEvent
        fields = ["action", "was", "now", "at", "by", "reason", "holder", "holder_name", "owner", "due_on"]


class NeedBrief(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    child_name = serializers.SerializerMethodField(help_text="孩子的姓名；不能打开档案的岗位看到遮盖的")
    place = serializers.CharField(source="village.path_label")
    holder = serializers.UUIDField(source="holder.uid", help_text="现在办理的单位")
    holder_name = serializers.CharField(source="holder.short_name")
    holder_level = serializers.IntegerField(source="holder.level", help_text="1 市 2 县 3 乡 4 村")
    owner = serializers.UUIDField(source="owner.uid", allow_null=True, default=None, help_text="承办人的岗位任职")
    owner_name = serializers.CharField(source="owner.person.name", allow_null=True, default=None)
    late = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields = [
            "id", "child", "child_name", "place", "kind", "system", "urgency", "source", "found_on", "state", "version",
            "holder", "holder_name", "holder_level", "owner", "owner_name", "held_since", "due_on", "late", "outcome",
            "satisfaction", "settled_on", "made_at",
        ]  # fmt: skip

    def get_child_name(self, need: Need) -> str:
        return child_name_for(acting_post(self.context["request"]), need)

    def get_late(self, need: Need) -> bool:
        return need.state == NeedState.OPEN and need.due_on < timezone.localdate()


class NeedOut(NeedBrief):
    words = serializers.CharField()
    outcome_words = serializers.CharField()
    by = serializers.CharField(source="made_by.name")
    chain = NeedEventOut(source="events", many=True, help_text="经了谁的手")
    steps = NeedStepOut(many=True)
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta(NeedBrief.Meta):
        fields = [*NeedBrief.Meta.fields, "source_id", "words", "outcome_words", "by", "chain", "steps", "actions"]

    def get_actions(self, need: Need) -> list[str]:
        post = acting_post(self.context["request"])
        actions = [move.action for move in NEED.open_to(post, need)]
        return [*actions, "undo_settle"] if NEED.may_undo(post, need) else actions


class NeedMovedOut(NeedOut):
    """A need after a move of one's own."""

    message = serializers.SerializerMethodField(help_text="办成了什么：现在由谁办、何时前、告诉了谁、下一步")

    class Meta(NeedOut.Meta):
        fields = [*NeedOut.Meta.fields, "message"]

    def get_message(self, need: Need) -> str:
        return came_to(need, by=acting_post(self.context["request"]))


class NeedFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=NeedState.choices)
    child = django_filters.UUIDFilter(field_name="child_id")
    holder = django_filters.UUIDFilter(field_name="holder__uid")
    holder_level = django_filters.ChoiceFilter(field_name="holder__level", choices=Level.choices)
    owner = django_filters.UUIDFilter(field_name="owner__uid")
    system = django_filters.ChoiceFilter(choices=codes.System.choices)
    kind = django_filters.ChoiceFilter(choices=codes.Kind.choices)
    urgency = django_filters.ChoiceFilter(choices=codes.Urgency.choices)
    outcome = django_filters.ChoiceFilter(choices=codes.Outcome.choices)
    satisfaction = django_filters.ChoiceFilter(choices=codes.Satisfaction.choices)
    late = django_filters.BooleanFilter(method="filter_late")

    class Meta:
        model = Need
        fields = [
            "state", "child", "holder", "holder_level", "owner", "system", "kind", "urgency", "outcome", "satisfaction",
            "late",
        ]  # fmt: skip

    def filter_late(self, needs: Any, _name: str, late: bool) -> Any:
        overdue = needs.overdue()
        return overdue if late else needs.exclude(pk__in=overdue.order_by().values("pk"))


EXAMPLE = OpenApiExample(
    "走访时发现",
    value={
        "child": "0b0e3c1e-6f6e-4d1c-8c58-6a1f2f1f7c11", "kind": "education.back_to_school", "urgency": "soon",
        "words": "两周没有到校，爷爷叫不动", "source": "guardian",
    },
    request_only=True,
)  # fmt: skip


@extend_schema(tags=["needs"])
class NeedViewSet(
    VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet
):
    """Needs within one's reach; the city's are those that it holds or once held."""

    queryset = Need.objects.none()
    serializer_class = NeedOut
    filterset_class = NeedFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_need",
        "retrieve": "view_need",
        "create": "record_need",
        "steps": "handle_need",
        **{
            name: NEED.permissions(name)
            for name in ("take", "assign", "pull_up", "pass_up", "pass_down", "move_due", "settle", "reopen", "void")
        },
        "undo_settle": NEED.permissions("settle"),
    }
    reads = {"list": "list_needs", "retrieve": "view_need"}

    def get_serializer_class(self):
        return NeedBrief if self.action == "list" else NeedOut

    def visible_records(self):
        found = Need.objects.open_to(acting_post(self.request)).select_related(*Need.PLACES).most_urgent_first()
        if self.action == "list":
            return found
        chain = ("events__person", "events__holder", "events__owner", "steps__made_by", "steps__made_in__unit")
        return found.prefetch_related(*chain)

    def get_object(self):
        """Read by whom ``open_to`` lets read it; each act asks in its service."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=NeedIn, responses={201: NeedOut}, examples=[EXAMPLE])
    def create(self, request, *args, **kwargs):
        given, post = self._given(NeedIn), acting_post(request)
        file = get_object_or_404(ChildFile.objects.visible_to(post, "record_need"), pk=given.pop("child"))
        need = record_need(file, by=post, pk=given.pop("id", None), **given)
        return Response(self._shown(need.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=NeedStepIn, responses=NeedOut)
    @action(detail=True, methods=["post"])
    def steps(self, request, id=None):
        need, given = self.get_object(), self._given(NeedStepIn)
        add_step(need, by=acting_post(request), pk=given.pop("id", None), **given)
        return Response(self._shown(need.pk))

    @extend_schema(request=NeedSeenIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"])
    def take(self, request, id=None):
        return self._move(handling.take, NeedSeenIn)

    @extend_schema(request=NeedAssignIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"])
    def assign(self, request, id=None):
        return self._move(handling.assign, NeedAssignIn, owner=Appointment)

    @extend_schema(request=NeedSeenIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"], url_path="pull-up")
    def pull_up(self, request, id=None):
        """A unit above takes over what one below holds."""
        return self._move(handling.pull_up, NeedSeenIn)

    @extend_schema(request=NeedReasonIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"], url_path="pass-up")
    def pass_up(self, request, id=None):
        return self._move(handling.pass_up, NeedReasonIn)

    @extend_schema(request=NeedPassDownIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"], url_path="pass-down")
    def pass_down(self, request, id=None):
        return self._move(handling.pass_down, NeedPassDownIn, unit=OrgUnit)

    @extend_schema(request=NeedMoveDueIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"], url_path="move-due")
    def move_due(self, request, id=None):
        return self._move(handling.move_due, NeedMoveDueIn)

    @extend_schema(request=NeedSettleIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"])
    def settle(self, request, id=None):
        return self._move(handling.settle, NeedSettleIn)

    @extend_schema(request=NeedSeenIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"], url_path="undo-settle")
    def undo_settle(self, request, id=None):
        """Take back the settling that one did within 15 minutes, while nobody did anything since."""
        return self._move(handling.undo_settle, NeedSeenIn)

    @extend_schema(request=NeedReasonIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, id=None):
        return self._move(handling.reopen, NeedReasonIn)

    @extend_schema(request=NeedReasonIn, responses=NeedMovedOut)
    @action(detail=True, methods=["post"])
    def void(self, request, id=None):
        """It was recorded by mistake; by the tier above of who recorded it."""
        return self._move(handling.void, NeedReasonIn)

    def _given(self, serializer_class) -> dict:
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _move(self, service, serializer_class, **named: Any) -> Response:
        """``named``: which of what is given names a record by its ``uid``; one that is not there is None."""
        post = acting_post(self.request)
        # without its chain, which the move adds to; before the body, which says nothing of a neighbour's need
        needs = Need.objects.open_to(post).select_related(*Need.PLACES)
        need, given = get_object_or_404(needs, pk=self.kwargs["id"]), self._given(serializer_class)
        for name, model in named.items():
            given[name] = model.objects.visible_to(post, "view_need").filter(uid=given[name]).first()
        version = given.pop("version")
        service(need, by=post, seen_version=version, **given)
        return Response(NeedMovedOut(self._read(need.pk), context=self.get_serializer_context()).data)

    def _shown(self, pk) -> dict:
        return self.get_serializer(self._read(pk)).data

    def _read(self, pk) -> Need:
        return Need.objects.open_to(acting_post(self.request)).select_related(*Need.PLACES).get(pk=pk)
