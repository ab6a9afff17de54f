"""The list behind a figure: the very rows that were counted."""

from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render

from childwelfare.tables.keyset import page_of
from childwelfare.text.masking import masked_name
from orgs.access.declarations import needs
from orgs.access.scope import TIERS
from orgs.audit.readings import note_reading
from registry.categories.models import CategoryMembership
from registry.child.models import ChildFile
from registry.stays.models import may_open
from reports.figures.views.scope import month_of, path_to, unit_of
from reports.indicators.table import BY_KEY
from visits.schedule.models import VisitDue

ORDER = {ChildFile: ("updated_at", "id"), CategoryMembership: ("since", "id"), VisitDue: ("due_on", "id")}
CHILD = ("name", "sex", "birth_date", "category_codes", "risk", "approved_on", "closed_on")
OWN = {
    ChildFile: ("id", "updated_at", *CHILD),
    CategoryMembership: ("id", "since", "child"),
    VisitDue: ("id", "due_on", "ended_on", "child"),
}
PLACES = ("village", "township")
PAST = SimpleNamespace(child="child")


@needs("view_figures", reads="list_children")
def figure_list(request, uid, indicator):
    """Names for who may open the files; masked rows, without a way into a file, for the city. Leaves a trace."""
    unit, month = unit_of(request, uid), month_of(request)
    indicator = BY_KEY.get(indicator)
    if indicator is None:
        raise Http404
    named = request.post.may("view_child", unit)
    if not named and not request.post.may("list_masked", unit):
        raise PermissionDenied
    rows, past = indicator.rows(month).within(unit), indicator.past(month).within(unit)
    count = rows.count() + past.count()
    asked = request.GET.get("page", "")
    page = page_of(_columns(rows, indicator.fact), ORDER[rows.model], asked)
    page.rows = [_entry(row, indicator.fact, month, request.post) for row in page.rows]
    if not asked:  # few: they stand before the first page
        page.rows = [_past_entry(row, month, request.post) for row in _past_columns(past)] + page.rows
    note_reading(request, rows=len(page), unit=unit, indicator=indicator.key, month=month.key, count=count)
    context = {
        "unit": unit,
        "month": month,
        "above": [*path_to(unit, request.post), unit],
        "indicator": indicator,
        "count": count,
        "page": page,
        "named": named,
        "dated": rows.model is not ChildFile,
        "dues": rows.model is VisitDue,
    }
    return render(request, "reports/figures/children.html", context)


def _columns(rows, fact):
    """Only what is shown: no sealed field is read."""
    if not fact.child:
        return rows.only(*OWN[rows.model], *TIERS).select_related(*PLACES)
    child = [f"{fact.child}__{name}" for name in (*CHILD, *TIERS)]
    return rows.only(*OWN[rows.model], *child, *PLACES).select_related(fact.child, *PLACES)


def _past_columns(past):
    child = [f"child__{name}" for name in (*CHILD, *TIERS)]
    return past.only("since", "until", *child, *PLACES).select_related("child", *PLACES)


def _past_entry(period, month, post) -> dict:
    """A child who was here and is elsewhere, or here again, now."""
    dated = SimpleNamespace(since=period.since, township=period.township, village=period.village, child=period.child)
    return _entry(dated, PAST, month, post) | {"left_on": period.until}


def _entry(row, fact, month, post) -> dict:
    """``named``: only who may open the file now; a child who moved on is counted here, not shown."""
    child = getattr(row, fact.child) if fact.child else row
    named = may_open(post, "view_child", child)
    return {
        "named": named,
        "left_on": child.closed_on,
        "pk": child.pk,
        "name": child.name if named else masked_name(child.name),
        "child": child,
        "years": child.age(month.as_of),
        "place": f"{row.township.short_name} › {row.village.short_name}",
        "row": row,
    }
