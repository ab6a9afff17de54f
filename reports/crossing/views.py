"""The page of a crossing, and its table as CSV."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.text.masking import masked_name
from childwelfare.text.words import PATH_SIGN, Words
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.units.models import Level, OrgUnit
from registry.stays.models import may_open
from reports.crossing import presentation
from reports.crossing.cells import Cells, words_of
from reports.crossing.dimensions import meanings_of
from reports.crossing.forms import UNKNOWN, CrossingForm
from reports.crossing.people import Listed, page_of, places_of
from reports.crossing.reported import NotReported, rows_of
from reports.crossing.source import Rows
from reports.crossing.table import ALL, Crossing, crossing_of
from reports.figures.views.scope import names_for, unit_of

BOM = "\ufeff"  # without it Excel reads the file in the machine's old encoding


@needs("view_figures", reads="list_children")
def crossing(request):
    """Two dimensions of a unit's children in a month. Cells that are chosen open the list of the children in them:
    names for who may open the files, masked rows with the county's phone for the city. The list leaves a trace."""
    form, unit = _asked(request)
    official = request.GET.get("as") == "official"
    try:
        source = rows_of(unit, form.month, official=official)
    except NotReported as why:
        messages.warning(request, _("%(why)s下面是实时数。") % {"why": why})
        official, source = False, rows_of(unit, form.month, official=False)
    table = crossing_of(source, *form.dimensions)
    cells = _chosen(request, table)
    several = request.GET.get("several") == "1"
    address = presentation.Address(table, cells, several=several, official=official)
    context = {
        "form": form,
        "table": table,
        "unit": source.unit,
        "month": source.month,
        "official": official,
        "snapshot": source.snapshot,
        "now": _now(),
        "heads": presentation.heads_of(table, address),
        "lines": presentation.lines_of(table, address),
        "held_twice": presentation.held_twice(table),
        "meanings": [meanings_of(each, source.month.as_of) for each in (table.rows, table.columns)],
        "swapped": address.to(cells=Cells(), anchor="", rows=table.columns.key, columns=table.rows.key),
        "address": address,
        "one_or_several": address.to(several="" if address.several else "1", anchor=""),
        "csv_url": _csv_url(request, source.unit, address),
    }
    if cells:
        context |= _list(request, source, table, address)
    return render(request, "reports/crossing/page.html", context)


@needs("export_figures", reads="export")
def crossing_csv(request):
    """The table with its totals; UTF-8 with a mark, so that a double click shows Chinese. Labels are ours: none begins
    like a formula."""
    form, unit = _asked(request)
    if not request.post.may("export_figures", unit):
        raise PermissionDenied
    try:
        source = rows_of(unit, form.month, official=request.GET.get("as") == "official")
    except NotReported as why:
        raise Http404 from why
    table = crossing_of(source, *form.dimensions)
    rows, columns = table.rows, table.columns
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    filename = _("%(unit)s%(rows)s×%(columns)s") % {
        "unit": source.unit.short_name, "rows": rows.label, "columns": columns.label,
    } + f"{source.month.key}.csv"  # fmt: skip
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["Cache-Control"] = "no-store, private"
    writer = csv.writer(response)
    writer.writerow([rows.label, *(value.label for value in columns.values), _("合计")])
    for key, label in [*((value.key, value.label) for value in rows.values), (ALL, _("合计（不重复）"))]:
        writer.writerow([label, *(table.number(key, value.key) for value in columns.values), table.number(key)])
    for said in presentation.held_twice(table):
        writer.writerow([said])
    if source.snapshot:
        writer.writerow([_("上报数，校验码 %(hash)s") % {"hash": source.snapshot.hash}])
    writer.writerow([_("截至 %(day)s") % {"day": date_format(source.month.as_of, "DATE_FORMAT")}])
    note_reading(request, unit=source.unit, kind="csv", rows=len(rows.values), **_signed(source))
    return response


def _asked(request) -> tuple[CrossingForm, OrgUnit]:
    """Raises Http404 for a unit outside the reader's scope; one that can't be read is said at its field."""
    unit, asked = request.post.unit, request.GET.get("unit", "")
    problem: Words = ""
    try:
        unit = unit_of(request, UUID(asked)) if asked else unit
    except ValueError:
        problem = UNKNOWN
    form = CrossingForm(request.GET, post=request.post, unit=unit)
    form.is_valid()
    if problem:
        form.add_error("unit", problem)
    return form, unit


def _chosen(request, table: Crossing) -> Cells:
    try:
        return Cells.read(request.GET.get("cells", ""), table.rows, table.columns)
    except ValueError as error:
        messages.error(request, str(error))
        return Cells()


def _signed(source: Rows) -> dict[str, Any]:
    """By what the trail tells what was read."""
    return {"snapshot": source.snapshot.hash} if source.snapshot else {}


def _list(request, source: Rows, table: Crossing, address: presentation.Address) -> dict:
    cells = address.cells
    named = names_for(request.post, source.unit)
    page = page_of(source, table, cells, _number(request.GET.get("page", "")), named=named)
    note_reading(
        request, rows=len(page), unit=source.unit, cells=f"{table.rows.key}.{table.columns.key}.{cells}",
        month=source.month.key, count=page.count, **_signed(source),
    )  # fmt: skip
    places = places_of(source, table, cells)
    return {
        "named": named,
        "lists": source.lists,
        "title": words_of(cells, table.rows, table.columns),
        "made_of": presentation.how_chosen(cells, table),
        "page": page,
        "people": [_shown(each, request.post) for each in page.people],
        "places": presentation.shown_places(places, table, address),
        "empty_places": places.empty,
        "empty_names": _("、").join(unit.short_name for unit in places.empty),
        "newer": address.to(page=str(page.number - 1)) if page.number > 1 else "",
        "older": address.to(page=str(page.number + 1)) if page.number < page.last else "",
        "unchosen": address.to(cells=Cells(), anchor=""),
    }


def _shown(each: Listed, post) -> dict:
    """A child who has moved on is counted where it was, and named only to who may open its file now."""
    named, village = may_open(post, "view_child", each.child), each.village
    names = [unit.short_name for unit in village.chain() if unit.level > max(Level.COUNTY, post.unit.level - 1)]
    return {
        "listed": each,
        "named": named,
        "name": each.child.name if named else masked_name(each.child.name),
        "place": village.path_label if post.unit.level == Level.CITY else PATH_SIGN.join(names),
    }


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _csv_url(request, unit: OrgUnit, address: presentation.Address) -> str:
    if not request.post.may("export_figures", unit):
        return ""
    return address.to(cells=Cells(), anchor="", name="crossing-csv", several="")


def _now() -> str:
    at = timezone.localtime()
    return f"{short_day(at)} {date_format(at, 'TIME_FORMAT')}"
