"""Visits over the API: the same services, rules and permissions as the pages."""

import uuid

import django_filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.workflow.models import last_return
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Decision, Moves, Recall, actions_of
from visits.phones.examples import example_answers
from visits.visit.answers import ANSWERS, answers_of
from visits.visit.api.answers import CorrectedIn, VisitIn, under_changes
from visits.visit.models import Visit, VisitState
from visits.visit.services.log import correct_visit, log_visit, recall_visit
from visits.visit.services.who_may_visit import children_to_visit
from visits.visit.workflow import VISIT


class VisitOut(serializers.ModelSerializer):
    child = serializers.UUIDField(source="child_id")
    child_name = serializers.CharField(source="child.name")
    receipt = serializers.CharField(help_text="回执号")
    taken_back = serializers.BooleanField(
        read_only=True, help_text="state 为 returned 时：真是记录的人自己撤回修改，假是审核的人退回"
    )
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")
    reason = serializers.SerializerMethodField(help_text="最近一次退回的原因；撤回修改的写明是本人撤回")
    noticed: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, help_text="由此提出的档案变更"
    )

    class Meta:
        model = Visit
        fields = [
            "id",
            "child",
            "child_name",
            *ANSWERS,
            "flags",
            "state",
            "taken_back",
            "version",
            "receipt",
            "made_at",
            "actions",
            "reason",
            "family",
            "noticed",
        ]

    def get_actions(self, visit) -> list[str]:
        return actions_of(VISIT, visit, self.context)

    def get_reason(self, visit) -> str:
        sent_back = last_return(visit)
        return sent_back.reason_in_words if sent_back else ""


# {action: permission} of what is done with visits wherever they were made, as a host makes them in another's file
MADE_ANYWHERE = {"retrieve": "view_visit", "recall": "log_visit", "resubmit": "log_visit"}


class VisitFilter(django_filters.FilterSet):
    child = django_filters.UUIDFilter(field_name="child_id")
    state = django_filters.ChoiceFilter(choices=VisitState.choices)
    since = django_filters.DateFilter(field_name="visited_on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="visited_on", lookup_expr="lte")

    class Meta:
        model = Visit
        fields = ["child", "state", "since", "until"]


EXAMPLE = OpenApiExample("改好再送", value={"version": 2, **example_answers()}, request_only=True)


@extend_schema(tags=["visits"])
class VisitViewSet(
    VisibleRecords,
    Moves,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):
    """Visits within one's scope."""

    queryset = Visit.objects.none()
    serializer_class = VisitOut
    filterset_class = VisitFilter
    walked_by = "id"
    lookup_url_kwarg = "id"
    workflow = VISIT
    permissions = {
        "list": "view_visit",
        "retrieve": "view_visit",
        "create": "log_visit",
        "accept": VISIT.permissions("accept"),
        "send_back": VISIT.permissions("return"),
        "recall": VISIT.permissions("recall"),
        "resubmit": VISIT.permissions("resubmit"),
    }
    reads = {"list": "read_list", "retrieve": "view_visit"}

    def visible_records(self):
        post = acting_post(self.request)
        if self.action in MADE_ANYWHERE:
            visits = Visit.objects.open_to(post, MADE_ANYWHERE[self.action])
        elif self.action == "list":
            visits = Visit.objects.listed_to(post, "view_visit")
        else:
            visits = Visit.objects.visible_to(post, "view_visit")
        return (
            visits.select_related("child", "made_in__unit")
            .prefetch_related("events__post__unit", "noticed")
            .newest_first()
        )

    def get_object(self):
        """Read, taken back and sent again by whom ``open_to`` lets open it; everything else is asked at its place."""
        if self.action in MADE_ANYWHERE:
            return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])
        return super().get_object()

    def handle_exception(self, exc):
        return super().handle_exception(under_changes(exc))

    @extend_schema(request=VisitIn, responses={201: VisitOut})
    def create(self, request, *args, **kwargs):
        """记录一次走访。

        同样的内容再发一次得到同一条走访，状态码也是 201：用同一个 id，什么时候都行；同一个人换了 id 的，
        十分钟以内。返回的 id 是最先那一条的，请以它为准。用过的 id 内容不同的得到 409。"""
        given = VisitIn(data=request.data)
        given.is_valid(raise_exception=True)
        post, data = acting_post(request), dict(given.validated_data)
        child = get_object_or_404(children_to_visit(post), pk=data.pop("child"))
        pk = data.pop("id", None) or uuid.uuid4()
        visit = log_visit(child, by=post, pk=pk, family=data.get("family"), **answers_of(data))
        return Response(self.get_serializer(visit).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=Decision, responses=VisitOut)
    @action(detail=True, methods=["post"])
    def accept(self, request, id=None):
        return self.move(request, "accept")

    @extend_schema(request=Decision, responses=VisitOut)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        return self.move(request, "return")

    @extend_schema(request=Recall, responses=VisitOut)
    @action(detail=True, methods=["post"])
    def recall(self, request, id=None):
        """撤回本人记录、还没有审核的走访，改好再送。

        走访中发现的变更（noticed）还没有审核的一并撤回，再送时在 changes 里带上；
        其中的电话不给出，没有另写的照原样再送。"""
        return self.take_back(request, recall_visit)

    @extend_schema(request=CorrectedIn, responses=VisitOut, examples=[EXAMPLE])
    @action(detail=True, methods=["post"])
    def resubmit(self, request, id=None):
        """退回的或撤回修改的走访改好再送；各项答案全部重新写一遍，没有写的就是没有答。

        同样的内容再发一次，得到同一条走访；内容不同的得到 409。撤回的，原来的 noticed 要在 changes 里带上。"""
        visit = self.get_object()
        given = CorrectedIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        seen = data.pop("version")
        correct_visit(visit, by=acting_post(request), seen_version=seen, **answers_of(data))
        # read anew: who wrote in it now, and what it noticed, decide what may be done with it
        return Response(self.get_serializer(self.get_object()).data)
