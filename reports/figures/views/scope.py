"""What every page of figures starts from: the unit within one's scope, and the month."""

from django.contrib import messages
from django.shortcuts import get_object_or_404

from orgs.units.models import OrgUnit
from reports.rollup.months import Month


def unit_of(request, uid) -> OrgUnit:
    """The unit if the post may see its figures; else 404."""
    own = request.post.unit
    if own.uid == uid and request.post.may("view_figures", own):
        return own
    return get_object_or_404(OrgUnit.objects.visible_to(request.post, "view_figures").with_path(), uid=uid)


def month_of(request) -> Month:
    """The month of ``?period=``; the running one, and a word about it, when that can't be read."""
    try:
        return Month.of(request.GET.get("period", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return Month.of()


def path_to(unit: OrgUnit, post) -> list[OrgUnit]:
    """From the top of one's scope down to the unit above ``unit``."""
    return [above for above in unit.chain() if above.level >= post.unit.level and above.pk != unit.pk]
