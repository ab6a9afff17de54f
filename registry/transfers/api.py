"""Handing on and merging over the API, and what closing, reopening and handing on are told: the same services, rules
and permissions as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from orgs.api.moves import Decision, Moves
from registry.api.serializers import CategoryIn, CleanText, LooseDate
from registry.models import ChildFile, Merge, Transfer
from registry.moves_workflow import TRANSFER
from registry.services.closing import CLOSE_REASONS
from registry.services.merge import FIELDS, merge_files
from registry.services.unmerge import undo_merge
from registry.views.transfers import JOINS, both_sides, describe


class CloseIn(serializers.Serializer):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = serializers.ChoiceField(choices=CLOSE_REASONS, help_text="结案原因")
    on = LooseDate(required=False, allow_null=True, default=None, help_text="从哪一天起不再在册；录入错误可不填")
    note = CleanText(max_length=200, required=False, allow_blank=True, default="")


class ReopenIn(serializers.Serializer):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    reason = CleanText(max_length=200, help_text="为什么重新在册")
    categories = CategoryIn(many=True, help_text="从今天起的儿童类别；结案时结束的不会自己恢复")


class TransferIn(serializers.Serializer):
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
        fields = ["id", "child", "child_name", "sex", "age", "categories", "origin", "target", "reason", "asked_by",
                  "phone", "state", "version", "made_at", "answered_on", "actions"]  # fmt: skip

    def get_child(self, transfer) -> str | None:
        return str(transfer.child_id) if transfer.named else None

    def get_categories(self, transfer) -> list[str]:
        return [category.value for category in transfer.child.categories]

    def get_actions(self, transfer) -> list[str]:
        return [move.action for move in TRANSFER.open_to(self.context["request"]._request.post, transfer)]

    def to_representation(self, transfer):
        describe(self.context["request"]._request.post, transfer)
        return super().to_representation(transfer)


@extend_schema(tags=["transfers"])
class TransferViewSet(Moves, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Transfers asked of one's units and by them."""

    queryset = Transfer.objects.none()
    serializer_class = TransferOut
    filterset_fields = ["state"]
    lookup_url_kwarg = "id"
    workflow = TRANSFER
    permissions = {
        "list": ("accept_transfer", "transfer_child"),
        "retrieve": ("accept_transfer", "transfer_child"),
        "accept": "accept_transfer",
        "refuse": "accept_transfer",
        "withdraw": "transfer_child",
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Transfer.objects.none()
        return both_sides(self.request._request.post).select_related(*JOINS).newest_first()

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


class MergeIn(serializers.Serializer):
    survivor = serializers.UUIDField(help_text="留下的档案")
    other = serializers.UUIDField(help_text="并入的档案")
    version = serializers.IntegerField(help_text="留下的档案的版本号")
    other_version = serializers.IntegerField(help_text="并入的档案的版本号")
    take = serializers.ListField(
        child=serializers.ChoiceField(choices=FIELDS), required=False, default=list, max_length=len(FIELDS),
        help_text="两份都填了而不同的栏目中，用并入的档案的值的那些；不写的以留下的为准",
    )  # fmt: skip
    note = CleanText(max_length=200, required=False, allow_blank=True, default="")


class MergeOut(serializers.ModelSerializer):
    survivor = serializers.UUIDField(source="survivor_id")
    other = serializers.UUIDField(source="other_id")
    made_by = serializers.CharField(source="made_by.name")
    kept = serializers.ListField(child=serializers.CharField(), help_text="撤销时因合并以后改过而保持不变的栏目")

    class Meta:
        model = Merge
        fields = ["id", "survivor", "other", "note", "made_by", "made_at", "undone_at", "kept"]


@extend_schema(tags=["merges"])
class MergeViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Merges of files within one's scope, made and undone."""

    queryset = Merge.objects.none()
    serializer_class = MergeOut
    filterset_fields = ["survivor", "other"]
    lookup_url_kwarg = "id"
    permissions = {
        "list": "merge_child", "retrieve": "merge_child", "create": "merge_child", "undo": "merge_child",
    }  # fmt: skip

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Merge.objects.none()
        files = ChildFile.objects.visible_to(self.request._request.post, "merge_child").values("pk")
        return Merge.objects.filter(survivor__in=files).select_related("survivor", "other", "made_by").order_by(
            "-made_at", "-id"
        )  # fmt: skip

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def create(self, request):
        given = MergeIn(data=request.data)
        given.is_valid(raise_exception=True)
        post, data = request._request.post, given.validated_data
        files = ChildFile.objects.visible_to(post, "merge_child")
        survivor, other = (get_object_or_404(files, pk=data[name]) for name in ("survivor", "other"))
        merge = merge_files(
            survivor, other, by=post, seen_versions=(data["version"], data["other_version"]),
            take=set(data["take"]), note=data["note"],
        )  # fmt: skip
        return Response(self.get_serializer(merge).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MergeOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        merge = self.get_object()
        undo_merge(merge, by=request._request.post)
        return Response(self.get_serializer(self.get_object()).data)
