"""The ledger sheet as CSV, for those who count on in a spreadsheet of their own."""

import csv
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from childwelfare.text.words import Words
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.posts.models import Appointment
from orgs.stale_figures.keys import Kind
from orgs.units.models import OrgUnit
from reports.figures.queries import figures_of, freshness, table_of, total_of
from reports.figures.views.scope import period_of, unit_of
from reports.indicators.indicator import Numbers
from reports.indicators.templates import SUMMARY
from reports.ledgers.services import templates_at
from reports.rollup.periods import Period
from reports.submissions.models import Submission

BOM = "\ufeff"  # without it Excel reads the file in the machine's old encoding


@needs("export_figures", reads="export")
def figure_csv(request, uid):
    """A row per unit of the next tier and their total; UTF-8 with a mark, so that a double click shows Chinese. It says
    whether its figures are live or reported, and of each unit what became of what it reported."""
    unit, period = unit_of(request, uid), period_of(request)
    if request.GET.get("as") == "official" and period.kind == Kind.MONTH:
        name, lines = _("上报数"), _reported(request.post, unit, period)
    else:
        name, lines = _("汇总表"), _live(unit, period)
    if lines is None:
        messages.error(request, _("%(period)s还没有统计，不能导出。") % {"period": period.label})
        return redirect("figure-unit", unit.uid)
    columns = templates_at(unit).get(request.GET.get("sheet", ""), SUMMARY).indicators
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    filename = f"{unit.as_of(period.last).name}{name}{period.key}.csv"
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Cache-Control"] = "no-store, private"
    writer = csv.writer(response)
    heads = [f"{each.group}：{each.label}" if each.group else str(each.label) for each in columns]
    writer.writerow([_("单位"), *heads, _("说明")])
    for line in lines:
        writer.writerow([line.label, *(_number(line.figures.get(each.key)) for each in columns), line.remark])
    note_reading(request, unit=unit, kind="csv", rows=len(lines) - 1)
    return response


@dataclass(frozen=True)
class Line:
    """``remark``: what its figures are."""

    label: Words
    figures: Numbers
    remark: Words = ""


def _live(unit: OrgUnit, period: Period) -> list[Line] | None:
    """None where the period was not counted."""
    if figures_of(unit, period.key) is None:
        return None
    # first: a recount that ends meanwhile leaves the mark, not old numbers
    stale = freshness(unit, period.key)["stale"]
    table = table_of(unit, period.key)
    mark = _("统计之后又有改动，正在重新统计，数字可能还会变。") if stale else ""
    total = Line(_("合计"), total_of(table), _("实时数，未经上报。") + mark)
    return [*(Line(each.path_label, figures) for each, figures in table), total]


def _reported(post: Appointment, unit: OrgUnit, period: Period) -> list[Line] | None:
    """What is valid of each unit below, and of ``unit`` itself; None where the month was not reported."""
    rows = Submission.objects.visible_to(post, "view_figures").filter(period__key=period.key).with_all()
    own = rows.filter(unit=unit).first()
    if own is None:
        return None
    below = rows.filter(parent=own).in_order()
    return [*(_line(each.unit_then.path_label, each) for each in below), _line(_("合计"), own)]


def _line(label: Words, row: Submission) -> Line:
    return Line(label, row.approved.numbers if row.approved else {}, row.standing or row.state_label)


def _number(number: int | None) -> int | str:
    """Blank where the figure was not counted: a spreadsheet counts on with it."""
    return "" if number is None else number
