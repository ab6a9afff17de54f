"""The encoding of what is sent: UTF-8, as our pages are sent and JSON is written."""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json

PLAIN = "text/plain; charset=utf-8"
OURS = ("utf-8", "ascii")  # as Python names them; the second is a part of the first


class OnlyUtf8:
    """A body that says it is in another encoding is refused in words (400): a program sent it, and Django would decode
    it as told, by codecs that are none of text's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset")
        if charset is None:
            return self.get_response(request)
        request.encoding = "utf-8"  # Django refuses a form that writes it "UTF8"
        if _is_ours(charset):
            return self.get_response(request)
        text = _("内容的编码请用 UTF-8，没有收下。")
        return json_problem(text, 400) if wants_json(request) else HttpResponse(text, status=400, content_type=PLAIN)


def _is_ours(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in OURS
    except (LookupError, ValueError):  # none, or no name of one
        return False
