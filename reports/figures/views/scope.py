"""What every page of figures starts from: the unit within one's scope, and the period."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from childwelfare.text.masking import masked_name
from orgs.access.scope import Placed
from orgs.stale_figures.keys import Kind
from orgs.units.models import OrgUnit
from registry.child.models import ChildFile
from registry.stays.models import may_open
from reports.rollup.periods import Period

STEPS = {
    Kind.MONTH: (_("上月"), _("下月")),
    Kind.QUARTER: (_("上季度"), _("下季度")),
    Kind.YEAR: (_("上年"), _("下年")),
}


def unit_of(request, uid) -> OrgUnit:
    """The unit if the post may see its figures; else 404."""
    own = request.post.unit
    if own.uid == uid and request.post.may("view_figures", own):
        return own
    return get_object_or_404(OrgUnit.objects.visible_to(request.post, "view_figures").with_path(), uid=uid)


def period_of(request) -> Period:
    """The period of ``?period=``; this month, and a word about it, when that can't be read."""
    try:
        return Period.of(request.GET.get("period", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return Period.of()


def choice_of(period: Period) -> dict:
    """For the selector of a page: the month, quarter and year in which ``period`` ends, and its neighbours."""
    earlier, later = STEPS[period.kind]
    return {
        "kinds": [(kind.label, period.as_kind(kind), kind == period.kind) for kind in Kind],
        "earlier": (earlier, period.back(1)),
        "later": None if period.running else (later, period.back(-1)),
    }


def path_to(unit: OrgUnit, post) -> list[OrgUnit]:
    """From the top of one's scope down to the unit above ``unit``."""
    return [above for above in unit.chain() if above.level >= post.unit.level and above.pk != unit.pk]


def names_for(post, unit: OrgUnit) -> bool:
    """Whether a list of children of ``unit`` has names for ``post``; else masked rows. Raises PermissionDenied for who
    reads neither."""
    named = post.may("view_child", unit)
    if not named and not post.may("list_masked", unit):
        raise PermissionDenied
    return named


def child_of_row(child: ChildFile, row: Placed, post) -> dict:
    """How a list names ``child``, who counts where ``row`` lies. ``named``: only who may open the file now; a child who
    moved on is counted there, not shown."""
    named = may_open(post, "view_child", child)
    return {
        "named": named,
        "pk": child.pk,
        "name": child.name if named else masked_name(child.name),
        "place": f"{row.township.short_name} › {row.village.short_name}",
    }
