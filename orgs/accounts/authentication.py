"""Who asks the API, in which post: a token names both, a browser's session brings the post it acts in. Neither lets
anybody in who has still to change a password that others set."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header

from orgs.accounts.models import ApiToken, Person


class PostTokenAuthentication(BaseAuthentication):
    """``Authorization: Token …``. Sets ``request.post`` on the Django request as well."""

    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"token":
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("令牌格式不对，应为“Authorization: Token …”。"))
        token = ApiToken.objects.live(parts[1].decode("latin-1"))
        if token is None or not token.post.person.is_active or not token.post.is_current():
            raise exceptions.AuthenticationFailed(_("令牌无效、已过期，或岗位已离任。请重新登录获取。"))
        demand_own_password(token.post.person)
        ApiToken.objects.note_use(token)
        request._request.post = token.post
        token.post.person.acting_post = token.post
        return token.post.person, token

    def authenticate_header(self, request):
        return "Token"


class PersonSessionAuthentication(SessionAuthentication):
    """The browser's session, also of a person without a post; CSRF is checked."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found:
            demand_own_password(found[0])
        return found


class PostSessionAuthentication(PersonSessionAuthentication):
    """The browser's session, with the post chosen there."""

    def authenticate(self, request):
        if getattr(request._request, "post", None) is None:
            return None
        return super().authenticate(request)


def demand_own_password(person: Person) -> None:
    """Raises PermissionDenied (403) for a password that is known to whoever set it."""
    if person.must_change_password:
        raise exceptions.PermissionDenied(_("请先在网页登录并修改初始密码。"))


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = PostTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <token>"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class: type[SessionAuthentication] = PostSessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class PersonSessionScheme(SessionScheme):
    target_class = PersonSessionAuthentication
    name = "session_without_post"
