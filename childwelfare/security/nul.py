"""NUL, which no text column of PostgreSQL takes: the API refuses it in an address, pages and forms stand it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json

NUL, UNREADABLE = "\x00", "\ufffd"


class WithoutNul:
    """Nobody types it. In an address a program sent it: the API says so (400), a page takes it for a character that
    can't be read. Into a form it came by the clipboard, and is dropped. What the API is sent in a body goes through
    serializers, which refuse it by field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_nul(request.GET):
            if wants_json(request):
                return json_problem(_("地址里有不能识别的字符（NUL）。"), 400)
            request.GET = _replaced(request.GET, UNREADABLE)  # type: ignore[assignment]  # as Django itself sets it
        if request.method == "POST" and not wants_json(request) and _has_nul(request.POST):
            request.POST = _replaced(request.POST, "")  # type: ignore[assignment]
        return self.get_response(request)


def _has_nul(given: QueryDict) -> bool:
    return any(NUL in text for name, values in given.lists() for text in (name, *map(str, values)))


def _replaced(given: QueryDict, by: str) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        clean.setlist(name.replace(NUL, by), [str(value).replace(NUL, by) for value in values])
    clean._mutable = False
    return clean
