"""Ordering tables, watching them being made, fetching them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.jobs.models import JobState
from childwelfare.tables.beginning import beginning_of
from childwelfare.workflow.refusals import Refused, Stale
from orgs.access.declarations import NO_CHILD, needs
from orgs.audit.readings import note_reading
from orgs.units.models import OrgUnit
from reports.exports.forms import ExportForm
from reports.exports.services import KEPT_FOR, exports_of, order_export, read_export
from reports.exports.serving import download

SHOWN = 30


@needs("export_figures", "export_roster", reads=NO_CHILD)
def export_list(request):
    """My exports, newest first, and the form for another."""
    initial = {
        name: request.GET.get(name, "") for name in ("kind", "unit", "period", "category", "sheet", "source", "below")
    }
    initial["unit"] = initial["unit"] or str(request.post.unit.uid)
    form = ExportForm(post=request.post, asked=_requested_unit(request, initial["unit"]), initial=initial)
    return _page(request, form)


@needs("export_figures", "export_roster")
@require_POST
def export_new(request):
    """Order a table."""
    form = ExportForm(request.POST, post=request.post, asked=_requested_unit(request, request.POST.get("unit", "")))
    if form.is_valid():
        try:
            order_export(by=request.post, **form.order)
            return redirect("export-list")
        except (ValidationError, Refused) as error:
            form.explain(error)
            return _page(request, form, status=409 if isinstance(error, Stale) else 422)
    return _page(request, form, status=422)


@needs("export_figures", "export_roster", reads=NO_CHILD)
def export_job(request, pk):
    """How far one export is; the page asks again until it is over."""
    return render(request, "reports/exports/_job.html", {"job": _with_notice(_own_export(request, pk))})


@needs("export_figures", "export_roster", reads="download")
def export_download(request, pk):
    """The workbook; back to the list, with the reason, when there is none."""
    record = _own_export(request, pk)
    try:
        content, unit = read_export(record, by=request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("export-list")
    note_reading(request, record, unit=unit, kind=record.kind)
    return download(content, record.filename)


def _page(request, form, status: int = 200):
    jobs = beginning_of(exports_of(request.post), SHOWN)
    for job in jobs:
        _with_notice(job)
    context = {"form": form, "jobs": jobs, "kept_days": KEPT_FOR.days}
    return render(request, "reports/exports/list.html", context, status=status)


def _own_export(request, pk):
    return get_object_or_404(exports_of(request.post), pk=pk)


def _requested_unit(request, uid: str) -> OrgUnit | None:
    """The unit from whose page the reader comes, if it lies within the post's scope."""
    try:
        return OrgUnit.objects.visible_to(request.post, "export_figures").with_path().filter(uid=uid).first()
    except (ValueError, ValidationError):
        return None


def _with_notice(record):
    """With a word about a file that was cleared away."""
    if record.state == JobState.DONE and not record.file:
        record.problem = _("文件只保留 %(days)s 天，已经删除。需要时请重新导出。") % {"days": KEPT_FOR.days}
    return record
