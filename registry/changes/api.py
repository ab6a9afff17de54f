"""Changes of approved files over the API: proposed, decided whole or field by field, sent again, taken back."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.text.cleaning import clean_text
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Decision, Recall
from registry.changes.diff import lines_of, pending_fields_of
from registry.changes.models import Change
from registry.changes.services import (
    amend_change,
    approve_change,
    propose_change,
    return_change,
    undo_decision,
    withdraw_change,
)
from registry.changes.workflow import CHANGE
from registry.child.api.fields import read_field, read_seen, read_seen_text
from registry.child.fields import content_of, fields
from registry.child.models import ChildFile


class Given(Body):
    base = serializers.JSONField(
        allow_null=True,
        help_text="改之前看到的值，必填；原来没有的为 null 或空文本；证件号和电话照读到的遮盖样子写",
    )
    value = serializers.JSONField(allow_null=True, help_text="新值；空文本清空这一项，证件号和电话也一样")


class ChangeIn(Body):
    """New values by flat field names: a column of the child, ``father_…``, ``guardian_…``, ``category_…``."""

    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份变更")
    child = serializers.UUIDField(help_text="档案标识")
    fields = serializers.DictField(child=Given(), allow_empty=False, help_text="{字段名: {base, value}}")
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)

    def validate_fields(self, given):
        return {
            name: {"base": read_seen_text(name, pair["base"]), "value": read_field(name, pair["value"])}
            for name, pair in _each(given, "fields")
        }


class ReturnIn(Decision):
    fields = serializers.ListField(child=serializers.CharField(max_length=48), required=False, help_text="不填为全部")


class DecisionIn(ReturnIn):
    settle = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="有冲突而仍用新值的各项：档案现在的值，证件号和电话照读到的遮盖样子写；只写这次通过的项目",
    )


class AmendIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号")
    fields = serializers.DictField(child=serializers.JSONField(allow_null=True), help_text="{字段名: 新值}")
    base = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="{字段名: 重报时档案里看到的值}；没写的以提出时的值为准，档案其间改过的由审核的人定",
    )


class FieldOut(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    base = serializers.CharField(help_text="提出时的值")
    now = serializers.CharField(help_text="档案现在的值")
    returned = serializers.CharField(help_text="上次退回时的值")
    value = serializers.CharField(help_text="新值；证件号和电话遮盖")
    erases = serializers.BooleanField(help_text="通过后档案里的这一项被清空")
    verdict = serializers.CharField()
    reason = serializers.CharField()
    doubt = serializers.CharField(help_text="新值里要再看的，或由它而来的：身份证号的地区有疑问，按出生日期已成年")
    conflict = serializers.BooleanField(help_text="档案里已不是提出时的值")


class ChangeOut(serializers.Serializer):
    """A change with its fields as their reader may see them."""

    id = serializers.UUIDField()
    child = serializers.UUIDField(source="child_id")
    state = serializers.CharField()
    version = serializers.IntegerField()
    note = serializers.CharField()
    station_made = serializers.BooleanField(help_text="工作站自填")
    made_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField()
    lines = FieldOut(many=True, help_text="逐项")

    def to_representation(self, change):
        change.lines = lines_of(change, content_of(change.child), self.context.get("pending"))
        return super().to_representation(change)


EXAMPLE = OpenApiExample(
    "改地址和照看人电话",
    value={
        "child": "00000000-0000-0000-0000-000000000000",
        "fields": {
            "address": {"base": "三组12号", "value": "五组3号"},
            "guardian_phone": {"base": "13800004321", "value": "13811112222"},
        },
        "note": "上周搬家",
    },
    request_only=True,
)


@extend_schema(tags=["changes"])
class ChangeViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Changes within one's scope."""

    queryset = Change.objects.none()
    serializer_class = ChangeOut
    filterset_fields = ["state", "child", "station_made"]
    lookup_url_kwarg = "id"
    permissions = {
        "list": "view_child",
        "retrieve": "view_child",
        "create": "propose_change",
        "approve": CHANGE.permissions("approve"),
        "send_back": CHANGE.permissions("return"),
        "undo": CHANGE.permissions("approve"),
        "amend": CHANGE.permissions("resubmit"),
        "withdraw": CHANGE.permissions("withdraw"),
    }
    reads = {"list": "read_list", "retrieve": "view_change"}

    def visible_records(self):
        changes = Change.objects.visible_to(acting_post(self.request), "view_child")
        shown = ("fields", "child__family", "child__guardians", "child__memberships")  # what ``content_of`` reads
        return changes.select_related("child", "made_in__unit").prefetch_related(*shown).order_by("-sent_at", "-id")

    def list(self, request, *args, **kwargs):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {**self.get_serializer_context(), "pending": pending_fields_of(page)}
        return self.get_paginated_response(ChangeOut(page, many=True, context=context).data)

    @extend_schema(request=ChangeIn, responses={201: ChangeOut}, examples=[EXAMPLE])
    def create(self, request, *args, **kwargs):
        data = _valid(ChangeIn, request)
        post = acting_post(request)
        file = get_object_or_404(ChildFile.objects.visible_to(post, "propose_change"), pk=data["child"])
        note = clean_text(data["note"])
        change = propose_change(file, by=post, fields=data["fields"], note=note, pk=data.get("id"))
        return Response(self.get_serializer(change).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DecisionIn, responses=ChangeOut)
    @action(detail=True, methods=["post"])
    def approve(self, request, id=None):
        """通过全部或所列各项。"""
        change, data = self.get_object(), _valid(DecisionIn, request)
        settle = seen_of(data, "settle", change)
        return self._answer(approve_change, change, data, names=data.get("fields"), settle=settle)

    @extend_schema(request=ReturnIn, responses=ChangeOut)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        """退回全部或所列各项，须写原因。"""
        change, data = self.get_object(), _valid(ReturnIn, request)
        return self._answer(return_change, change, data, names=data.get("fields"), reason=data["reason"])

    @extend_schema(request=Recall, responses=ChangeOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        """撤销自己刚才的通过或退回（15 分钟内）。"""
        change, data = self.get_object(), _valid(Recall, request)
        return self._answer(undo_decision, change, data)

    @extend_schema(request=AmendIn, responses=ChangeOut)
    @action(detail=True, methods=["post"])
    def amend(self, request, id=None):
        """被退回的各项改好后重报。"""
        change, data = self.get_object(), _valid(AmendIn, request)
        values = {name: read_field(name, value) for name, value in data["fields"].items()}
        return self._answer(amend_change, change, data, values=values, base=seen_of(data, "base", change))

    @extend_schema(request=Recall, responses=ChangeOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        """撤回还没有办的各项。"""
        change, data = self.get_object(), _valid(Recall, request)
        return self._answer(withdraw_change, change, data)

    def _answer(self, service, change: Change, data: dict, **given) -> Response:
        service(change, by=acting_post(self.request), seen_version=data["version"], **given)
        return Response(self.get_serializer(change).data)


def _valid(serializer, request) -> dict:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def seen_of(data: dict, part: str, change: Change) -> dict:
    """{name: value} that a program says, in this ``part`` of its data, it saw in the file of ``change``. Raises Stale,
    or the API's ValidationError at ``part``."""
    given = data.get(part, {})
    content = content_of(change.child) if given else {}
    try:
        return {name: read_seen(name, value, content) for name, value in given.items()}
    except serializers.ValidationError as error:
        raise serializers.ValidationError({part: error.detail}) from None


def _each(given, at: str):
    if len(given) > len(fields()) + 10:
        raise serializers.ValidationError({at: [_("项目太多。")]})
    return given.items()
