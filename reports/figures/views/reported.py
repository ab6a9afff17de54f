"""The list behind a reported figure: the very children that were counted when it was signed."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from orgs.audit.readings import note_reading
from orgs.units.models import Level, OrgUnit
from registry.child.ages import age_on
from registry.child.models import ChildFile
from registry.status.models import ChildStatus
from reports.figures.views.scope import child_of_row, names_for, path_to
from reports.figures.views.work_lists import reported_work
from reports.indicators.indicator import Indicator
from reports.rollup.periods import Period
from reports.submissions.official import files_of, reported_of, rows_behind, sent_as

PAGE = 50


def reported_list(request, unit: OrgUnit, period: Period, indicator: Indicator):
    """Of a unit up to the county: the city's list would open the rosters of all its villages. What is valid, or the
    sheet with the hash ``?sheet=``. Names as in the list of a live figure; of each child what its file says now."""
    asked = request.GET.get("sheet", "")
    snapshot = sent_as(unit, period.key, asked) if asked else reported_of(unit, period.key)
    if snapshot is None or unit.level == Level.CITY:
        raise Http404
    if indicator.fact.counted != "child":
        return reported_work(request, unit, period, indicator, snapshot)
    named = names_for(request.post, unit)
    rows = rows_behind(snapshot, indicator)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    by_key = files_of(key for _village, key in page.object_list)
    entries = [_entry(by_key[key], village, period, request.post) for village, key in page.object_list if key in by_key]
    note_reading(
        request, rows=len(entries), unit=unit, indicator=indicator.key, period=period.key, count=len(rows),
        snapshot=snapshot.hash,
    )  # fmt: skip
    context = {
        "unit": unit,
        "period": period,
        "above": [*path_to(unit, request.post), unit],
        "indicator": indicator,
        "count": len(rows),
        "page": page,
        "entries": entries,
        "named": named,
        "snapshot": snapshot,
    }
    return render(request, "reports/figures/reported.html", context)


def _entry(child: ChildFile, village: OrgUnit, period: Period, post) -> dict:
    where = ChildStatus(village=village, township=village.township)  # not saved: where the child was counted
    return child_of_row(child, where, post) | {"child": child, "years": age_on(child.birth_date, period.as_of)}
