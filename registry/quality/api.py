"""Data quality over the API: the numbers of the page."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from childwelfare.api.parameters import KnownParameters
from orgs.access.api.viewsets import acting_post
from orgs.access.declarations import NUMBERS
from registry.quality.numbers import asked_unit, numbers_of
from registry.quality.rule import RuleKind
from registry.quality.rules import COMPLETE, SECTIONS, label_of_key


class UnitNumbers(serializers.Serializer):
    """One unit; each number is the length of ``/children/?issue=<name>&unit=<unit>``, ``files`` all in the registry."""

    unit = serializers.UUIDField(source="unit.uid", help_text="机构标识")
    name = serializers.CharField(source="unit.name", help_text="机构名称")
    level = serializers.IntegerField(source="unit.level", help_text="层级 1 市 2 县 3 乡镇 4 村")
    files = serializers.IntegerField(help_text="在册档案数")
    complete = serializers.SerializerMethodField(help_text="不缺项的档案数")
    missing = serializers.SerializerMethodField(help_text="有缺项的档案数")
    contradiction = serializers.SerializerMethodField(help_text="有前后矛盾的档案数")
    stale = serializers.SerializerMethodField(help_text="久未更新的档案数")

    def get_complete(self, numbers) -> int:
        return numbers[COMPLETE]

    def get_missing(self, numbers) -> int:
        return numbers[RuleKind.MISSING]

    def get_contradiction(self, numbers) -> int:
        return numbers[RuleKind.CONTRADICTION]

    def get_stale(self, numbers) -> int:
        return numbers[RuleKind.STALE]


class IssueNumber(serializers.Serializer):
    issue = serializers.CharField(help_text="规则，或 栏目:类型；可作 /children/?issue= 的值")
    section = serializers.ChoiceField(choices=list(SECTIONS.items()))
    kind = serializers.ChoiceField(choices=RuleKind.choices)
    label = serializers.CharField(help_text="说明")
    files = serializers.IntegerField(help_text="档案数")
    source = serializers.CharField(help_text="依据；栏目合计为空")


@extend_schema_serializer(many=False)
class QualityOut(UnitNumbers):
    issues = IssueNumber(many=True, help_text="各栏目合计和各条规则，没有档案的略去")
    below = UnitNumbers(many=True, help_text="下一级各单位")


@extend_schema(tags=["quality"])
class QualityViewSet(KnownParameters, viewsets.GenericViewSet):
    """How many files lack something, contradict themselves or are stale, by unit, section and rule."""

    serializer_class = QualityOut
    filter_backends = ()
    pagination_class = None
    permissions = {"list": "view_figures"}
    reads = {"list": NUMBERS}
    parameters = {"list": ("unit",)}

    @extend_schema(
        summary="一个单位及其下一级的数据质量",
        parameters=[OpenApiParameter("unit", str, description="机构标识，不填为本单位")],
        responses=QualityOut,
    )
    def list(self, request):
        post, uid = acting_post(request), request.query_params.get("unit", "")
        own, below = numbers_of(asked_unit(post, uid) if uid else post.unit)
        numbers = UnitNumbers(own).data
        return Response(numbers | {"issues": _issues(own), "below": UnitNumbers(below, many=True).data})


def _issues(numbers) -> list[dict]:
    rows = []
    for section, _title, kinds, rules in numbers.sections():
        rows += [_issue(f"{section}:{kind}", section, kind, n, "") for kind, n in kinds.items() if n]
        rows += [_issue(rule.key, section, rule.kind, n, str(rule.source)) for rule, n in rules]
    return rows


def _issue(key: str, section: str, kind: str, files: int, source: str) -> dict:
    row = {"issue": key, "section": section, "kind": kind, "label": label_of_key(key), "files": files}
    return IssueNumber(row | {"source": source}).data
