"""Papers over the API: listed and uploaded under a child, read and declared void by their own id."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import FormParser
from rest_framework.response import Response
from rest_framework.reverse import reverse

from childwelfare.api.bodies import Body
from childwelfare.api.parsers import JSONParser, MultiPartParser
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import picture_of
from orgs.audit.readings import note_reading
from registry.child import codes
from registry.child.models import ChildFile
from registry.papers.models import Paper, PaperKind
from registry.papers.services import (
    MAX_PDF,
    MAX_PICTURE,
    MB,
    REASON_LIMIT,
    add_paper,
    read_paper,
    read_thumbnail,
    void_paper,
)
from registry.papers.serving import content_or_404, paper_response


class PaperIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份材料")
    file = serializers.FileField(
        allow_empty_file=True,
        help_text=f"JPG、PNG、WebP、HEIC（{MAX_PICTURE // MB} MB 以内）或 PDF（{MAX_PDF // MB} MB 以内）",
    )
    kind = serializers.ChoiceField(choices=PaperKind.choices, help_text="材料种类")
    of = serializers.ChoiceField(
        choices=codes.Relation.choices, required=False, allow_blank=True, default="", help_text="谁的材料；空为孩子本人"
    )
    note = serializers.CharField(max_length=100, required=False, allow_blank=True, default="", help_text="说明")


class VoidIn(Body):
    reason = serializers.CharField(
        allow_blank=True, default="", max_length=1000, help_text=f"作废原因，最多 {REASON_LIMIT} 字"
    )


class PaperOut(serializers.ModelSerializer):
    """What is known of a paper; its picture is fetched apart, and that is recorded."""

    made_by = serializers.CharField(source="made_by.name")
    content_url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField(help_text="PDF 没有缩略图")

    class Meta:
        model = Paper
        fields = [
            "id",
            "child",
            "kind",
            "of",
            "note",
            "media_type",
            "size",
            "width",
            "height",
            "pages",
            "sha256",
            "made_by",
            "made_at",
            "removed_at",
            "removed_reason",
            "content_url",
            "thumbnail_url",
        ]

    def get_content_url(self, paper) -> str:
        return reverse("api-paper-content", args=[paper.pk], request=self.context["request"])

    def get_thumbnail_url(self, paper) -> str:
        if not paper.thumbnail:
            return ""
        return reverse("api-paper-thumbnail", args=[paper.pk], request=self.context["request"])


BYTES = OpenApiResponse(OpenApiTypes.BINARY, description="image/jpeg 或 application/pdf")
CHILD = OpenApiParameter("child", OpenApiTypes.UUID, OpenApiParameter.PATH, description="儿童档案标识")


@extend_schema(tags=["papers"], parameters=[CHILD])
class ChildPapersViewSet(VisibleRecords, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The papers of one file, newest first, void ones included."""

    queryset = Paper.objects.none()
    serializer_class = PaperOut
    parser_classes = [MultiPartParser, FormParser, JSONParser]
    filter_backends = []
    permissions = {"list": "view_child", "create": "add_paper"}
    reads = {"list": "view_file"}

    def visible_records(self):
        file = self._child("view_child")
        note_reading(self.request, file, papers=True)
        return file.papers.newest_first().select_related("made_by")

    @extend_schema(request={"multipart/form-data": PaperIn}, responses={201: PaperOut})
    def create(self, request, child=None):
        """Upload one paper. The picture is kept small, upright and without the camera's data."""
        file = self._child("add_paper")
        given = PaperIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        paper = add_paper(file, by=acting_post(request), upload=data.pop("file"), pk=data.pop("id", None), **data)
        return Response(self.get_serializer(paper).data, status=status.HTTP_201_CREATED)

    def _child(self, permission: str) -> ChildFile:
        files = ChildFile.objects.visible_to(acting_post(self.request), permission)
        return get_object_or_404(files, pk=_uuid(self.kwargs["child"]))


@extend_schema(tags=["papers"])
class PaperViewSet(viewsets.GenericViewSet):
    """One paper."""

    queryset = Paper.objects.none()
    serializer_class = PaperOut
    lookup_url_kwarg = "id"
    permissions = {
        "retrieve": "view_child",
        "content": "view_child",
        "thumbnail": "view_child",
        "void": ("add_paper", "void_paper"),
    }
    reads = {"retrieve": "view_file", "content": "view_paper", "thumbnail": picture_of("view_thumbnail")}

    def get_object(self) -> Paper:
        papers = Paper.objects.visible_to(acting_post(self.request), "view_child")
        return get_object_or_404(papers.select_related("child__village", "made_by"), pk=_uuid(self.kwargs["id"]))

    def retrieve(self, request, id=None):
        paper = self.get_object()
        note_reading(request, paper.child, paper=paper.pk)
        return Response(self.get_serializer(paper).data)

    @extend_schema(responses={(200, "image/jpeg"): BYTES, (200, "application/pdf"): BYTES})
    @action(detail=True, methods=["get"])
    def content(self, request, id=None):
        """The picture or PDF itself; opening it is recorded."""
        paper = self.get_object()
        content = content_or_404(paper, read_paper)
        note_reading(request, paper.child, kind=paper.kind, paper=paper.pk)
        return paper_response(paper, content)

    @extend_schema(responses={(200, "image/jpeg"): BYTES})
    @action(detail=True, methods=["get"])
    def thumbnail(self, request, id=None):
        """The small picture of a picture; 404 for a PDF."""
        paper = self.get_object()
        if not paper.thumbnail:
            raise Http404
        note_reading(request, paper.child)
        return paper_response(paper, content_or_404(paper, read_thumbnail))

    @extend_schema(request=VoidIn, responses=PaperOut)
    @action(detail=True, methods=["post"])
    def void(self, request, id=None):
        """Declare void, with a reason; the paper stays readable."""
        paper, given = self.get_object(), VoidIn(data=request.data)
        given.is_valid(raise_exception=True)
        paper = void_paper(paper, by=acting_post(request), reason=given.validated_data["reason"])
        return Response(self.get_serializer(paper).data)


def _uuid(text: str) -> str:
    """``text`` if it is a UUID. Raises Http404: no record has another kind of id."""
    try:
        return str(serializers.UUIDField().to_internal_value(text))
    except serializers.ValidationError:
        raise Http404 from None
