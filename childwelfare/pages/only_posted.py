"""An address that only takes what a form sends, opened by itself: after a refused form somebody pressed Enter in the
address bar, or came back to it after signing in. The page says that nothing was done and leads to what it belongs to.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve

from childwelfare.pages.errors import wants_json

PAGE_OF = "page_of"  # the attribute of a view that holds how its page is found
GETTING = ("GET", "HEAD")
View = Callable[..., HttpResponse]


def belongs_to(find_page: Callable[..., str | None]) -> Callable[[View], View]:
    """For a view whose page does not stand above it in the address. ``find_page(request, **keys)`` answers the page's
    address, or None where there is none."""

    def declare(view: View) -> View:
        setattr(view, PAGE_OF, find_page)
        return view

    return declare


class OnlyPosted:
    """Middleware: HTTP 405 in words, where a browser would show its own page for an empty answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405 or wants_json(request):
            return answer
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": f"{answer['Allow']}, OPTIONS"})
        if request.method not in GETTING:
            return answer
        page = render(request, "errors/405.html", {"page": _page_of(request)}, status=405)
        page["Allow"] = answer["Allow"]
        return page


def _page_of(request: HttpRequest) -> str | None:
    """The record the address belongs to, or else the list above it: the first page that opens to the reader."""
    match = request.resolver_match
    assert match
    find_page = getattr(match.func, PAGE_OF, None)
    pages = [find_page(request, **match.kwargs)] if find_page else _above(request.path)
    return next((page for page in pages if page and _opens(page, request)), None)


def _above(path: str) -> Iterator[str]:
    """/alerts/3f2k/close/ → /alerts/3f2k/, /alerts/"""
    steps = path.strip("/").split("/")[:-1]
    for length in range(len(steps), 0, -1):
        yield "/" + "/".join(steps[:length]) + "/"


def _opens(path: str, request: HttpRequest) -> bool:
    """Whether the page shows itself to the reader. It alone knows, so it is asked; nothing of it is shown here, and
    what it writes, above all that somebody has read it, is taken back."""
    asking: Any = copy.copy(request)
    asking.method, asking.path, asking.path_info = "GET", path, path
    asking.GET, asking._messages = QueryDict(), CookieStorage(asking)
    try:
        asking.resolver_match = match = resolve(path)
        with transaction.atomic():
            answer = match.func(asking, *match.args, **match.kwargs)
            transaction.set_rollback(True)
    except (Http404, PermissionDenied):  # Resolver404 is one of the former
        return False
    return answer.status_code in (200, 302)
