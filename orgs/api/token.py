"""Signing in to the API."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from orgs.models import ApiToken, Appointment
from orgs.services.audit import record_act


class SignIn(serializers.Serializer):
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


class TokenView(APIView):
    """POST username and password, get a token for one post; it lasts 30 days or until the post ends."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [AnonRateThrottle]
    permissions = {"post": "public"}

    @extend_schema(request=SignIn, responses=Token, tags=["auth"])
    def post(self, request):
        given = SignIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        person = authenticate(request._request, username=data["username"], password=data["password"])
        if person is None:
            raise AuthenticationFailed(_("登录名或密码不对；多次输错会暂停登录 15 分钟。"))
        if person.must_change_password:
            raise AuthenticationFailed(_("请先在网页登录并修改初始密码。"))
        post = self._post(person, data.get("post"))
        key = ApiToken.objects.issue(post)
        record_act(post, "token", post)
        return Response({"token": key, "post": brief(post)})

    @staticmethod
    def _post(person, wanted) -> Appointment:
        posts = list(Appointment.objects.current().with_unit().filter(person=person).order_by("unit__level", "pk"))
        chosen = [post for post in posts if post.uid == wanted] if wanted else posts
        if not chosen:
            raise AuthenticationFailed(_("这个账号现在没有岗位，请联系上级单位。"))
        if len(chosen) > 1:
            raise ValidationError(
                {"post": [_("有多个岗位，请用 post 指明一个。")], "posts": [brief(p) for p in chosen]}
            )
        return chosen[0]


def brief(post: Appointment) -> dict:
    return {"id": str(post.uid), "role": post.role, "unit": post.unit.path_label}
