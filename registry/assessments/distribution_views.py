"""The page of how children are distributed over the levels: figures alone, for every tier."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from orgs.access.declarations import NUMBERS, needs
from orgs.units.models import Level, OrgUnit
from registry.assessments.distribution import distribution_of


@needs("view_figures", reads=NUMBERS)
def distribution(request, uid=None):
    """Of one's own unit, or of one below it."""
    unit = request.post.unit
    if uid is not None:
        units = OrgUnit.objects.visible_to(request.post, "view_figures").with_path()
        unit = get_object_or_404(units, uid=uid)
    whole, rows = distribution_of(unit, on=timezone.localdate())
    context = {
        "unit": unit,
        "above": [each for each in unit.chain() if each.level >= request.post.unit.level and each != unit],
        "whole": whole,
        "rows": rows if unit.level < Level.VILLAGE else [],
        "opens": unit.level < Level.TOWNSHIP,
    }
    return render(request, "registry/assessments/distribution.html", context)
