"""Pages for who may not: the post does not see that page; the session was ended while it was used."""

import secrets
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from childwelfare.pages.errors import json_problem, wants_json
from childwelfare.pages.searched import address_without_words


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says in which post one acts, shows nothing of the page, and leaves a trace with a number to quote."""
    number = secrets.token_hex(2).upper()
    request.refusal_number = number  # type: ignore[attr-defined]  # for the trail, by the middleware
    if wants_json(request):
        return json_problem(_("您现在的岗位没有这项权限。"), 403)
    return render(request, "errors/403.html", {"number": number}, status=403)


def interrupted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """HTTP 400. Of a session that was ended elsewhere while this request changed it: to the sign-in page, which says
    so, and from there back to the page; over the API 401. Anything else as Django has it."""
    if not isinstance(exception, SessionInterrupted):
        return bad_request(request, exception)
    if wants_json(request):
        problem = json_problem(_("这次登录已在别处退出，请重新登录后再试。"), HTTPStatus.UNAUTHORIZED)
        problem["WWW-Authenticate"] = "Token"
        return problem
    asked = {"ended": "1"}
    if request.method in ("GET", "HEAD"):
        asked["next"] = address_without_words(request)
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode(asked)}")
