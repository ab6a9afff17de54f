"""The list behind a figure: the very rows that were counted."""

from django.http import Http404
from django.shortcuts import render

from childwelfare.tables.keyset import page_of
from orgs.access.declarations import needs
from orgs.access.scope import TIERS
from orgs.audit.readings import note_reading
from registry.child.ages import age_on
from registry.status.models import ChildStatus
from reports.figures.views.reported import reported_list
from reports.figures.views.scope import child_of_row, names_for, path_to, period_of, unit_of
from reports.figures.views.work_lists import work_list
from reports.indicators import facts
from reports.indicators.table import BY_KEY
from visits.schedule.models import OvertakenDue, VisitDue

ORDER = {ChildStatus: ("since", "id"), VisitDue: ("due_on", "id")}
CHILD = ("name", "sex", "birth_date", "category_codes", "risk", "approved_on", "closed_on")
COUNTED = ("sex", "birth_date", "risk", "categories")
OWN = {
    ChildStatus: ("id", "since", "until", "leaves", "child", *COUNTED),
    VisitDue: ("id", "due_on", "ended_on", "child"),
    OvertakenDue: ("id", "due_on", "ended_on", "child"),
}
PLACES = ("village", "township")


@needs("view_figures", reads="list_children")
def figure_list(request, uid, indicator):
    """Names for who may open the files; masked rows, without a way into a file, for the city. Leaves a trace."""
    period = period_of(request)
    unit = unit_of(request, uid).as_of(period.last)
    indicator = BY_KEY.get(indicator)
    if indicator is None:
        raise Http404
    if request.GET.get("as") == "official":
        return reported_list(request, unit, period, indicator)
    if indicator.fact.counted != "child":
        return work_list(request, unit, period, indicator)
    named = names_for(request.post, unit)
    rows = indicator.rows(period).within(unit)
    overtaken, asked = indicator.overtaken(period), request.GET.get("page", "")
    others = [] if overtaken is None else list(_columns(overtaken.within(unit)))
    count = rows.count() + len(others)
    page = page_of(_columns(rows), ORDER[rows.model], asked)
    found = page.rows if asked else [*others, *page.rows]  # few: they stand before the first page
    page.rows = [_entry(row, period, request.post) for row in found]
    note_reading(request, rows=len(page), unit=unit, indicator=indicator.key, period=period.key, count=count)
    context = {
        "unit": unit,
        "period": period,
        "above": [*path_to(unit, request.post), unit],
        "indicator": indicator,
        "count": count,
        "page": page,
        "named": named,
        "dues": rows.model is VisitDue,
        "visits": indicator.fact is facts.DUE,
    }
    return render(request, "reports/figures/children.html", context)


def _columns(rows):
    """Only what is shown: no sealed field is read."""
    child = [f"child__{name}" for name in (*CHILD, *TIERS)]
    return rows.only(*OWN[rows.model], *child, *PLACES).select_related("child", *PLACES)


def _entry(row, period, post) -> dict:
    """``counted``: what says as what the child was counted, the status of then; for a visit that was owed the file
    itself."""
    child = row.child
    counted = row if isinstance(row, ChildStatus) else child
    return child_of_row(child, row, post) | {
        "counted": counted,
        "left_on": counted.until if counted is row and row.leaves else child.closed_on,
        "child": child,
        "years": age_on(counted.birth_date, period.as_of),
        "row": row,
    }
