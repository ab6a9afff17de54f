"""The assessment system over the API: the same services, rules and permissions as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from childwelfare.api.bodies import Body, refuse_body
from childwelfare.api.fields import CleanChoice, CleanText, LooseDate, PrintedText
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Recall, actions_of
from orgs.access.declarations import NO_CHILD
from registry.instruments import services
from registry.instruments.api_tried_out import TryOutOut
from registry.instruments.definition import Definition
from registry.instruments.definition_body import DefinitionBody
from registry.instruments.example import EXAMPLE, EXAMPLE_NAME
from registry.instruments.models import Instrument, InstrumentState
from registry.instruments.problems import problems_of
from registry.instruments.try_out import newest_try_out
from registry.instruments.workflow import INSTRUMENT

WRITE, READ = "manage_instruments", "view_instruments"


class DraftIn(Body):
    id = serializers.UUIDField(required=False, help_text="由客户端生成；重复发送得到同一份草稿")
    begin_with = CleanChoice(
        choices=(services.FROM_EXAMPLE, services.FROM_LAST),
        required=False,
        default=services.FROM_EXAMPLE,
        help_text="example 从示例开始；last 从最近发布的一版开始",
    )


class SaveIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    name = PrintedText(max_length=services.NAME_LONGEST, help_text="名称")
    definition = DefinitionBody(help_text="评估体系的全部内容；整份替换")


class PublishIn(Body):
    version = serializers.IntegerField(help_text="读到的版本号；期间有变化则得到 409")
    since = LooseDate(help_text="启用日期，最早明天")
    document = CleanText(max_length=60, help_text="文号或文件名称")
    finish_under_old = serializers.BooleanField(
        required=False, default=False, help_text="旧版下在办的评估按旧版办完；不选而有在办的，得到 422"
    )


class ProblemOut(serializers.Serializer):
    path = serializers.ListField(child=serializers.JSONField(), help_text="在 definition 里的位置")
    place = serializers.CharField(help_text="位置，用文字说")
    text = serializers.CharField(help_text="什么不对、怎么改")


class InstrumentOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid")
    in_force = serializers.BooleanField(source="is_in_force", help_text="今天按它评估")
    made_by = serializers.CharField(source="made_by.name")
    actions = serializers.SerializerMethodField(help_text="读者现在可以做的")

    class Meta:
        model = Instrument
        fields = [
            "id",
            "unit",
            "number",
            "name",
            "document",
            "since",
            "until",
            "state",
            "in_force",
            "version",
            "made_by",
            "made_at",
            "actions",
        ]

    def get_actions(self, instrument) -> list[str]:
        return actions_of(INSTRUMENT, instrument, self.context)


class InstrumentWithContent(InstrumentOut):
    definition = DefinitionBody()
    problems = serializers.SerializerMethodField(help_text="草稿还要改的地方；发布前都要改好")

    class Meta(InstrumentOut.Meta):
        fields = [*InstrumentOut.Meta.fields, "definition", "problems"]

    @extend_schema_field(ProblemOut(many=True))
    def get_problems(self, instrument) -> list:
        if instrument.state != InstrumentState.DRAFT:
            return []
        return list(ProblemOut(problems_of(instrument.content), many=True).data)


SAVE_EXAMPLE = OpenApiExample(
    "示例评估体系",
    value={"version": 1, "name": EXAMPLE_NAME, "definition": EXAMPLE.as_json()},
    request_only=True,
)
PUBLISH_EXAMPLE = OpenApiExample(
    "从下个月起启用",
    value={"version": 3, "since": "2031-02-01", "document": "郑民〔2031〕3号", "finish_under_old": True},
    request_only=True,
)


@extend_schema(tags=["instruments"])
class InstrumentViewSet(VisibleRecords, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Versions of the assessment system: the published ones for all, drafts for who writes them."""

    queryset = Instrument.objects.none()
    serializer_class = InstrumentOut
    lookup_url_kwarg = "id"
    permissions = {
        "list": READ,
        "retrieve": READ,
        "in_force": READ,
        "create": WRITE,
        "update": WRITE,
        "try_out": WRITE,
        "tried_out": READ,
        **{name: INSTRUMENT.permissions(name) for name in INSTRUMENT.transitions},
    }
    reads = dict.fromkeys(("list", "retrieve", "in_force", "tried_out"), NO_CHILD)

    def visible_records(self):
        records = Instrument.objects.readable_by(acting_post(self.request))
        return records.select_related("unit", "made_by").distinct().order_by("-made_at", "-id")

    def get_object(self):
        """What may be read is said by ``readable_by``: also the version of a unit above, on which nobody below holds a
        permission. To write it one is asked for."""
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])
        if self.action not in self.reads:
            self.check_object_permissions(self.request, found)
        return found

    def answer(self, instrument, **given):
        content = InstrumentWithContent(instrument, context=self.get_serializer_context())
        return Response(content.data, **given)

    @extend_schema(summary="一版评估体系的全部内容", responses=InstrumentWithContent)
    def retrieve(self, request, *args, **kwargs):
        return self.answer(self.get_object())

    @extend_schema(summary="今天按哪一版评估", responses=InstrumentWithContent)
    @action(detail=False, url_path="in-force", pagination_class=None, filter_backends=())
    def in_force(self, request):
        return self.answer(get_object_or_404(self.visible_records().in_force().order_by("unit__level")[:1]))

    @extend_schema(summary="起草新版", request=DraftIn, responses={201: InstrumentWithContent})
    def create(self, request):
        given = self.read(DraftIn)
        pk = given.pop("id", None)
        instrument = services.draft_instrument(by=acting_post(request), pk=pk, **given)
        return self.answer(instrument, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="保存草稿", request=SaveIn, responses=InstrumentWithContent, examples=[SAVE_EXAMPLE],
    )  # fmt: skip
    def update(self, request, id=None):
        instrument, given = self.get_object(), self.read(SaveIn)
        definition = Definition.from_json(given["definition"])
        services.save_draft(
            instrument, by=acting_post(request), seen_version=given["version"], name=given["name"],
            definition=definition,
        )  # fmt: skip
        return self.answer(instrument)

    @extend_schema(summary="发布", request=PublishIn, responses=InstrumentWithContent, examples=[PUBLISH_EXAMPLE])
    @action(detail=True, methods=["post"])
    def publish(self, request, id=None):
        instrument, given = self.get_object(), self.read(PublishIn)
        version = given.pop("version")
        services.publish(instrument, by=acting_post(request), seen_version=version, **given)
        return self.answer(instrument)

    @extend_schema(summary="作废草稿", request=Recall, responses=InstrumentWithContent)
    @action(detail=True, methods=["post"])
    def discard(self, request, id=None):
        instrument, given = self.get_object(), self.read(Recall)
        services.discard(instrument, by=acting_post(request), seen_version=given["version"])
        return self.answer(instrument)

    @extend_schema(summary="试算草稿", request=None, responses={202: TryOutOut})
    @action(detail=True, methods=["post"], url_path="try-out")
    def try_out(self, request, id=None):
        instrument = self.get_object()
        refuse_body(request)
        begun = services.try_out(instrument, by=acting_post(request))
        return Response(TryOutOut(begun, context=self.within_reach()).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(summary="试算的结果，限读者管辖的单位", responses=TryOutOut)
    @try_out.mapping.get
    def tried_out(self, request, id=None):
        found = newest_try_out(self.get_object())
        if found is None:
            raise NotFound
        return Response(TryOutOut(found, context=self.within_reach()).data)

    def within_reach(self) -> dict:
        return {**self.get_serializer_context(), "unit": acting_post(self.request).unit}

    def read(self, serializer_class) -> dict:
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)
