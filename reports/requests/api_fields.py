"""What programs send about requests and their answers, and what they are told of them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.api.fields import LooseDate, PrintedText
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.access.api.viewsets import acting_post
from reports.indicators.templates import MOST_COLUMNS
from reports.requests.columns import full_label
from reports.requests.models import (
    DOCUMENT_LONGEST,
    MEANING_LONGEST,
    MEASURE_LONGEST,
    NAME_LONGEST,
    NOTE_LONGEST,
    PURPOSE_LONGEST,
    TITLE_LONGEST,
    DataAnswer,
    DataQuestion,
    DataRequest,
)
from reports.requests.questions import CHOICE_LONGEST, MOST_CHOICES, MOST_QUESTIONS
from reports.requests.sheet import RequestSheet, sheet_of
from reports.requests.states import QuestionKind, RequestState
from reports.requests.workflow import ANSWER, REQUEST, reads_values


class RequestSeenIn(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="读到的版本号；期间有变化则得到 409")


class RequestReasonIn(RequestSeenIn):
    reason = PrintedText(max_length=REASON_LONGEST)


class DataQuestionIn(Body):
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    name = PrintedText(max_length=NAME_LONGEST, help_text="栏目名称")
    meaning = PrintedText(max_length=MEANING_LONGEST, help_text="口径")
    measure = PrintedText(
        max_length=MEASURE_LONGEST, required=False, default="", allow_blank=True, help_text="数的单位"
    )
    choices = serializers.ListField(
        child=PrintedText(max_length=CHOICE_LONGEST),
        required=False,
        default=list,
        max_length=MOST_CHOICES,
        help_text="选一项的答案",
    )
    though_alike = serializers.BooleanField(
        required=False, default=False, help_text="看过相近的已有栏目，确实不同，仍然单独要"
    )


class DataRequestIn(Body):
    title = PrintedText(max_length=TITLE_LONGEST, help_text="要什么")
    purpose = PrintedText(max_length=PURPOSE_LONGEST, help_text="依据和用途")
    document = PrintedText(max_length=DOCUMENT_LONGEST, required=False, default="", allow_blank=True, help_text="文号")
    period = serializers.CharField(max_length=7, help_text="月份，如 2026-10")
    level = serializers.IntegerField(min_value=2, max_value=4, help_text="要到哪一级：2 县 3 乡镇 4 村")
    within = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=400,
        help_text="只要这些机构（或它们下面的）；空为全部",
    )  # fmt: skip
    due_on = LooseDate(help_text="截止日期，逢休息日顺延")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=MOST_COLUMNS,
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
    unit = serializers.UUIDField(source="row.unit.uid", help_text="数据月份时的机构；调整后合并作答的，为现在的机构")
    name = serializers.CharField(source="row.unit.path_label", help_text="数据月份时的名称")
    place = serializers.CharField(source="row.place", help_text="表里的名称，机构调整过的写明现在的")
    source = serializers.CharField(
        source="row.held.source",
        default="",
        help_text="reported 上报数，live 实时数，空为没有统计，或这一行没有已有的数",
    )
    answered_by = serializers.CharField(source="row.answered_by", help_text="由哪些机构在另外的行里一并填；没有的为空")
    state = serializers.CharField(source="row.answer.state", default="", help_text="回答的状态；没有往下要的为空")
    numbers = serializers.ListField(child=serializers.IntegerField(allow_null=True), help_text="已有的栏目，按先后")
    answers = serializers.ListField(child=serializers.JSONField(allow_null=True), help_text="填的栏目，按先后")


class DataRequestOut(DataRequestBrief):
    columns = serializers.ListField(child=serializers.CharField(), help_text="已有的栏目")
    questions = DataQuestionOut(many=True)
    rows = serializers.SerializerMethodField(help_text="各单位一行；没有答的不补数")
    totals = serializers.SerializerMethodField(help_text="合计：先是已有的栏目，再是填的；没有合计的为空")
    ledger_totals = serializers.SerializerMethodField(
        help_text="本单位当月签过的台账上的数，按已有的栏目先后；没有签过或只要其中几个单位的为空"
    )
    missing = serializers.SerializerMethodField(help_text="没有答的单位")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta(DataRequestBrief.Meta):
        fields = [
            *DataRequestBrief.Meta.fields,
            "columns",
            "questions",
            "rows",
            "totals",
            "ledger_totals",
            "missing",
            "actions",
        ]

    _read: RequestSheet | None = None

    def _sheet(self, record) -> RequestSheet:
        if self._read is None or self._read.request is not record:
            self._read = sheet_of(record)
        return self._read

    @extend_schema_field(DataSheetRowOut(many=True))
    def get_rows(self, record):
        sheet = self._sheet(record)
        rows = [{"row": row, "numbers": sheet.numbers(row), "answers": sheet.said(row)} for row in sheet.rows]
        return DataSheetRowOut(rows, many=True).data

    def get_totals(self, record) -> list[int | None]:
        sheet = self._sheet(record)
        return [*sheet.number_totals, *sheet.answer_totals]

    def get_ledger_totals(self, record) -> list[int | None]:
        return self._sheet(record).ledger_totals

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


class DataAnswerIn(RequestSeenIn):
    values = serializers.DictField(
        child=serializers.CharField(max_length=100, allow_blank=True, allow_null=True),
        help_text="{栏目的 field: 答案}：数写整数，是否写 yes、no，选一项写原文",
    )
    note = PrintedText(max_length=NOTE_LONGEST, required=False, default="", allow_blank=True, help_text="说明")


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
        """As the page: what is kept and not sent is its writer's."""
        told = super().to_representation(answer)
        is_read = reads_values(acting_post(self.context["request"]), answer)
        return told if is_read else told | {"values": {}, "note": ""}

    def get_actions(self, answer) -> list[str]:
        post = acting_post(self.context["request"])
        return [move.action for move in ANSWER.open_to(post, answer)]


class DataAnswerFull(DataAnswerOut):
    questions = DataQuestionOut(many=True, source="request.questions")

    class Meta(DataAnswerOut.Meta):
        fields = [*DataAnswerOut.Meta.fields, "questions"]
