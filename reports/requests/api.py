"""Requests over the API: the same services, guards and words as the pages."""

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body, refuse_body
from childwelfare.api.fields import CleanText, LooseDate
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import ReadsNothing
from orgs.units.models import OrgUnit
from reports.requests.columns import find_columns, full_label
from reports.requests.counts import asked_by
from reports.requests.models import (
    DOCUMENT_LONGEST,
    MEANING_LONGEST,
    MEASURE_LONGEST,
    NAME_LONGEST,
    NOTE_LONGEST,
    PURPOSE_LONGEST,
    TITLE_LONGEST,
    AnswerState,
    DataAnswer,
    DataQuestion,
    DataRequest,
    QuestionKind,
    RequestState,
)
from reports.requests.questions import MOST_CHOICES, MOST_QUESTIONS
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import RequestSheet, sheet_of
from reports.requests.workflow import ANSWER, REQUEST
from reports.rollup.periods import Period

NUMBERS = ReadsNothing("numbers alone")


class RequestSeenIn(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="读到的版本号；期间有变化则得到 409")


class RequestReasonIn(RequestSeenIn):
    reason = CleanText(max_length=REASON_LONGEST)


class DataQuestionIn(Body):
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    name = CleanText(max_length=NAME_LONGEST, help_text="栏目名称")
    meaning = CleanText(max_length=MEANING_LONGEST, help_text="口径")
    measure = CleanText(max_length=MEASURE_LONGEST, required=False, default="", allow_blank=True, help_text="数的单位")
    choices = serializers.ListField(
        child=CleanText(max_length=20), required=False, default=list, max_length=MOST_CHOICES, help_text="选一项的答案"
    )
    though_alike = serializers.BooleanField(
        required=False, default=False, help_text="看过相近的已有栏目，确实不同，仍然单独要"
    )


class DataRequestIn(Body):
    title = CleanText(max_length=TITLE_LONGEST, help_text="要什么")
    purpose = CleanText(max_length=PURPOSE_LONGEST, help_text="依据和用途")
    document = CleanText(max_length=DOCUMENT_LONGEST, required=False, default="", allow_blank=True, help_text="文号")
    period = serializers.CharField(max_length=7, help_text="月份，如 2026-10")
    level = serializers.IntegerField(min_value=2, max_value=4, help_text="要到哪一级：2 县 3 乡镇 4 村")
    within = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=400,
        help_text="只要这些机构（或它们下面的）；空为全部",
    )  # fmt: skip
    due_on = LooseDate(help_text="截止日期，逢休息日顺延")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=drafting.MOST_COLUMNS,
        help_text="已有的栏目：指标标识，不用下面填",
    )  # fmt: skip
    questions = DataQuestionIn(
        many=True, required=False, default=list, help_text=f"要下面填的，最多 {MOST_QUESTIONS} 个"
    )


class DataQuestionOut(serializers.ModelSerializer):
    field = serializers.CharField(help_text="填报时用它作键")

    class Meta:
        model = DataQuestion
        fields = ["id", "field", "kind", "name", "meaning", "measure", "choices"]


class DataRequestBrief(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="要数的机构")
    unit_name = serializers.CharField(source="unit.path_label")
    due_at = serializers.DateTimeField(help_text="截止")

    class Meta:
        model = DataRequest
        fields = [
            "id", "unit", "unit_name", "title", "purpose", "document", "period", "level", "state", "version", "due_at",
            "asked_on", "asked_units", "asked_columns", "asked_questions", "at_once", "closed_at",
        ]  # fmt: skip


class DataSheetRowOut(serializers.Serializer):
    unit = serializers.UUIDField(source="row.unit.uid")
    name = serializers.CharField(source="row.unit.path_label")
    source = serializers.CharField(source="row.held.source", help_text="reported 上报数，live 实时数，空为没有统计")
    state = serializers.CharField(source="row.answer.state", default="", help_text="回答的状态；没有往下要的为空")
    numbers = serializers.ListField(child=serializers.IntegerField(allow_null=True), help_text="已有的栏目，按先后")
    answers = serializers.ListField(child=serializers.JSONField(allow_null=True), help_text="填的栏目，按先后")


class DataRequestOut(DataRequestBrief):
    columns = serializers.ListField(child=serializers.CharField(), help_text="已有的栏目")
    questions = DataQuestionOut(many=True)
    rows = serializers.SerializerMethodField(help_text="各单位一行；没有答的不补数")
    totals = serializers.SerializerMethodField(help_text="合计：先是已有的栏目，再是填的；没有合计的为空")
    missing = serializers.SerializerMethodField(help_text="没有答的单位")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta(DataRequestBrief.Meta):
        fields = [*DataRequestBrief.Meta.fields, "columns", "questions", "rows", "totals", "missing", "actions"]

    _read: RequestSheet | None = None

    def _sheet(self, record) -> RequestSheet:
        if self._read is None or self._read.request is not record:
            self._read = sheet_of(record)
        return self._read

    def get_rows(self, record) -> DataSheetRowOut(many=True):  # type: ignore[valid-type]
        sheet = self._sheet(record)
        rows = [{"row": row, "numbers": sheet.numbers(row), "answers": sheet.said(row)} for row in sheet.rows]
        return DataSheetRowOut(rows, many=True).data

    def get_totals(self, record) -> list[int | None]:
        sheet = self._sheet(record)
        return [*sheet.number_totals, *sheet.answer_totals]

    def get_missing(self, record) -> list[str]:
        return [row.unit.path_label for row in self._sheet(record).missing]

    def get_actions(self, record) -> list[str]:
        post = acting_post(self.context["request"])
        return [move.action for move in REQUEST.offered_to(post, record)]


class DataColumnOut(serializers.Serializer):
    key = serializers.CharField(help_text="指标标识")
    label = serializers.SerializerMethodField()
    definition = serializers.CharField()

    def get_label(self, indicator) -> str:
        return full_label(indicator)


class DataCountOut(serializers.Serializer):
    unit = serializers.UUIDField(help_text="要数的机构")
    name = serializers.CharField()
    month = serializers.CharField()
    requests = serializers.IntegerField(help_text="要数次数")
    at_once = serializers.IntegerField(help_text="其中没有往下要的")
    columns = serializers.IntegerField(help_text="用已有数的栏目")
    questions = serializers.IntegerField(help_text="往下要的栏目")
    units = serializers.IntegerField(help_text="被要的单位")
    answers = serializers.IntegerField(help_text="要下面填的答数：单位数乘栏目数")


class DataReminded(serializers.Serializer):
    reminded = serializers.IntegerField(help_text="催了几个单位")


@extend_schema(tags=["requests"])
class DataRequestViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
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
        return DataRequest.objects.visible_to(post, "ask_figures").readable(post.unit_id).with_all().order_by(
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

    def _answer_after(self, service, serializer_class) -> Response:
        record = self.get_object()
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        service(record, by=acting_post(self.request), seen_version=asked.pop("version"), **asked)
        return Response(self.get_serializer(self.get_object()).data)


class DataAnswerIn(RequestSeenIn):
    values = serializers.DictField(
        child=serializers.CharField(max_length=100, allow_blank=True, allow_null=True),
        help_text="{栏目的 field: 答案}：数写整数，是否写 yes、no，选一项写原文",
    )
    note = CleanText(max_length=NOTE_LONGEST, required=False, default="", allow_blank=True, help_text="说明")


class DataAnswerOut(serializers.ModelSerializer):
    request = serializers.UUIDField(source="request_id")
    title = serializers.CharField(source="request.title")
    asked_by = serializers.CharField(source="request.unit.path_label", help_text="谁要的")
    unit = serializers.UUIDField(source="unit.uid")
    name = serializers.CharField(source="unit.path_label")
    request_state = serializers.ChoiceField(choices=RequestState.choices, source="request.state")
    due_at = serializers.DateTimeField(help_text="截止")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = DataAnswer
        fields = [
            "id", "request", "title", "asked_by", "request_state", "unit", "name", "state", "version", "values", "note",
            "due_at", "first_answered_at", "on_time", "actions",
        ]  # fmt: skip

    def to_representation(self, answer):
        """What is kept and not sent is its writer's."""
        told = super().to_representation(answer)
        is_own = answer.unit_id == acting_post(self.context["request"]).unit_id
        return told if is_own or answer.state == AnswerState.ANSWERED else told | {"values": {}, "note": ""}

    def get_actions(self, answer) -> list[str]:
        post = acting_post(self.context["request"])
        return [move.action for move in ANSWER.open_to(post, answer)]


class DataAnswerFull(DataAnswerOut):
    questions = DataQuestionOut(many=True, source="request.questions")

    class Meta(DataAnswerOut.Meta):
        fields = [*DataAnswerOut.Meta.fields, "questions"]


@extend_schema(tags=["requests"])
class DataAnswerViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
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
        found = DataAnswer.objects.visible_to(acting_post(self.request), "submit_ledger").with_all()
        return found.order_by("-request__made_at", "unit__code", "id")

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

    def _answer_after(self, service, serializer_class) -> Response:
        answer, given = self.get_object(), serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        service(answer, by=acting_post(self.request), seen_version=asked.pop("version"), **asked)
        return Response(self.get_serializer(self.get_object()).data)
