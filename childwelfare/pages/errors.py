"""Pages for what went wrong: each says what happened and where to go on."""

import logging
import secrets

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.runtime.database import is_busy
from childwelfare.workflow.refusals import Refused, Stale

log = logging.getLogger(__name__)
NOT_FOUND = gettext_lazy("没有找到，或您现在的岗位看不到。")


def csrf_failure(request, reason=""):
    """The form's token is old: another tab signed in or out, or cookies are off. Nothing was saved."""
    return render(request, "errors/csrf.html", status=403)


def not_found(request, exception=None):
    if wants_json(request):
        return json_problem(NOT_FOUND, 404)
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """Touches no database: it may be what failed."""
    number = secrets.token_hex(3).upper()
    log.error("page failed %s", number, extra={"path": request.path})
    if wants_json(request):
        return json_problem(_("系统出了故障，没有保存任何内容。"), 500)
    return HttpResponse(render_to_string("errors/500.html", {"number": number}), status=500)


class BusyDatabase:
    """Middleware: where the database gave up for this moment, or too many were at
    something that takes much memory, the reader is told to try again (HTTP 503), not that
    something broke. Forms that keep what was typed say so themselves (``childwelfare.pages.forms``)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not is_busy(exception):
            return None
        return busy_answer(request)


class RefusalWithoutForm:
    """Middleware: what a service refuses while a page is put together, where no form could say it, is a page with the
    service's words (HTTP 422, 409 where something moved on). The API says it itself."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        status = 409 if isinstance(exception, Stale) else 422
        return render(request, "errors/refused.html", {"why": str(exception), "status": status}, status=status)


def busy_answer(request):
    """Try again in a moment, as page or JSON."""
    log.warning("busy", extra={"path": request.path})
    if wants_json(request):
        answer = json_problem(_("现在正忙，没有保存任何内容，请过几秒再试。"), 503)
    else:
        sent = request.method not in ("GET", "HEAD")
        answer = HttpResponse(render_to_string("errors/busy.html", {"sent": sent}, request=request), status=503)
    answer["Retry-After"] = "2"
    return answer


def wants_json(request) -> bool:
    return request.path.startswith("/api/")


def json_problem(detail, status):
    return JsonResponse({"detail": detail}, status=status)


def favicon(request):
    """Browsers ask for it at the root; everything else names the file itself."""
    return redirect(static("favicon.svg"), permanent=True)
