"""Handing on and merging over the API, and what closing, reopening and handing on are told: the same services, rules
and permissions as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action

from childwelfare.api.bodies import Body
from childwelfare.api.fields import CleanText
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Decision, Moves
from registry.transfers.models import Transfer
from registry.transfers.rows import JOINS, both_sides, describe
from registry.transfers.workflow import TRANSFER


class TransferIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一次转出")
    version = serializers.IntegerField(help_text="档案的版本号；期间有变化则得到 409")
    village = serializers.UUIDField(help_text="转到的村（居）标识")
    reason = CleanText(max_length=200, help_text="转出原因，接收方在接收之前能看到")


class TransferOut(serializers.ModelSerializer):
    """Before acceptance a notice: the receiver is told the family name, age, sex and categories, not the file."""

    child = serializers.SerializerMethodField(help_text="档案标识；不能打开档案时为空")
    child_name = serializers.CharField()
    sex = serializers.CharField(source="child.sex")
    age = serializers.IntegerField(source="child.age")
    categories = serializers.SerializerMethodField()
    origin = serializers.CharField(source="origin.path_label")
    target = serializers.CharField(source="target.path_label")
    asked_by = serializers.CharField(source="made_by.name")
    phone = serializers.CharField(source="made_by.phone", help_text="提出人的工作电话")
    actions = serializers.SerializerMethodField(help_text="现在可做的操作")

    class Meta:
        model = Transfer
        fields = [
            "id",
            "child",
            "child_name",
            "sex",
            "age",
            "categories",
            "origin",
            "target",
            "reason",
            "asked_by",
            "phone",
            "state",
            "version",
            "made_at",
            "answered_on",
            "actions",
        ]

    def get_child(self, transfer) -> str | None:
        return str(transfer.child_id) if transfer.named else None

    def get_categories(self, transfer) -> list[str]:
        return [category.value for category in transfer.child.categories]

    def get_actions(self, transfer) -> list[str]:
        return [move.action for move in TRANSFER.open_to(acting_post(self.context["request"]), transfer)]

    def to_representation(self, transfer):
        describe(acting_post(self.context["request"]), transfer)
        return super().to_representation(transfer)


@extend_schema(tags=["transfers"])
class TransferViewSet(VisibleRecords, Moves, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Transfers asked of one's units and by them."""

    queryset = Transfer.objects.none()
    serializer_class = TransferOut
    filterset_fields = ["state"]
    lookup_url_kwarg = "id"
    workflow = TRANSFER
    permissions = {
        "list": ("accept_transfer", "transfer_child"),
        "retrieve": ("accept_transfer", "transfer_child"),
        **{action: TRANSFER.permissions(action) for action in TRANSFER.transitions},
    }
    reads = {"list": "read_list", "retrieve": "view_transfer"}

    def visible_records(self):
        return both_sides(acting_post(self.request)).select_related(*JOINS).newest_first()

    def get_object(self):
        """Of both sides; which of them may make a move is said by the workflow."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=Decision, responses=TransferOut)
    @action(detail=True, methods=["post"])
    def accept(self, request, id=None):
        return self.move(request, "accept")

    @extend_schema(request=Decision, responses=TransferOut)
    @action(detail=True, methods=["post"])
    def refuse(self, request, id=None):
        return self.move(request, "refuse")

    @extend_schema(request=Decision, responses=TransferOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        return self.move(request, "withdraw")
