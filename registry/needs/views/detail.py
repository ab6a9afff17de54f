"""One need: what is needed, through whose hands it went, what was done, and what its reader may do."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from orgs.access.declarations import needs as needs_permission
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.needs.forms import FORMS, StepForm
from registry.needs.models import Need
from registry.needs.presentation import hands_of, standing, story_of
from registry.needs.sentences import came_to
from registry.needs.services import handling
from registry.needs.services.recording import add_step, may_add_step
from registry.needs.sources import url_of_source
from registry.needs.views.listing import dress
from registry.needs.workflow import NEED
from registry.stays.models import may_open

HANDLES = ("handle_need", "void_need")


@needs_permission("view_need", reads="view_need")
def need_detail(request, pk):
    return _page(request, _need(request, pk))


@needs_permission("handle_need", reads="view_need")
@require_POST
def need_step(request, pk):
    need = _need(request, pk)
    form = StepForm(request.POST, auto_id="id_step_%s")
    if act(request, form, add_step, need):
        drop_draft(request, f"need-step-{pk}")
        messages.success(request, _("已记录。"))
        return redirect("need-detail", pk)
    return _page(request, _need(request, pk), {"step": form}, status=status_of(form))


@needs_permission(*HANDLES, reads="view_need")
@require_POST
def need_move(request, pk, action):
    """One of the moves; refused, the page again with what was typed."""
    if action not in FORMS:
        raise Http404
    need = _need(request, pk)
    form = FORMS[action](request.POST, need=need, auto_id=f"id_{action}_%s")
    if act(request, form, getattr(handling, action), need):
        drop_draft(request, f"need-{action}-{pk}")
        messages.success(request, came_to(_need(request, pk), by=request.post))
        return redirect("need-detail", pk)
    return _page(request, _need(request, pk), {action: form}, status=status_of(form))


def _need(request, pk) -> Need:
    return get_object_or_404(Need.objects.open_to(request.post).select_related(*Need.PLACES), pk=pk)


def _page(request, need: Need, posted: dict | None = None, status: int = 200):
    post, today, posted = request.post, timezone.localdate(), posted or {}
    note_reading(request, need.child)
    dress([need], post, today)
    events = list(need.events.select_related("person", "post__unit", "holder", "owner__person"))
    steps = list(need.steps.select_related("made_by", "made_in__unit"))
    offered = [move.action for move in NEED.open_to(post, need)]
    if NEED.may_undo(post, need):
        offered.append("undo_settle")
    moves = [
        {
            "action": action,
            "label": _("撤销办结") if action == "undo_settle" else NEED.transitions[action].label,
            "form": posted.get(action) or FORMS[action](need=need, auto_id=f"id_{action}_%s"),
            "url": reverse("need-move", args=[need.pk, action]),
            "draft": f"need-{action}-{need.pk}",
            "is_open": action in posted,
            "is_plain": action in ("take", "pull_up", "undo_settle"),
            "is_first": action == "settle",
        }
        for action in offered
    ]
    context = {
        "need": need,
        "hands": hands_of(need, standing(events)),
        "story": story_of(events, steps),
        "moves": moves,
        "step_form": posted.get("step") or StepForm(auto_id="id_step_%s"),
        "may_step": may_add_step(post, need) and need.state != "void",
        "refused": next(iter(posted), ""),
        "unsent": [form for name, form in posted.items() if name not in (*offered, "step")],
        "opens_file": may_open(post, "view_child", need.child),
        "source_url": url_of_source(post, need),
        "today": today,
    }
    return render(request, "registry/needs/detail.html", context, status=status)
