"""The ledger sheet as CSV, for those who count on in a spreadsheet of their own."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from reports.figures.queries import figures_of, freshness, table_of, total_of
from reports.figures.views.scope import period_of, unit_of
from reports.indicators.templates import SUMMARY
from reports.ledgers.services import templates_at

BOM = "\ufeff"  # without it Excel reads the file in the machine's old encoding


@needs("export_figures", reads="export")
def figure_csv(request, uid):
    """A row per unit of the next tier and their total; UTF-8 with a mark, so that a double click shows Chinese."""
    unit, period = unit_of(request, uid), period_of(request)
    if figures_of(unit, period.key) is None:
        messages.error(request, _("%(period)s还没有统计，不能导出。") % {"period": period.label})
        return redirect("figure-unit", unit.uid)
    stale = freshness(unit, period.key)[
        "stale"
    ]  # first: a recount that ends meanwhile leaves the mark, not old numbers
    table, unit = table_of(unit, period.key), unit.as_of(period.last)
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    filename = unit.name + _("汇总表") + f"{period.key}.csv"
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Cache-Control"] = "no-store, private"
    writer = csv.writer(response)
    columns = templates_at(unit).get(request.GET.get("sheet", ""), SUMMARY).indicators
    heads = [f"{each.group}：{each.label}" if each.group else str(each.label) for each in columns]
    writer.writerow([_("单位"), *heads])
    for each, figures in table:
        writer.writerow([each.path_label, *(_number(figures[i.key]) for i in columns)])
    total = total_of(table)
    writer.writerow([_("合计"), *(_number(total[i.key]) for i in columns)])
    if stale:
        writer.writerow([_("统计之后又有改动，正在重新统计，数字可能还会变。")])
    note_reading(request, unit=unit, kind="csv", rows=len(table))
    return response


def _number(number: int | None) -> int | str:
    """Blank where the figure was not counted: a spreadsheet counts on with it."""
    return "" if number is None else number
