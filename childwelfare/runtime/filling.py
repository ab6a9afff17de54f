"""The embedded mode's first minute: pages are served while the divisions and the demo are still being loaded."""

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from childwelfare.pages.errors import json_problem, wants_json

MARK = "filling"  # the file in CWR_HOME that ./dev run keeps there meanwhile (launcher/run.py)
AGAIN = "2"  # seconds
ALWAYS = ("/healthz",)


class WhileFilling:
    """Middleware: until the database is filled every page says so, and opens by itself afterwards (HTTP 503).

    The load is one transaction: a reader would see an empty registry, a writer would wait for its end."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.mark = settings.CWR_HOME / MARK
        self.is_filling = self.mark.exists()

    def __call__(self, request):
        self.is_filling = self.is_filling and self.mark.exists()  # filled once, it stays filled
        if not self.is_filling or request.path in ALWAYS:
            return self.get_response(request)
        answer = _answer(request)
        answer["Retry-After"] = AGAIN
        return answer


def _answer(request):
    if wants_json(request):
        return json_problem(_("正在载入演示数据，请过几秒再试。"), 503)
    answer = HttpResponse(render_to_string("errors/filling.html"), status=503)
    if request.method == "GET":
        answer["Refresh"] = AGAIN
    return answer
