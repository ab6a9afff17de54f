"""NUL, which no text column of PostgreSQL takes: refused in an address, taken out of what a page's form sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json

NUL = "\x00"


class WithoutNul:
    """Nobody types it: in an address a program sent it, which is told so (400); into a form it came by the clipboard,
    and the text is taken without it. What the API is sent goes through serializers, which refuse it by field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or _has_nul(request.GET):
            if wants_json(request):
                return json_problem(_("地址里有不能识别的字符（NUL）。"), 400)
            return render(request, "errors/404.html", status=400)
        if request.method == "POST" and not wants_json(request) and _has_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]  # what Django itself does with it
        return self.get_response(request)


def _has_nul(given: QueryDict) -> bool:
    return any(NUL in text for name, values in given.lists() for text in (name, *map(str, values)))


def _without_nul(given: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        cleaned.setlist(name.replace(NUL, ""), [str(value).replace(NUL, "") for value in values])
    cleaned._mutable = False
    return cleaned
