"""Children whose village was closed without one that takes over all of them: the station says where each goes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from childwelfare.tables.beginning import beginning_of
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.units.models import OrgUnit
from registry.placing.forms import PlacingForm
from registry.placing.services import place_children
from registry.placing.workbench import waiting_to_be_placed

SHOWN = 100  # children of all closed villages; the others come when these are placed


@needs("transfer_child", reads="list_to_place")
def placing(request):
    """By closed village, those that wait longest first."""
    return _page(request)


@needs("transfer_child")
@require_POST
def placing_place(request, uid):
    """Place the chosen children of the closed village ``uid``."""
    units = OrgUnit.objects.visible_to(request.post, "transfer_child")
    closed = get_object_or_404(units.filter(pk__in=waiting_to_be_placed(request.post).values("village")), uid=uid)
    form = _form(closed, _waiting(request, closed), request.POST)
    placed = act(request, form, place_children)
    if placed is None:
        return _page(request, form, status_of(form))
    words = ngettext("%(n)s 个孩子已安置。", "%(n)s 个孩子已安置。", placed) % {"n": placed}
    messages.success(request, words if placed else _("选中的孩子刚刚已由他人安置。"))
    return redirect("placing")


def _page(request, sent: PlacingForm | None = None, status: int = 200):
    files = beginning_of(waiting_to_be_placed(request.post).select_related("village").order_by(
        "village__valid_to", "village_id", "name", "pk"), SHOWN)  # fmt: skip
    by_village: dict[OrgUnit, list] = {}
    for file in files:
        by_village.setdefault(file.village, []).append(file)
    forms = [
        sent if sent and sent.closed == closed else _form(closed, waiting) for closed, waiting in by_village.items()
    ]
    if request.method == "GET":
        note_reading(request, rows=len(list(files)))
    return render(request, "registry/placing/list.html", {"forms": forms, "files": files}, status=status)


def _waiting(request, closed: OrgUnit) -> list:
    return list(waiting_to_be_placed(request.post).filter(village=closed).order_by("name", "pk")[:SHOWN])


def _form(closed: OrgUnit, files: list, data=None) -> PlacingForm:
    named = {file.pk: _("%(name)s（%(n)s岁）") % {"name": file.name, "n": file.age()} for file in files}
    return PlacingForm(data, closed=closed, files=files, named=named, prefix=closed.uid.hex)
