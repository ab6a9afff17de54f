"""Units of the tree, as far as a post sees them."""

import uuid

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action

from childwelfare.api.bodies import Body
from childwelfare.api.fields import MomentFilter
from childwelfare.pages.searched import LONGEST
from orgs.access.api.search import SearchByWords
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from orgs.units.models import OrgUnit


class UnitOut(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uid", help_text="机构标识")
    parent = serializers.UUIDField(source="parent.uid", allow_null=True, help_text="上级机构标识")
    path = serializers.CharField(source="path_label", help_text="完整路径，村名会重复")
    updated_at = serializers.DateTimeField(
        read_only=True, help_text="新设、改名或调整隶属的时刻，上级改名或调整的也算；null：有这一项以来没有变过"
    )

    succeeded_by = serializers.SerializerMethodField(help_text="已停用的：接续它的机构标识，拆分的有几个")

    class Meta:
        model = OrgUnit
        fields = [
            "id",
            "name",
            "path",
            "level",
            "code",
            "parent",
            "pilot",
            "stand_in",
            "valid_from",
            "valid_to",
            "updated_at",
            "succeeded_by",
        ]

    def get_succeeded_by(self, unit: OrgUnit) -> list[uuid.UUID]:
        return [row.successor.uid for row in unit.successions.all()]


class UnitFilter(django_filters.FilterSet):
    parent = django_filters.UUIDFilter(field_name="parent__uid", help_text="上级机构标识")
    level = django_filters.NumberFilter(help_text="层级 1 市 2 县 3 乡镇 4 村")
    code = django_filters.CharFilter(help_text="行政区划代码")
    updated_since = MomentFilter(
        method="changed", help_text="这一时刻（带时区）以后新设、改名或调整隶属的；已停用的不在其中"
    )

    class Meta:
        model = OrgUnit
        fields = ["parent", "level", "code", "updated_since"]

    def changed(self, units, _name, moment):
        return units.changed_since(moment)


class UnitWords(Body):
    name = serializers.CharField(max_length=LONGEST, help_text="名称开头")


@extend_schema(tags=["units"])
class UnitViewSet(VisibleRecords, SearchByWords, viewsets.ReadOnlyModelViewSet):
    """The units of one's own subtree."""

    queryset = OrgUnit.objects.none()
    serializer_class = UnitOut
    filterset_class = UnitFilter
    walked_by = "id"
    words = UnitWords
    lookup_field = "uid"
    lookup_url_kwarg = "id"
    permissions = {"list": "view_unit", "search": "view_unit", "retrieve": "view_unit"}
    reads = {"list": NO_CHILD, "search": NO_CHILD, "retrieve": NO_CHILD}

    def visible_records(self):
        visible = OrgUnit.objects.visible_to(acting_post(self.request), "view_unit")
        units = visible.with_path().select_related("parent").prefetch_related("successions__successor")
        # a closed one is told of who asks for it by its key, so that what took over is found
        units = units if self.action == "retrieve" else units.current()
        return units.order_by("level", "code", "pk")

    def by_words(self, records, **words):
        return records.filter(name__startswith=words["name"])

    @extend_schema(request=UnitWords, responses=UnitOut(many=True), filters=True)
    @action(detail=False, methods=["post"])
    def search(self, request):
        """Find units: what is searched for in the body, filters and pages in the address, answered as the list."""
        return self.found(request)
