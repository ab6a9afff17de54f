"""A page is sent in the post it was made for, or not at all: two tabs, two posts, and a form opened as a director must
not become the station's own work."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json
from childwelfare.templatetags.form_start import PAGE_POST, SWITCH_BACK
from orgs.access.declarations import DECLARED, PUBLIC, SIGNED_IN
from orgs.access.middleware import act_in
from orgs.posts.models import Appointment

HEADER = "X-Page-Post"  # of scripts, and of programs that use a browser's session


class PageOfPost:
    """Middleware: what a page of another post sends is refused with HTTP 409. The answer says which post the page was
    for and offers to change back and send the same again. What concerns the person alone, as signing out or choosing a
    post, is not asked; a page that doesn't say its post (a program, the version before) is let through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.post is None or SESSION_KEY not in request.session:
            return None
        if {PUBLIC, SIGNED_IN} & set(getattr(view, DECLARED, ())):
            return None
        said = request.headers.get(HEADER, "")
        if not said and not wants_json(request):
            said = request.POST.get(PAGE_POST, "")
        if not said or said == str(request.post.uid):
            return None
        post = own_post(request, said)
        if post and not wants_json(request) and SWITCH_BACK in request.POST:
            act_in(request, post)
            return None
        return _refusal(request, post)


def own_post(request: Any, uid: str) -> Appointment | None:
    """The post that a page says it was made for, as long as the person holds it."""
    try:
        key = uuid.UUID(uid)
    except ValueError:
        return None
    return Appointment.objects.current().with_unit().filter(uid=key, person=request.user.pk).first()


def _refusal(request: Any, post: Appointment | None) -> HttpResponse:
    if wants_json(request) or request.htmx:
        words = _("这一页是以另一个岗位打开的，没有保存任何内容。请刷新页面，或换回那个岗位。")
        if wants_json(request):
            return json_problem(words, HTTPStatus.CONFLICT)
        return HttpResponse(words, status=HTTPStatus.CONFLICT)
    left_out = {"csrfmiddlewaretoken", SWITCH_BACK}
    context = {
        "page_post": post,
        "sent": [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values],
        "files": bool(request.FILES),
    }
    return render(request, "errors/other_post.html", context, status=HTTPStatus.CONFLICT)
