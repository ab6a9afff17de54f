"""Ledger templates over the API: the declared ones and one's own, by the same services as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import PrintedText
from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import NO_CHILD
from reports.indicators.templates import MOST_COLUMNS
from reports.ledgers.models import TITLE_LONGEST, OwnTemplate
from reports.ledgers.services import end_template, own_templates, save_template, templates_at


class TemplateOut(serializers.Serializer):
    key = serializers.CharField(help_text="表样标识；自定的以 own- 开头")
    label = serializers.CharField()
    title = serializers.CharField(help_text="表名")
    version = serializers.IntegerField()
    hash = serializers.CharField(help_text="标识、版本、栏目和口径的 SHA-256")
    columns = serializers.ListField(child=serializers.CharField(), help_text="指标，按先后")
    checks = serializers.SerializerMethodField(help_text="表内关系")

    def get_checks(self, template) -> list[str]:
        return [str(check.words) for check in template.checks]


class TemplateIn(Body):
    title = PrintedText(max_length=TITLE_LONGEST, help_text="表名")
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=MOST_COLUMNS, help_text="指标标识，按先后"
    )


class TemplateSeen(Body):
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="读到的版本；期间有变化则得到 409")


class TemplateChange(TemplateIn, TemplateSeen):
    pass


SERIES = OpenApiParameter("series", str, OpenApiParameter.PATH, description="自定表样的标识，不带 own-")


@extend_schema(tags=["figures"])
class LedgerTemplateViewSet(KnownParameters, viewsets.GenericViewSet):
    """Which columns a sheet has; all print the same reported figures."""

    queryset = OwnTemplate.objects.none()
    serializer_class = TemplateOut
    pagination_class = None
    filter_backends = ()
    lookup_field = "series"
    lookup_value_regex = "[0-9a-f-]{36}"
    permissions = dict.fromkeys(("list", "create", "revise", "end"), "export_figures")
    reads = {"list": NO_CHILD}

    @extend_schema(summary="可用的台账表样", responses=TemplateOut(many=True))
    def list(self, request):
        found = templates_at(acting_post(request).unit)
        return Response(TemplateOut(list(found.values()), many=True).data)

    @extend_schema(summary="自定一张台账（县、市）", request=TemplateIn, responses={201: TemplateOut})
    def create(self, request):
        given = TemplateIn(data=request.data)
        given.is_valid(raise_exception=True)
        saved = save_template(by=acting_post(request), **given.validated_data)
        return Response(TemplateOut(saved.template).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="改栏目，成为下一版", request=TemplateChange, responses=TemplateOut, parameters=[SERIES])
    @action(detail=True, methods=["post"])
    def revise(self, request, series=None):
        own, given = self._own(), TemplateChange(data=request.data)
        given.is_valid(raise_exception=True)
        facts = dict(given.validated_data)
        seen = facts.pop("version")
        saved = save_template(by=acting_post(request), series=own.series, seen_version=seen, **facts)
        return Response(TemplateOut(saved.template).data)

    @extend_schema(summary="停用自定的表样", request=TemplateSeen, responses=TemplateOut, parameters=[SERIES])
    @action(detail=True, methods=["post"])
    def end(self, request, series=None):
        own, given = self._own(), TemplateSeen(data=request.data)
        given.is_valid(raise_exception=True)
        ended = end_template(own.series, by=acting_post(request), seen_version=given.validated_data["version"])
        return Response(TemplateOut(ended.template).data)

    def _own(self) -> OwnTemplate:
        own: OwnTemplate = get_object_or_404(own_templates(acting_post(self.request)), series=self.kwargs["series"])
        return own
