"""The 403 page: this post does not see that page."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says in which post one acts, shows nothing of the page, and leaves a trace with a number to quote."""
    number = secrets.token_hex(2).upper()
    request.refusal_number = number  # type: ignore[attr-defined]  # for the trail, by the middleware
    if wants_json(request):
        return json_problem(_("您现在的岗位没有这项权限。"), 403)
    return render(request, "errors/403.html", {"number": number}, status=403)
