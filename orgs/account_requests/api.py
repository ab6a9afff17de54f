"""Posts and passwords over the API: the same services, rules and permissions as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from childwelfare.api.bodies import Body, refuse_body
from childwelfare.api.fields import CleanText
from childwelfare.text.cleaning import check_name, check_phone
from orgs.access.api.viewsets import VisibleRecords, acting_post
from orgs.access.declarations import NO_CHILD
from orgs.account_requests import services
from orgs.account_requests.models import AccountRequest
from orgs.account_requests.services import Outcome, own_requests
from orgs.posts.models import Appointment, Role
from orgs.units.models import OrgUnit


class PostAsked(Body):
    unit = serializers.UUIDField(help_text="机构标识")
    role = serializers.ChoiceField(Role.choices, help_text="岗位")
    username = serializers.RegexField(r"^[A-Za-z0-9_.\-]{3,30}$", help_text="登录名")
    name = CleanText(max_length=50, help_text="姓名")
    phone = CleanText(max_length=20, required=False, allow_blank=True, default="", help_text="工作电话")
    document = CleanText(max_length=60, required=False, allow_blank=True, default="", help_text="任免文号")

    def validate_name(self, name):
        return check_name(name)

    def validate_phone(self, phone):
        return check_phone(phone)


class PasswordAsked(Body):
    post = serializers.UUIDField(help_text="这个人的一个岗位的标识")


class Reason(Body):
    reason = CleanText(max_length=200, help_text="原因")


class AccountRequestOut(serializers.ModelSerializer):
    unit = serializers.UUIDField(source="unit.uid")
    place = serializers.CharField(source="unit.path_label")
    asked_by = serializers.CharField(source="asked_by.person.name")
    status = serializers.CharField(source="state_label", help_text="状态的文字，过期的也写明")

    class Meta:
        model = AccountRequest
        fields = [
            "id", "kind", "status", "unit", "place", "role", "username", "name", "document", "asked_by", "asked_at",
            "ends_at", "decided_at", "reason",
        ]  # fmt: skip


class OutcomeOut(AccountRequestOut):
    password = serializers.SerializerMethodField(help_text="一次性密码，只在这一次给出；没有则为空")

    class Meta(AccountRequestOut.Meta):
        fields = [*AccountRequestOut.Meta.fields, "password"]

    def get_password(self, _request) -> str:
        return self.context["password"]


@extend_schema(tags=["accounts"])
class AccountRequestViewSet(VisibleRecords, mixins.ListModelMixin, viewsets.GenericViewSet):
    """What administrators asked for accounts: a post, a new password; and what one is offered oneself."""

    queryset = AccountRequest.objects.none()
    serializer_class = AccountRequestOut
    lookup_url_kwarg = "id"
    permissions = {
        "list": "manage_posts",
        "create": "manage_posts",
        "ask_password": "manage_posts",
        "confirm": "manage_posts",
        "refuse": "manage_posts",
        "withdraw": "manage_posts",
        "mine": "view_unit",
        "accept": "view_unit",
        "decline": "view_unit",
    }
    reads = {"list": NO_CHILD, "mine": NO_CHILD}

    def visible_records(self):
        found = AccountRequest.objects.visible_to(acting_post(self.request), "manage_posts")
        return found.with_words().order_by("-asked_at", "pk")

    @extend_schema(request=PostAsked, responses={201: OutcomeOut})
    def create(self, request):
        """A post for an account: takes effect, waits for a second administrator, or is offered to the owner."""
        asked = PostAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        by, given = acting_post(request), dict(asked.validated_data)
        unit = get_object_or_404(OrgUnit.objects.visible_to(by, "manage_posts"), uid=given.pop("unit"))
        return self._told(services.ask_post(by=by, unit=unit, **given), status.HTTP_201_CREATED)

    @extend_schema(request=PasswordAsked, responses={201: OutcomeOut})
    @action(detail=False, methods=["post"], url_path="password")
    def ask_password(self, request):
        """A one-time password for somebody all of whose posts are in reach."""
        asked = PasswordAsked(data=request.data)
        asked.is_valid(raise_exception=True)
        by = acting_post(request)
        posts = Appointment.objects.visible_to(by, "manage_posts").current().with_unit()
        post = get_object_or_404(posts, uid=asked.validated_data["post"])
        return self._told(services.ask_password(post, by=by), status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=OutcomeOut)
    @action(detail=True, methods=["post"])
    def confirm(self, request, id=None):
        """The second administrator's yes."""
        key = self._managed(id)
        refuse_body(request)
        return self._told(services.confirm(key, by=acting_post(request)))

    @extend_schema(request=Reason, responses=AccountRequestOut)
    @action(detail=True, methods=["post"])
    def refuse(self, request, id=None):
        """The second administrator's no."""
        key = self._managed(id)
        return self._shown(services.refuse(key, by=acting_post(request), reason=self._reason(request)))

    @extend_schema(request=None, responses=AccountRequestOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, id=None):
        key = self._managed(id)
        refuse_body(request)
        return self._shown(services.withdraw(key, by=acting_post(request)))

    @extend_schema(responses=AccountRequestOut(many=True))
    @action(detail=False, methods=["get"], pagination_class=None)
    def mine(self, request):
        """The latest that was asked for one's own account."""
        return Response(self.get_serializer(own_requests(request.user)[:50], many=True).data)

    @extend_schema(request=None, responses=AccountRequestOut)
    @action(detail=True, methods=["post"])
    def accept(self, request, id=None):
        """Take the post that was offered."""
        key = self._own(request, id)
        refuse_body(request)
        return self._shown(services.accept(key, person=request.user))

    @extend_schema(request=Reason, responses=AccountRequestOut)
    @action(detail=True, methods=["post"])
    def decline(self, request, id=None):
        """Decline the post that was offered."""
        key = self._own(request, id)
        return self._shown(services.decline(key, person=request.user, reason=self._reason(request)))

    def _managed(self, key):
        return get_object_or_404(self.get_queryset(), pk=key).pk

    @staticmethod
    def _own(request, key):
        return get_object_or_404(own_requests(request.user), pk=key).pk

    @staticmethod
    def _reason(request) -> str:
        given = Reason(data=request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data["reason"]

    def _told(self, outcome: Outcome, code: int = status.HTTP_200_OK) -> Response:
        context = {**self.get_serializer_context(), "password": outcome.password}
        return Response(OutcomeOut(outcome.request, context=context).data, status=code)

    def _shown(self, record: AccountRequest) -> Response:
        return Response(self.get_serializer(record).data)
