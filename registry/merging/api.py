"""Merging two files over the API: the same services, rules and permissions as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from childwelfare.api.bodies import Body, refuse_body
from childwelfare.api.fields import CleanText
from orgs.access.api.viewsets import VisibleRecords, acting_post
from registry.child.models import ChildFile
from registry.merging.models import Merge
from registry.merging.services.merge import FIELDS, merge_files
from registry.merging.services.unmerge import undo_merge


class MergeIn(Body):
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
class MergeViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Merges of files within one's scope, made and undone."""

    queryset = Merge.objects.none()
    serializer_class = MergeOut
    filterset_fields = ["survivor", "other"]
    lookup_url_kwarg = "id"
    permissions = {
        "list": "merge_child", "retrieve": "merge_child", "create": "merge_child", "undo": "merge_child",
    }  # fmt: skip
    reads = {"list": "read_list", "retrieve": "view_merge"}

    def visible_records(self):
        files = ChildFile.objects.visible_to(acting_post(self.request), "merge_child").values("pk")
        return (
            Merge.objects.filter(survivor__in=files)
            .select_related("survivor", "other", "made_by")
            .order_by("-made_at", "-id")
        )

    def get_object(self):
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def create(self, request):
        given = MergeIn(data=request.data)
        given.is_valid(raise_exception=True)
        post, data = acting_post(request), given.validated_data
        files = ChildFile.objects.visible_to(post, "merge_child")
        survivor, other = (get_object_or_404(files, pk=data[name]) for name in ("survivor", "other"))
        merge = merge_files(
            survivor,
            other,
            by=post,
            seen_versions=(data["version"], data["other_version"]),
            take=set(data["take"]),
            note=data["note"],
        )
        return Response(self.get_serializer(merge).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=MergeOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        merge = self.get_object()
        refuse_body(request)
        undo_merge(merge, by=acting_post(request))
        return Response(self.get_serializer(self.get_object()).data)
