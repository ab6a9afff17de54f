"""Amendments over the API."""

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
from reports.amendments import services
from reports.amendments.models import Amendment, AmendmentState
from reports.amendments.services import DOCUMENT_LONGEST
from reports.amendments.sheets import amended_sheet
from reports.amendments.workflow import AMENDMENT
from reports.submissions.api.submissions import (
    NUMBERS,
    SheetApproveIn,
    SheetReasonIn,
    SheetSeenIn,
    SheetSubmitIn,
    SubmissionViewSet,
)


class AmendmentIn(Body):
    reason = PrintedText(max_length=REASON_LONGEST, help_text="哪里错了，为什么；补报的写明为什么没有按时报")
    document = PrintedText(max_length=DOCUMENT_LONGEST, help_text="同意更正的文号或文件名称")


class AmendedFigureOut(serializers.Serializer):
    key = serializers.CharField(help_text="指标")
    valid = serializers.IntegerField(allow_null=True, help_text="有效的数；补报的为空")
    amended = serializers.IntegerField(help_text="更正为")


class AmendmentOut(serializers.ModelSerializer):
    submission = serializers.UUIDField(source="submission_id")
    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit.path_label", help_text="机构")
    period = serializers.CharField(source="submission.period.key", help_text="月份")
    reason = serializers.CharField(source="reason_in_words", help_text="为什么更正；下级的原因在下级那一份里")
    supplement = serializers.BooleanField(source="is_supplement", help_text="锁定时没有有效的数，是补报")
    hash = serializers.CharField(source="current.hash", default="", help_text="更正后的那份的校验码")
    differences = serializers.SerializerMethodField(help_text="不同的数")
    seen = serializers.SerializerMethodField(help_text="将要报送的新数的校验码，报送时送回")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = Amendment
        fields = [
            "id", "submission", "unit", "name", "period", "state", "version", "reason", "document", "supplement",
            "hash", "made_at", "effective_at", "differences", "seen", "actions",
        ]  # fmt: skip

    def get_differences(self, amendment) -> AmendedFigureOut(many=True):  # type: ignore[valid-type]
        return [{"key": key, "valid": valid, "amended": now} for key, valid, now in amendment.differences]

    def get_seen(self, amendment) -> str:
        return amended_sheet(amendment.submission).seen if "submit_amendment" in self.get_actions(amendment) else ""

    def get_actions(self, amendment) -> list[str]:
        post = acting_post(self.context["request"])
        return [move.action for move in AMENDMENT.offered_to(post, amendment)]


class AmendmentFilter(django_filters.FilterSet):
    unit = django_filters.UUIDFilter(field_name="submission__unit__uid", help_text="机构标识")
    period = django_filters.CharFilter(field_name="submission__period__key", help_text="月份，如 2026-10")
    state = django_filters.ChoiceFilter(choices=AmendmentState.choices)

    class Meta:
        model = Amendment
        fields = ["unit", "period", "state"]


@extend_schema(tags=["amendments"])
class AmendmentViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Amendments within one's scope, the newest first."""

    queryset = Amendment.objects.none()
    serializer_class = AmendmentOut
    filterset_class = AmendmentFilter
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_figures",
        "retrieve": "view_figures",
        "open": AMENDMENT.permissions("open_amendment"),
        "refuse": AMENDMENT.permissions("refuse_amendment"),
        "withdraw": AMENDMENT.permissions("withdraw_amendment"),
        "submit": AMENDMENT.permissions("submit_amendment"),
        "send_back": AMENDMENT.permissions("return_amendment"),
        "approve": AMENDMENT.permissions("approve_amendment"),
    }
    reads = {"list": NUMBERS, "retrieve": NUMBERS}

    def visible_records(self):
        found = Amendment.objects.visible_to(acting_post(self.request), "view_figures").with_all()
        return found.order_by("-made_at", "-id")

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(summary="一份更正")
    def retrieve(self, request, *args, **kwargs):
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="同意更正", request=SheetSeenIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"])
    def open(self, request, id=None):
        return self._answer_after(services.open_amendment, SheetSeenIn)

    @extend_schema(summary="不同意更正", request=SheetReasonIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"])
    def refuse(self, request, id=None):
        return self._answer_after(services.refuse, SheetReasonIn)

    @extend_schema(summary="撤回更正", request=SheetReasonIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        return self._answer_after(services.withdraw, SheetReasonIn)

    @extend_schema(summary="报送更正", request=SheetSubmitIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"])
    def submit(self, request, id=None):
        return self._answer_after(services.submit, SheetSubmitIn)

    @extend_schema(summary="退回更正", request=SheetReasonIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        return self._answer_after(services.send_back, SheetReasonIn)

    @extend_schema(summary="通过更正", request=SheetApproveIn, responses=AmendmentOut)
    @action(detail=True, methods=["post"])
    def approve(self, request, id=None):
        return self._answer_after(services.approve, SheetApproveIn)

    def _answer_after(self, service, serializer_class) -> Response:
        amendment, given = self.get_object(), serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        service(amendment, by=acting_post(self.request), seen_version=asked.pop("version"), **asked)
        return Response(self.get_serializer(self.get_object()).data)


class AmendableSubmissionViewSet(SubmissionViewSet):
    """What each unit in one's scope reported, a row a unit and month; ask by unit and period."""

    permissions = SubmissionViewSet.permissions | {"amend": "submit_ledger"}

    @extend_schema(summary="请求更正，锁定时没有有效数的请求补报", request=AmendmentIn, responses={201: AmendmentOut})
    @action(detail=True, methods=["post"])
    def amend(self, request, id=None):
        submission, given = self.get_object(), AmendmentIn(data=request.data)
        given.is_valid(raise_exception=True)
        amendment = services.ask(submission, by=acting_post(request), **given.validated_data)
        made = Amendment.objects.visible_to(acting_post(request), "view_figures").with_all().get(pk=amendment.pk)
        return Response(AmendmentOut(made, context=self.get_serializer_context()).data, status=201)
