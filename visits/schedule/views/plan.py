"""The month's plan of a village or a station, to take along on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from childwelfare.typesetting.services import NoTypesetting
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from registry.printing.pdf import as_pdf
from visits.schedule.printing import Month, plan_sheet

NEXT = "next"


@needs("log_visit", reads="print_plan")
def plan(request):
    """On screen as it comes out of the printer. ``?month=next``; ``?numbers=full`` is recorded."""
    options = _options(request)
    context = {
        "sheet": _sheet(request, options),
        "months": [_switch(options, "month", "", _("本月")), _switch(options, "month", NEXT, _("下月"))],
        "numbers": _switch(options, "numbers", "" if "numbers" in options else "full", _("完整电话（会留下记录）")),
        "may_reveal": request.post.holds("reveal_child"),
        "shows_numbers": "numbers" in options,
        "pdf_url": _address("visit-plan-pdf", options),
    }
    return render(request, "visits/schedule/plan.html", context)


@needs("log_visit", reads="print_plan")
def plan_pdf(request):
    options = _options(request)
    try:
        content = as_pdf(_sheet(request, options))
    except NoTypesetting as error:
        messages.error(request, error.advice)
        return redirect(_address("visit-plan", options))
    response = HttpResponse(content, content_type="application/pdf")
    name = _("走访计划") + f" {_month(options).first:%Y-%m}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store, private"
    return response


def _options(request) -> dict:
    options = {}
    if request.GET.get("month") == NEXT:
        options["month"] = NEXT
    if request.GET.get("numbers") == "full" and request.post.holds("reveal_child"):
        options["numbers"] = "full"
    return options


def _month(options: dict) -> Month:
    month = Month.of(timezone.localdate())
    return month.following if "month" in options else month


def _sheet(request, options: dict):
    note_reading(request, unit=request.post.unit, **options)
    return plan_sheet(request.post, _month(options), today=timezone.localdate(), full_numbers="numbers" in options)


def _switch(options: dict, name: str, value: str, label: str) -> dict:
    other = {key: given for key, given in options.items() if key != name}
    if value:
        other[name] = value
    return {"label": label, "url": _address("visit-plan", other), "current": options.get(name, "") == value}


def _address(name: str, options: dict) -> str:
    query = urlencode(options)
    return reverse(name) + (f"?{query}" if query else "")
