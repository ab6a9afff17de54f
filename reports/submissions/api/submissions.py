"""Reporting over the API: the same services, guards and words as the pages."""

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import PrintedText
from childwelfare.workflow.transitions import REASON_LONGEST
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NUMBERS
from reports.indicators.cross_checks import CHECKS
from reports.indicators.table import BY_KEY
from reports.submissions import services
from reports.submissions.api_fields import Explanations
from reports.submissions.models import Submission, SubmissionEvent, SubmissionState
from reports.submissions.month import MonthPage, month_page
from reports.submissions.moves import REMARK_LONGEST
from reports.submissions.sheets import TWICE
from reports.submissions.workflow import SUBMISSION

EXPLAINED = "；".join([*(f"{check.key} {check.words}" for check in CHECKS), f"{TWICE} 有孩子在两个村（居）的表里"])


class SheetSeenIn(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="读到的版本号；期间有变化则得到 409")


class SheetSubmitIn(SheetSeenIn):
    seen = serializers.CharField(max_length=64, help_text="读到的表的校验码（sheet.seen）；表里的数已变则得到 409")
    explanations = Explanations(required=False, default=dict, help_text="不平的关系为什么不平：" + EXPLAINED)


class SheetApproveIn(SheetSeenIn):
    hash = serializers.CharField(max_length=64, help_text="读到的上报数据的校验码；又报过一次则得到 409")


class SheetReasonIn(SheetSeenIn):
    reason = PrintedText(max_length=REASON_LONGEST)


class SheetReturnIn(SheetReasonIn):
    remarks = serializers.DictField(
        child=PrintedText(max_length=REMARK_LONGEST, allow_blank=True), required=False, default=dict,
        help_text="哪一栏的数不对：{指标: 说明}",
    )  # fmt: skip

    def validate_remarks(self, remarks):
        unknown = [key for key in remarks if key not in BY_KEY]
        if unknown:
            raise serializers.ValidationError(f"没有“{unknown[0][:40]}”这一栏。")
        return remarks


class SheetEventOut(serializers.ModelSerializer):
    by = serializers.CharField(source="person.name", default="", help_text="谁；系统自动做的为空")
    hash = serializers.CharField(source="snapshot.hash", default="", help_text="哪一份上报数据")

    class Meta:
        model = SubmissionEvent
        fields = ["action", "was", "now", "by", "at", "reason", "remarks", "hash"]


class SubmissionBrief(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit_then.path_label", help_text="机构")
    level = serializers.IntegerField(source="unit.level", help_text="层级 1 市 2 县 3 乡镇 4 村")
    period = serializers.CharField(source="period.key", help_text="月份")
    locked = serializers.BooleanField(source="is_locked", help_text="这个月已锁定，只能更正")
    hash = serializers.CharField(
        source="current.hash", default="", help_text="最近一次上报的校验码，更正生效以后是更正的那份"
    )
    approved_hash = serializers.CharField(source="approved.hash", default="", help_text="有效的那份的校验码")
    standing = serializers.CharField(help_text="上报的数是什么：有效的为空，缺报、退回未通过、待审核的写明")
    due_at = serializers.DateTimeField(help_text="上报截止")

    class Meta:
        model = Submission
        fields = [
            "id", "unit", "name", "level", "period", "state", "locked", "version", "due_at", "first_submitted_at",
            "on_time", "hash", "approved_hash", "standing",
        ]  # fmt: skip


class RelationOut(serializers.Serializer):
    key = serializers.CharField(source="check.key")
    words = serializers.CharField()
    gap = serializers.IntegerField(help_text="差多少；0 为平")
    compared = serializers.CharField(help_text="当月有机构调整的，写明拿什么和什么比；没有为空")


class SheetOut(serializers.Serializer):
    seen = serializers.SerializerMethodField(help_text="上报时送回；已上报的为空")
    values = serializers.DictField(source="numbers", child=serializers.IntegerField(allow_null=True))
    relations = RelationOut(many=True)
    hindrances = serializers.ListField(child=serializers.CharField(), help_text="还不能上报的原因；空为可以报")

    def get_seen(self, page: MonthPage) -> str:
        return page.sheet.seen if page.sheet else ""


class SubmissionOut(SubmissionBrief):
    sheet = serializers.SerializerMethodField(help_text="将要上报的，或已经上报的表")
    below = serializers.SerializerMethodField(help_text="下一级各单位")
    events = serializers.SerializerMethodField(help_text="经过，先后为序")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta(SubmissionBrief.Meta):
        fields = [*SubmissionBrief.Meta.fields, "sheet", "below", "events", "actions"]

    _read: MonthPage | None = None

    def _page(self, submission) -> MonthPage:
        if self._read is None or self._read.submission is not submission:
            self._read = month_page(submission, acting_post(self.context["request"]))
        return self._read

    def get_sheet(self, submission) -> SheetOut:
        page = self._page(submission)
        shown = SheetOut(page).data
        return shown  # type: ignore[return-value]  # what the schema is told

    def get_below(self, submission) -> SubmissionBrief(many=True):  # type: ignore[valid-type]
        return SubmissionBrief([row.submission for row in self._page(submission).rows], many=True).data

    def get_events(self, submission) -> SheetEventOut(many=True):  # type: ignore[valid-type]
        return SheetEventOut(submission.events.select_related("person", "snapshot"), many=True).data

    def get_actions(self, submission) -> list[str]:
        post = acting_post(self.context["request"])
        return [move.action for move in SUBMISSION.offered_to(post, submission)]


class SubmissionFilter(django_filters.FilterSet):
    unit = django_filters.UUIDFilter(field_name="unit__uid", help_text="机构标识")
    period = django_filters.CharFilter(field_name="period__key", help_text="月份，如 2026-10")
    state = django_filters.ChoiceFilter(choices=SubmissionState.choices)
    below = django_filters.UUIDFilter(method="filter_below", help_text="这个机构的下一级")

    class Meta:
        model = Submission
        fields = ["unit", "period", "state", "below"]

    def filter_below(self, queryset, _name, uid):
        return queryset.filter(parent__unit__uid=uid)


@extend_schema(tags=["submissions"])
class SubmissionViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What each unit in one's scope reported, a row a unit and month; ask by unit and period."""

    queryset = Submission.objects.none()
    serializer_class = SubmissionOut
    filterset_class = SubmissionFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_figures",
        "retrieve": "view_figures",
        "send_back": SUBMISSION.permissions("return"),
        **{name: SUBMISSION.permissions(name) for name in ("submit", "withdraw", "approve", "reopen", "waive")},
        "end_waiver": SUBMISSION.permissions("end_waiver"),
    }
    reads = {"list": NUMBERS, "retrieve": NUMBERS}

    def get_serializer_class(self):
        return SubmissionBrief if self.action == "list" else SubmissionOut

    def visible_records(self):
        found = Submission.objects.visible_to(acting_post(self.request), "view_figures").with_all()
        return found.order_by("-period__key", "unit__level", "unit__code", "unit")

    def get_object(self):
        """Within one's scope; what may be done is asked by its service."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(summary="一个单位一个月的上报")
    def retrieve(self, request, *args, **kwargs):
        submission = self.get_object()
        services.look_at(submission, acting_post(request))
        return Response(self.get_serializer(submission).data)

    @extend_schema(summary="上报", request=SheetSubmitIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def submit(self, request, id=None):
        return self._answer_after(services.submit, SheetSubmitIn)

    @extend_schema(summary="撤回，上级打开以前", request=SheetSeenIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        return self._answer_after(services.withdraw, SheetSeenIn)

    @extend_schema(summary="退回下级", request=SheetReturnIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        return self._answer_after(services.send_back, SheetReturnIn)

    @extend_schema(summary="通过下级", request=SheetApproveIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def approve(self, request, id=None):
        return self._answer_after(services.approve, SheetApproveIn)

    @extend_schema(summary="通过以后退回重报", request=SheetReasonIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, id=None):
        return self._answer_after(services.reopen, SheetReasonIn)

    @extend_schema(summary="注明缺报", request=SheetReasonIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def waive(self, request, id=None):
        return self._answer_after(services.waive, SheetReasonIn)

    @extend_schema(summary="恢复上报", request=SheetSeenIn, responses=SubmissionOut)
    @action(detail=True, methods=["post"])
    def end_waiver(self, request, id=None):
        return self._answer_after(services.end_waiver, SheetSeenIn)

    def _answer_after(self, service, serializer_class) -> Response:
        submission = self.get_object()
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        service(submission, by=acting_post(self.request), seen_version=asked.pop("version"), **asked)
        return Response(self.get_serializer(self.get_object()).data)
