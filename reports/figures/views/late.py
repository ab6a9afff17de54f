"""What was written down after a period had ended, of days before its end, and what difference it makes."""

from django.shortcuts import render

from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from reports.figures.views.scope import child_of_row, choice_of, names_for, path_to, period_of, unit_of
from reports.indicators.table import BY_KEY
from reports.rollup.late import LateFact, LateVisit, effect_of, late_activities, late_facts, late_visits


@needs("view_figures", reads="list_children")
def late_list(request, uid):
    """Names for who may open the files; masked rows, without a way into a file, for the city. Leaves a trace."""
    period = period_of(request)
    unit = unit_of(request, uid).as_of(period.last)
    names_for(request.post, unit)
    late: list[LateFact | LateVisit] = [*late_facts(unit, period), *late_visits(unit, period)]
    rows = [_entry(fact, request.post) for fact in sorted(late, key=lambda fact: fact.known_from, reverse=True)]
    note_reading(request, rows=len(rows), unit=unit, indicator="late", period=period.key, count=len(rows))
    context = {
        "unit": unit,
        "period": period,
        "choice": choice_of(period),
        "above": [*path_to(unit, request.post), unit],
        "effects": [(BY_KEY[key], difference) for key, difference in effect_of(unit, period).items()],
        "rows": rows,
        "activities": late_activities(unit, period),
        "count": len(rows),
    }
    return render(request, "reports/figures/late.html", context)


def _entry(fact: LateFact | LateVisit, post) -> dict:
    return child_of_row(fact.child, fact.place, post) | {"words": fact.words, "known_from": fact.known_from}
