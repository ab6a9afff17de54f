"""Pages of reorganisations: the list, the form with its preview, what an order said and what became of it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.jobs.models import Job
from childwelfare.pages.form_action import act, status_of
from childwelfare.tables.beginning import beginning_of
from childwelfare.tables.keyset import page_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft
from orgs.reorganisation.forms import FORMS, CancelForm, OrderForm, kinds_of
from orgs.reorganisation.models import Kind, Reorganisation
from orgs.reorganisation.preview import line_of, preview_of
from orgs.reorganisation.services import cancel_reorganisation, check_order, order_reorganisation
from orgs.units.models import OrgUnit

SHOWN = 200  # successions on the page of an order


@needs("manage_units", reads=NO_CHILD)
def change_list(request):
    """All orders of one's tree, the newest first."""
    orders = Reorganisation.objects.visible_to(request.post, "manage_units").with_words()
    page = page_of(orders, ("effective_on", "id"), request.GET.get("page", ""))
    for order in page:
        _word(order)
    return render(request, "orgs/reorganisation/list.html", {"page": page})


@needs("manage_units", reads=NO_CHILD)
def change_new(request, uid):
    """Order something of a unit: filled in, previewed with what it comes to, then confirmed as it was previewed."""
    units = OrgUnit.objects.visible_to(request.post, "manage_units").with_path()
    unit = get_object_or_404(units.select_related("parent"), uid=uid)
    kinds = kinds_of(unit)
    if not kinds:
        messages.error(request, _("“%(unit)s”已停用，不能再调整。") % {"unit": unit})
        return redirect("unit-detail", unit.uid)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else kinds[0].value
    form = FORMS[kind](request.POST if request.method == "POST" else None, unit=unit)
    preview = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["previewed"] == form.fingerprint:
            if order := act(request, form, order_reorganisation):
                drop_draft(request, f"unit-change-{unit.uid}-{kind}")
                messages.success(request, _said(order))
                return redirect("unit-change-detail", order.pk)
        else:
            preview = _preview(form)
    context = {"unit": unit, "kind": Kind(kind), "kinds": kinds, "form": form, "preview": preview}
    return render(request, "orgs/reorganisation/form.html", context, status=status_of(form))


@needs("view_unit", reads=NO_CHILD)
def change_detail(request, pk):
    """One order, for who orders and for whom it concerns."""
    return _detail(request, pk, CancelForm())


@needs("manage_units")
@require_POST
def change_cancel(request, pk):
    """Call it off before its day."""
    orders = Reorganisation.objects.visible_to(request.post, "manage_units").select_related("root", "outcome")
    order, form = get_object_or_404(orders, pk=pk), CancelForm(request.POST)
    form.attempt(cancel_reorganisation, order, by=request.post, **form.arguments()) if form.is_valid() else None
    if form.errors:
        return _detail(request, pk, form)
    drop_draft(request)
    messages.success(request, _("已取消，机构没有变。"))
    return redirect("unit-change-detail", pk)


def _detail(request, pk, form: CancelForm):
    order = get_object_or_404(Reorganisation.objects.visible_to(request.post, "view_unit").with_words(), pk=pk)
    _word(order)
    paths = [f"{side}__{tier}" for side in ("predecessor", "successor") for tier in ("city", "county", "township")]
    rows = order.successions.select_related("predecessor", "successor", *paths).order_by("predecessor__level", "pk")
    manages = request.post.may("manage_units", order.root)
    context = {
        "order": order,
        "successions": beginning_of(rows, SHOWN),
        "manages": manages,
        "form": form,
        "job": _job(order) if manages and order.kind in (Kind.MOVE, Kind.MERGE) else None,
    }
    return render(request, "orgs/reorganisation/detail.html", context, status=status_of(form))


def _job(order: Reorganisation) -> Job | None:
    """How far its children are placed."""
    jobs = Job.objects.filter(kind="place_children", post=order.made_in, params__reorganisation=str(order.pk))
    return jobs.order_by("-created_at").first()


def _preview(form: OrderForm):
    """None where the order can't be given, which the form then says."""
    said = form.arguments()
    given = (said["kind"], said["parts"], said["effective_on"], said["document"], said["reason"])
    form.attempt(check_order, *given)
    if form.errors:
        return None
    form.data = form.data.copy()
    form.data["previewed"] = form.fingerprint
    return preview_of(form.KIND, said["parts"])


def _word(order: Reorganisation) -> None:
    order.lines = [line_of(order.kind, part) for part in order.parts.all()]


def _said(order: Reorganisation) -> str:
    if order.result:
        return (
            _("机构调整已生效，孩子正在后台安置，进度见本页。") if order.successions.exists() else _("机构调整已生效。")
        )
    return _("已记下，到生效那天自动办理；在那以前可以取消。")
