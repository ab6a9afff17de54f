"""Guidance of a child's guardian and its agreements of entrusted care."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from childwelfare.pages.only_posted import belongs_to
from childwelfare.tables.beginning import beginning_of
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.models import ChildFile, FileState
from registry.child.views.act import refuse_to_open
from registry.guidance import services
from registry.guidance.forms import EndEntrustmentForm, EntrustForm, GuidanceForm, NotifyForm
from registry.guidance.models import Entrustment
from registry.guidance.panel import period_named_in
from registry.guidance.workflow import ENTRUSTMENT

SHOWN = 50


@needs("view_guidance", reads="view_guidance")
def guidance(request, pk):
    """What the guardian was told, the agreements, and the form for the next talk."""
    file = _file(request, pk, "view_guidance")
    carer = file.guardians.current().first()
    form = GuidanceForm(request.POST or None, initial={"guardian": carer.name if carer else ""})
    if request.method == "POST" and act(request, form, services.guide_guardian, file):
        drop_draft(request)
        messages.success(request, _("已记录对监护人的指导。"))
        return redirect("guidance", file.pk)
    return _page(request, file, {"guide": form}, status=status_of(form))


@needs("guide_guardian", reads="view_file")
def entrust_new(request, pk):
    file = _file(request, pk, "guide_guardian")
    if back := refuse_to_open(request, file, _("登记委托照护书")):
        return back
    form = EntrustForm(request.POST or None)
    if request.method == "POST" and act(request, form, services.entrust, file, upload=request.FILES.get("file")):
        drop_draft(request)
        messages.success(request, _("已登记委托照护书。"))
        return redirect("guidance", file.pk)
    note_reading(request, file)
    context = {"file": file, "form": form, "may_entrust": file.state == FileState.APPROVED}
    return render(request, "registry/guidance/entrust.html", context, status=status_of(form))


def _page_of(request, pk) -> str | None:
    """The guidance of the child whose agreement it is."""
    found = Entrustment.objects.visible_to(request.post, "guide_guardian").filter(pk=pk).first()
    return reverse("guidance", args=[found.child_id]) if found else None


def _page_to_read(request, pk) -> str | None:
    found = Entrustment.objects.visible_to(request.post, "view_guidance").filter(pk=pk).first()
    return reverse("guidance", args=[found.child_id]) if found else None


@needs("reveal_child", reads="reveal")
@require_POST
@belongs_to(_page_to_read)
def entrustment_reveal(request, pk):
    """The entrusted carer's telephone in clear, recorded as a reading of the child's file."""
    found = Entrustment.objects.visible_to(request.post, "view_guidance").select_related("child")
    agreement = get_object_or_404(found, pk=pk)
    if not request.post.may("reveal_child", agreement.child):
        raise PermissionDenied
    note_reading(request, agreement.child, field="phone", of="entrusted")
    context = {"text": agreement.carer_phone, "phone": agreement.carer_phone}
    return render(request, "registry/child/_revealed.html", context)


@needs(*ENTRUSTMENT.permissions("notify"), reads="view_guidance")
@require_POST
@belongs_to(_page_of)
def entrustment_notify(request, pk):
    agreement = _agreement(request, pk)
    form = NotifyForm(request.POST, auto_id=f"id_{pk}_%s")
    given = {"seen_version": seen_version(request.POST.get("version")), "upload": request.FILES.get("file")}
    if act(request, form, services.notify, agreement, **given):
        drop_draft(request)
        messages.success(request, _("已补记。"))
        return redirect("guidance", agreement.child_id)
    return _page(request, agreement.child, {"notify": form, "at": agreement.pk}, status=status_of(form))


@needs(*ENTRUSTMENT.permissions("end"), reads="view_guidance")
@require_POST
@belongs_to(_page_of)
def entrustment_end(request, pk):
    agreement = _agreement(request, pk)
    form = EndEntrustmentForm(request.POST, auto_id=f"id_{pk}_%s")
    version = seen_version(request.POST.get("version"))
    if act(request, form, services.end, agreement, seen_version=version):
        drop_draft(request)
        messages.success(request, _("委托照护已结束。"))
        return redirect("guidance", agreement.child_id)
    return _page(request, agreement.child, {"end": form, "at": agreement.pk}, status=status_of(form))


def _file(request, pk, permission: str) -> ChildFile:
    files = ChildFile.objects.visible_to(request.post, permission)
    return get_object_or_404(files.select_related("village__county", "village__township"), pk=pk)


def _agreement(request, pk) -> Entrustment:
    found = Entrustment.objects.visible_to(request.post, "guide_guardian").select_related("child__village", "made_by")
    return get_object_or_404(found, pk=pk)


def _page(request, file: ChildFile, posted: dict, status: int):
    note_reading(request, file)
    registered = file.state == "approved"
    agreements = beginning_of(file.entrustments.select_related("made_by", "paper").order_by("-since", "-id"), SHOWN)
    for agreement in agreements:
        agreement.child = file
        agreement.moves = {move.action for move in ENTRUSTMENT.open_to(request.post, agreement)} if registered else ()
        here = posted if posted.get("at") == agreement.pk else {}
        agreement.notify = here.get("notify") or NotifyForm(auto_id=f"id_{agreement.pk}_%s")
        agreement.end = here.get("end") or EndEntrustmentForm(auto_id=f"id_{agreement.pk}_%s")
        agreement.refused = "notify" if "notify" in here else "end" if "end" in here else ""
        agreement.unsent = None if agreement.refused in agreement.moves else here.get(agreement.refused)
    context = {
        "file": file,
        "form": posted.get("guide") or GuidanceForm(),
        "talks": beginning_of(file.guidance.select_related("made_by").order_by("-given_on", "-id"), SHOWN),
        "agreements": agreements,
        "named_in_file": "" if agreements else period_named_in(file),
        "may_guide": registered and request.post.may("guide_guardian", file),
    }
    return render(request, "registry/guidance/guidance.html", context, status=status)
