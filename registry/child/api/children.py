"""Children's files over the API: the same services, rules and permissions as the pages."""

import django_filters
from django.db.models import Q
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body
from childwelfare.api.fields import MomentFilter
from childwelfare.pages.searched import LONGEST
from orgs.access.api.search import SearchByWords
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.api.workflow import Decision, Moves, Recall
from orgs.access.declarations import Reads
from orgs.units.models import Level, OrgUnit
from registry.child.api.fields import read_field
from registry.child.api.serializers import ChildDetailOut, ChildIn, ChildOut, PatchIn
from registry.child.models import ChildFile
from registry.child.services.files import complete_file, make_file, recall_file
from registry.child.services.write_fields import patch_file
from registry.child.workflow import FILE
from registry.closing.api import CloseIn, ReopenIn, UndoIn
from registry.closing.services import UNDONE_BY, close_file, reopen_file, undo_act
from registry.lists.filters import FILTERS, read_filters
from registry.lists.search import in_county_of
from registry.lists.search import search as find_files
from registry.stays.api import StayIn, StayOut
from registry.stays.services import begin_stay
from registry.transfers.api import TransferIn, TransferOut
from registry.transfers.services import ask_transfer
from registry.twins.api import NotTheSameIn, NotTheSameOut, TakeBackIn, TakenBackOut, TwinsOut
from registry.twins.presentation import elsewhere_lines
from registry.twins.readings import TWINS_READ, note_twins
from registry.twins.services import SAYS, say_not_the_same, take_back_not_the_same, twins_of_file


def _as_parameter(declared):
    """A declared filter as a parameter of the address; fixed choices are checked."""
    said = {"method": "by_declared", "label": declared.label, "help_text": declared.label}
    if declared.kind == "choice" and declared.read is None:
        choices = lambda: list(declared.choices(None, {}))  # noqa: E731 (asked anew in each language)
        return django_filters.ChoiceFilter(declared.name, choices=choices, **said)
    return django_filters.CharFilter(declared.name, **said)


class ChildFilter(django_filters.FilterSet):
    """Every declared filter (registry.lists.filters) by its name."""

    updated_since = MomentFilter(
        method="changed",
        help_text="这一时刻（带时区）以后改动过的，也就是 updated_at 不早于它的：档案各项、类别、照看人和家庭成员，"
        "以及所在村（居）或其上级改名、调整隶属（place 随之变化）。转走、并入别处、离开本辖区的不在其中",
    )

    class Meta:
        model = ChildFile
        fields = ["updated_since"]

    @classmethod
    def get_filters(cls):
        return super().get_filters() | {each.name: _as_parameter(each) for each in FILTERS.values()}

    @property
    def post(self):
        return acting_post(self.request)

    def changed(self, files, _name, moment):
        """As ``LastChange`` shows it."""
        villages = OrgUnit.objects.visible_to(self.post, "view_unit").filter(level=Level.VILLAGE)
        villages = list(villages.changed_since(moment).values_list("pk", flat=True))
        changed = Q(updated_at__gte=moment)
        return files.filter(changed | Q(village__in=villages) if villages else changed)

    def by_declared(self, files, name, value: str):
        narrowing = read_filters(self.post, {name: value})
        if narrowing.untold:
            raise ValidationError({name: narrowing.untold})
        if not narrowing.chosen:  # not open to who sees masked rows
            raise PermissionDenied
        return narrowing.apply(files)


class ChildWords(Body):
    search = serializers.CharField(
        max_length=LONGEST,
        help_text="姓名、拼音、首字母、档案号、照看人；证件号或电话（全号或后 4 至 8 位）",
    )


EXAMPLE = OpenApiExample(
    "留守儿童",
    value={
        "village": "00000000-0000-0000-0000-000000000000",
        "name": "张三",
        "id_number": "410199201806170047",
        "categories": [{"category": "left_behind", "since": "2026-03-01"}],
        "guardian": {"name": "李桂英", "relation": "paternal_grandmother", "phone": "13800001234"},
    },
    request_only=True,
)


# by who keeps the file, and by who has the child staying
READ_ONE_BY_ONE = ("retrieve", "twins", "not_the_same", "take_back_not_the_same")


@extend_schema(tags=["children"])
class ChildViewSet(
    VisibleRecords,
    SearchByWords,
    Moves,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet,
):
    """Files within one's scope."""

    queryset = ChildFile.objects.none()
    serializer_class = ChildDetailOut
    filterset_class = ChildFilter
    walked_by = "id"
    words = ChildWords
    lookup_url_kwarg = "id"
    workflow = FILE
    permissions = {
        "list": ("view_child", "list_masked"),
        "search": ("view_child", "list_masked"),
        "retrieve": "view_child",
        "create": "create_child",
        "update": "create_child",
        "partial_update": "create_child",
        "submit": FILE.permissions("submit"),
        "approve": FILE.permissions("approve"),
        "send_back": FILE.permissions("return"),
        "recall": FILE.permissions("recall"),
        "transfer": "transfer_child",
        "stay": "stay_child",
        "close": FILE.permissions("close"),
        "reopen": FILE.permissions("reopen"),
        "undo": UNDONE_BY,
        "twins": "view_child",
        "not_the_same": SAYS,
        "take_back_not_the_same": SAYS,
    }
    reads = {"list": "read_list", "search": "read_list", "retrieve": "view_file", "twins": Reads(TWINS_READ)}

    def visible_records(self):
        post = acting_post(self.request)
        named = post.holds("view_child")
        if self.action in READ_ONE_BY_ONE:
            files = ChildFile.objects.open_to(post, "view_child")
        else:
            files = ChildFile.objects.visible_to(post, "view_child" if named else "list_masked")
        files = files if named else files.in_registry()
        return (
            files.select_related("village__city", "village__county", "village__township", "made_in__unit")
            .prefetch_related("events__post__unit")
            .newest_first()
        )

    def get_serializer_class(self):
        return ChildOut if self.action in ("list", "search") else ChildDetailOut

    def get_object(self):
        """Read by who keeps the file or has the child staying (``open_to``); everything else is asked at its place."""
        if self.action in READ_ONE_BY_ONE:
            return get_object_or_404(self.get_queryset(), pk=self.kwargs["id"])
        return super().get_object()

    def by_words(self, records, **words):
        """As on the page. A masked list is not searched: a hit would tell the name that the mask hides."""
        post = acting_post(self.request)
        return find_files(in_county_of(records, post), words["search"]) if post.holds("view_child") else records.none()

    @extend_schema(request=ChildWords, responses=ChildOut(many=True), filters=True)
    @action(detail=False, methods=["post"])
    def search(self, request):
        """Find children: what is searched for in the body, filters and pages in the address, answered as the list."""
        return self.found(request)

    @extend_schema(request=ChildIn, responses={201: ChildDetailOut}, examples=[EXAMPLE])
    def create(self, request, *args, **kwargs):
        given = ChildIn(data=request.data)
        given.is_valid(raise_exception=True)
        post, data = acting_post(request), given.validated_data
        village = get_object_or_404(
            OrgUnit.objects.visible_to(post, "create_child").filter(level=4), uid=data["village"]
        )
        file = make_file(by=post, village=village, pk=data.get("id"), **given.service_arguments())
        return Response(self.get_serializer(file).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChildIn, responses=ChildDetailOut)
    def update(self, request, *args, **kwargs):
        """PUT: complete a draft or returned file; ``version`` as read."""
        file = self.get_object()
        given = ChildIn(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data.get("version", 0)
        file = complete_file(file, by=acting_post(request), seen_version=version, **given.service_arguments())
        return Response(self.get_serializer(file).data)

    @extend_schema(request=PatchIn, responses=ChildDetailOut)
    def partial_update(self, request, *args, **kwargs):
        """PATCH: write only what is sent into a draft or returned file, by flat field names; ``version`` as read."""
        file = self.get_object()
        given = PatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        values = {name: read_field(name, value) for name, value in data["fields"].items()}
        file = patch_file(file, by=acting_post(request), seen_version=data["version"], values=values)
        return Response(self.get_serializer(file).data)

    @extend_schema(request=Decision, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def submit(self, request, id=None):
        return self.move(request, "submit")

    @extend_schema(request=Decision, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def approve(self, request, id=None):
        return self.move(request, "approve")

    @extend_schema(request=Decision, responses=ChildDetailOut)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, id=None):
        return self.move(request, "return")

    @extend_schema(request=Recall, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def recall(self, request, id=None):
        """撤回本人建的、还没有审核的档案，改好再送。"""
        return self.take_back(request, recall_file)

    @extend_schema(request=CloseIn, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def close(self, request, id=None):
        data = self._read(CloseIn, request)
        file = close_file(self.get_object(), by=acting_post(request), seen_version=data.pop("version"), **data)
        return Response(self.get_serializer(file).data)

    @extend_schema(request=ReopenIn, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, id=None):
        data = self._read(ReopenIn, request)
        file = reopen_file(
            self.get_object(),
            by=acting_post(request),
            seen_version=data["version"],
            reason=data["reason"],
            categories={each["category"]: dict(each) for each in data["categories"]},
        )
        return Response(self.get_serializer(file).data)

    @extend_schema(request=UndoIn, responses=ChildDetailOut)
    @action(detail=True, methods=["post"])
    def undo(self, request, id=None):
        """撤销自己刚才的结案或重新在册（15 分钟内）。"""
        data = self._read(UndoIn, request)
        file = undo_act(self.get_object(), by=acting_post(request), seen_version=data["version"])
        return Response(self.get_serializer(file).data)

    @extend_schema(request=TransferIn, responses={201: TransferOut})
    @action(detail=True, methods=["post"])
    def transfer(self, request, id=None):
        """Ask another village to take the child over; within one township it moves at once."""
        file, data = self.get_object(), self._read(TransferIn, request)
        target = OrgUnit.objects.filter(uid=data["village"]).with_path().first()
        transfer = ask_transfer(
            file,
            by=acting_post(request),
            target=target,
            reason=data["reason"],
            seen_version=data["version"],
            pk=data.get("id"),
        )
        shown = TransferOut(transfer, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @extend_schema(request=StayIn, responses={201: StayOut})
    @action(detail=True, methods=["post"])
    def stay(self, request, id=None):
        """Let the child live elsewhere for a while: from then on the host village visits."""
        file, data = self.get_object(), self._read(StayIn, request)
        village = OrgUnit.objects.filter(uid=data.pop("village")).with_path().first()
        pk, version = data.pop("id", None), data.pop("version")
        stay = begin_stay(file, by=acting_post(request), village=village, seen_version=version, pk=pk, **data)
        shown = StayOut(stay, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=TwinsOut)
    @action(detail=True)
    def twins(self, request, id=None):
        """Files that may be of the same child: those that the post may open, of the others only whom to ask."""
        file, post = self.get_object(), acting_post(request)
        twins = twins_of_file(file, post)
        note_twins(request, twins, where="api")
        return Response(TwinsOut({"named": twins.named, "elsewhere": elsewhere_lines(twins, file.village)}).data)

    @extend_schema(request=NotTheSameIn, responses={201: NotTheSameOut})
    @action(detail=True, methods=["post"], url_path="not-the-same")
    def not_the_same(self, request, id=None):
        """Say that another file is of another child; said before, the first word stands."""
        file, data = self.get_object(), self._read(NotTheSameIn, request)
        other = get_object_or_404(self.get_queryset(), pk=data["other"])
        said = say_not_the_same(file, other, by=acting_post(request), reason=data["reason"])
        return Response(NotTheSameOut(said).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=TakeBackIn, responses=TakenBackOut)
    @action(detail=True, methods=["post"], url_path="not-the-same/take-back")
    def take_back_not_the_same(self, request, id=None):
        """The word that another file is of another child no longer stands: by who said it within 15 minutes, by a
        county at any time."""
        file, data = self.get_object(), self._read(TakeBackIn, request)
        other = get_object_or_404(self.get_queryset(), pk=data["other"])
        taken = take_back_not_the_same(file, other, by=acting_post(request), reason=data["reason"])
        return Response(TakenBackOut(taken).data)

    def _read(self, form, request) -> dict:
        self.get_object()  # whether it is there comes before whether the body is right
        given = form(data=request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)
