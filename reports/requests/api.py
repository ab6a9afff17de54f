"""Requests over the API: the same services, guards and words as the pages."""

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import refuse_body
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NUMBERS
from orgs.units.models import OrgUnit
from reports.requests.api_fields import (
    DataAnswerFull,
    DataAnswerIn,
    DataAnswerOut,
    DataColumnOut,
    DataCountOut,
    DataReminded,
    DataRequestBrief,
    DataRequestIn,
    DataRequestOut,
    RequestReasonIn,
    RequestSeenIn,
)
from reports.requests.columns import find_columns
from reports.requests.counts import asked_by
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.services import answering, asking, drafting
from reports.requests.workflow import ANSWER
from reports.rollup.periods import Period
from reports.submissions.people import offices_of


class MovesByVersion(viewsets.GenericViewSet):
    """A move whose body names the version that was read, and what else its service takes."""

    def _answer_after(self, service, serializer_class) -> Response:
        record, given = self.get_object(), serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        service(record, by=acting_post(self.request), seen_version=asked.pop("version"), **asked)
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema(tags=["requests"])
class DataRequestViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, MovesByVersion):
    """What units want to know of those below them; what exists is never asked for."""

    queryset = DataRequest.objects.none()
    serializer_class = DataRequestOut
    filterset_fields = ("state", "period", "month")
    lookup_url_kwarg = "id"
    permissions = dict.fromkeys(
        (
            "list", "create", "retrieve", "send", "settle", "discard", "withdraw", "close", "remind", "again",
            "columns", "counts",
        ),
        "ask_figures",
    )  # fmt: skip
    parameters = {"columns": ("name",)}
    reads = dict.fromkeys(("list", "retrieve", "columns", "counts"), NUMBERS)

    def get_serializer_class(self):
        return DataRequestBrief if self.action == "list" else DataRequestOut

    def visible_records(self):
        post = acting_post(self.request)
        return DataRequest.objects.visible_to(post, "ask_figures").readable(post.unit).with_all().order_by(
            "-made_at", "id"
        )  # fmt: skip

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(summary="一次要数和它的表")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="拟一次要数", request=DataRequestIn, responses={201: DataRequestOut})
    def create(self, request):
        given = DataRequestIn(data=request.data)
        given.is_valid(raise_exception=True)
        post, facts = acting_post(request), dict(given.validated_data)
        columns, questions, asked = facts.pop("columns"), facts.pop("questions"), facts.pop("within")
        within = list(OrgUnit.objects.visible_to(post, "ask_figures").current().filter(uid__in=asked))
        if len(within) < len(set(asked)):
            raise serializers.ValidationError({"within": ["没有这个单位，或它不在您的管辖范围内。"]})
        with transaction.atomic():
            made = drafting.save_request(by=post, within=within, **facts)
            if columns:
                made = drafting.set_columns(made, columns, by=post, seen_version=made.version)
            for question in questions:
                drafting.add_question(made, by=post, seen_version=made.version, **question)
                made = drafting.fresh(made)
        return Response(self.get_serializer(drafting.fresh(made)).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="发下去填", request=RequestSeenIn, responses=DataRequestOut)
    @action(detail=True, methods=["post"])
    def send(self, request, id=None):
        return self._answer_after(asking.send, RequestSeenIn)

    @extend_schema(summary="都有，直接出表", request=RequestSeenIn, responses=DataRequestOut)
    @action(detail=True, methods=["post"])
    def settle(self, request, id=None):
        return self._answer_after(asking.settle, RequestSeenIn)

    @extend_schema(summary="不要这份草稿了", request=RequestSeenIn, responses=DataRequestOut)
    @action(detail=True, methods=["post"])
    def discard(self, request, id=None):
        return self._answer_after(asking.discard, RequestSeenIn)

    @extend_schema(summary="收结", request=RequestSeenIn, responses=DataRequestOut)
    @action(detail=True, methods=["post"])
    def close(self, request, id=None):
        return self._answer_after(asking.close, RequestSeenIn)

    @extend_schema(summary="撤销", request=RequestReasonIn, responses=DataRequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        return self._answer_after(asking.withdraw, RequestReasonIn)

    @extend_schema(summary="催没有答的", request=None, responses=DataReminded)
    @action(detail=True, methods=["post"])
    def remind(self, request, id=None):
        record = self.get_object()
        refuse_body(request)
        return Response({"reminded": asking.remind(record, by=acting_post(request))})

    @extend_schema(summary="照上次再要一次：下个月的草稿", request=None, responses={201: DataRequestOut})
    @action(detail=True, methods=["post"])
    def again(self, request, id=None):
        record = self.get_object()
        refuse_body(request)
        made = drafting.fresh(drafting.ask_again(record, by=acting_post(request)))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    NAMED = OpenApiParameter("name", str, description="名称、口径、标识里有的字，或拼音的开头")

    @extend_schema(summary="系统里已有的栏目", responses=DataColumnOut(many=True), parameters=[NAMED], filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=())
    def columns(self, request):
        found = find_columns(request.query_params.get("name", ""))
        return Response(DataColumnOut([each for _group, columns in found for each in columns], many=True).data)

    @extend_schema(summary="各单位每月要了多少数", responses=DataCountOut(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=())
    def counts(self, request):
        found = asked_by(acting_post(request), Period.of().lately())
        units = OrgUnit.objects.visible_to(acting_post(request), "ask_figures").with_path()
        named = units.in_bulk({unit for unit, _month in found})
        rows = [
            {"unit": named[pk].uid, "name": named[pk].path_label, "month": month, **vars(asked)}
            for (pk, month), asked in sorted(found.items(), key=lambda each: (each[0][1], each[0][0]), reverse=True)
        ]
        return Response(DataCountOut(rows, many=True).data)


@extend_schema(tags=["requests"])
class DataAnswerViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, MovesByVersion):
    """What units within one's scope were asked for, and what they answered."""

    queryset = DataAnswer.objects.none()
    serializer_class = DataAnswerFull
    filterset_fields = ("request", "state")
    lookup_url_kwarg = "id"
    permissions = {
        "list": "submit_ledger",
        "retrieve": "submit_ledger",
        "keep": ANSWER.permissions("submit"),
        "submit": ANSWER.permissions("submit"),
        "take_back": ANSWER.permissions("take_back"),
        "send_back": ANSWER.permissions("return"),
    }
    reads = {"list": NUMBERS, "retrieve": NUMBERS}

    def get_serializer_class(self):
        return DataAnswerOut if self.action == "list" else DataAnswerFull

    def visible_records(self):
        found = DataAnswer.objects.readable_by(acting_post(self.request)).with_all()
        return found.order_by("-request__made_at", "unit__code", "id")

    def paginate_queryset(self, queryset):
        """Each with who could answer for it: one query for a page."""
        rows = super().paginate_queryset(queryset)
        offices = offices_of([row.unit for row in rows or ()])
        for row in rows or ():
            row.in_office = offices[row.unit_id]
        return rows

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(summary="一个单位的填报")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="先存下，不送出", request=DataAnswerIn, responses=DataAnswerFull)
    @action(detail=True, methods=["post"])
    def keep(self, request, id=None):
        return self._fill(answering.keep)

    @extend_schema(summary="送出", request=DataAnswerIn, responses=DataAnswerFull)
    @action(detail=True, methods=["post"])
    def submit(self, request, id=None):
        return self._fill(answering.submit)

    @extend_schema(summary="取回修改，对方收结以前", request=RequestSeenIn, responses=DataAnswerFull)
    @action(detail=True, methods=["post"])
    def take_back(self, request, id=None):
        return self._answer_after(answering.take_back, RequestSeenIn)

    @extend_schema(summary="退回", request=RequestReasonIn, responses=DataAnswerFull)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        return self._answer_after(answering.send_back, RequestReasonIn)

    def _fill(self, service) -> Response:
        answer, given = self.get_object(), DataAnswerIn(data=self.request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        service(
            answer, by=acting_post(self.request), seen_version=said["version"], given=said["values"], note=said["note"]
        )
        return Response(self.get_serializer(self.get_object()).data)
