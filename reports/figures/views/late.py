"""What was written down after a month had ended, of days before its end, and what difference it makes."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from childwelfare.text.masking import masked_name
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from registry.stays.models import may_open
from reports.figures.views.scope import month_of, path_to, unit_of
from reports.indicators.table import BY_KEY
from reports.rollup.late import LateFact, effect_of, late_facts


@needs("view_figures", reads="list_children")
def late_list(request, uid):
    """Names for who may open the files; masked rows, without a way into a file, for the city. Leaves a trace."""
    unit, month = unit_of(request, uid), month_of(request)
    named = request.post.may("view_child", unit)
    if not named and not request.post.may("list_masked", unit):
        raise PermissionDenied
    rows = [_entry(fact, request.post) for fact in late_facts(unit, month)]
    note_reading(request, rows=len(rows), unit=unit, indicator="late", month=month.key, count=len(rows))
    context = {
        "unit": unit,
        "month": month,
        "above": [*path_to(unit, request.post), unit],
        "effects": [(BY_KEY[key], difference) for key, difference in effect_of(unit, month).items()],
        "rows": rows,
        "count": len(rows),
        "named": named,
    }
    return render(request, "reports/figures/late.html", context)


def _entry(fact: LateFact, post) -> dict:
    named = may_open(post, "view_child", fact.child)
    return {
        "pk": fact.child.pk,
        "named": named,
        "name": fact.child.name if named else masked_name(fact.child.name),
        "place": f"{fact.place.township.short_name} › {fact.place.village.short_name}",
        "words": fact.words,
        "known_from": fact.known_from,
    }
