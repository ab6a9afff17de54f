"""Signing in to the API."""

from copy import copy

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from childwelfare.api.bodies import Body
from childwelfare.security.sealing import blind_index
from orgs.accounts.devices import device_of
from orgs.accounts.models import ApiToken
from orgs.accounts.services import lockout_minutes, login_name
from orgs.audit.services import record_act
from orgs.posts.models import Appointment


class SignIn(Body):
    username = serializers.CharField(max_length=150, help_text="登录名")
    password = serializers.CharField(max_length=128, write_only=True, help_text="密码")
    post = serializers.UUIDField(required=False, help_text="有多个岗位时，选定的岗位 id")


class PostBrief(serializers.Serializer):
    id = serializers.UUIDField()
    role = serializers.CharField()
    unit = serializers.CharField()


class Token(serializers.Serializer):
    token = serializers.CharField()
    post = PostBrief()


class TriesOfAName(SimpleRateThrottle):
    """Tries for one name from one address: an office shares its address, and one of its programs that tries and tries
    stops nobody else. Many names from one address are counted by orgs.accounts.spraying."""

    scope = "token"

    def get_cache_key(self, request, view):
        name = login_name(str(request.data.get("username", "")) if isinstance(request.data, dict) else "")
        ident = blind_index(f"{self.get_ident(request)} {name}", "try")
        return self.cache_format % {"scope": self.scope, "ident": ident}


class TokenView(APIView):
    """POST username and password, get a token for one post; it lasts 30 days or until the post ends."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [TriesOfAName]
    permissions = {"post": "public"}

    @extend_schema(request=SignIn, responses=Token, tags=["auth"])
    def post(self, request):
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        person = authenticate(request._request, username=login_name(data["username"]), password=data["password"])
        if person is None:
            text = _("登录名或密码不对；多次输错会暂停登录 %(minutes)s 分钟。")
            return self._refused(text % {"minutes": lockout_minutes()})
        if person.must_change_password:
            return self._refused(_("请先在网页登录并修改初始密码。"))
        posts = list(Appointment.objects.current().with_unit().filter(person=person).order_by("unit__level", "pk"))
        if wanted := data.get("post"):
            posts = [post for post in posts if post.uid == wanted]
        if not posts:
            return self._refused(_("这个账号现在没有这样的岗位，请联系上级单位。"))
        if len(posts) > 1:
            offered = [brief(post) for post in posts]
            raise ValidationError({"post": [_("有多个岗位，请用 post 指明一个。")], "posts": offered})
        post = posts[0]
        key = ApiToken.objects.issue(post, device_of(request._request), person=person)
        # not of a session, but it counts: wrong tries before are forgotten, and the name is known at this address
        user_logged_in.send(sender=type(person), request=_without_session(request._request), user=person)
        record_act(post, "token", post)
        return Response({"token": key, "post": brief(post)})

    @staticmethod
    def _refused(text: str) -> Response:
        return Response({"detail": text}, status=status.HTTP_401_UNAUTHORIZED)


def _without_session(request: HttpRequest) -> HttpRequest:
    """What a sign-in tells its listeners of this request: django-axes would make a session, to remember its key."""
    told = copy(request)
    del told.session
    return told


def brief(post: Appointment) -> dict:
    return {"id": str(post.uid), "role": post.role, "unit": post.unit.path_label}
