"""Registering a child and completing its file before approval."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.workflow.models import last_return
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import ReadsNothing, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft, tell_unsent
from registry.child.forms import ChildForm
from registry.child.models import ChildFile
from registry.child.moves import why_not_eligible
from registry.child.services.files import complete_file, make_file, recall_file
from registry.child.typed_case import typed_case
from registry.child.workflow import FILE
from registry.quality import case_of, lacks_of
from registry.twins.services import TwinsToAnswer


@needs("create_child", reads="view_file")
def child_new(request):
    """A new file: saved as a draft, or sent to the station at once."""
    sibling = _sibling(request)
    if sibling:
        note_reading(request, sibling)
    form = ChildForm(request.POST or None, post=request.post, sibling=sibling, unfinished=_is_put_by(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {"village": data["village"], "pk": data["pk"], "sibling": sibling} | form.service_arguments()
        file = form.attempt(make_file, by=request.post, unfinished=_is_put_by(request), **given)
        if file:
            return _after(request, file, f"child-new-{sibling.pk}" if sibling else "child-new", form.doubts())
    return render(request, "registry/child/form.html", {"form": form, "sibling": sibling}, status=status_of(form))


def _is_put_by(request) -> bool:
    """Whether the file is to be kept as a draft with what is known so far, and not to be sent."""
    return "submit" not in request.POST


def _sibling(request) -> ChildFile | None:
    """The brother's or sister's file that lends its family, where the post may see it."""
    asked = request.GET.get("sibling", "")
    if not asked:
        return None
    try:
        return ChildFile.objects.visible_to(request.post, "create_child").filter(pk=asked).first()
    except ValidationError:  # no UUID
        return None


@needs("create_child", reads="view_file")
def child_edit(request, pk):
    """Complete a draft or a returned file; the reason of the return stands above."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "create_child"), pk=pk)
    if not file.editable and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, _("这份档案已提交或已建档，不能直接修改。"))
        tell_unsent(request, f"child-{file.pk}")
        return redirect("child-file", file.pk)
    note_reading(request, file)
    form = ChildForm(request.POST or None, post=request.post, file=file, unfinished=_is_put_by(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            given = {"seen_version": version, "unfinished": _is_put_by(request)} | form.service_arguments()
            done = form.attempt(complete_file, file, by=request.post, **given)
            if done:
                return _after(request, done, f"child-{file.pk}", form.doubts())
            status = 409 if form.stale else 422
    context = {"form": form, "file": file}
    if file.state == "returned" and (returned := last_return(file)):
        context |= {"returned": returned, "open_at": form.step_named_in(returned.reason)}
    return render(request, "registry/child/form.html", context, status=status)


@needs("create_child", reads=ReadsNothing("of typed facts, which are not kept: names of fields alone"))
@require_POST
def child_lacks(request):
    """The piece that tells the sender, before sending, what a file of the chosen category should tell and does not; it
    may be sent all the same. Empty while too little is known."""
    file = _typed_about(request)
    form = ChildForm(request.POST, post=request.post, file=file)
    form.is_valid()  # what is right of it is in cleaned_data
    case = typed_case(form)
    context = {"lacks": lacks_of(case) if case else None}
    return render(request, "registry/child/_lacks.html", context)


def _typed_about(request) -> ChildFile | None:
    """The draft that the form completes; its numbers are not typed again."""
    typed = str(request.POST.get("pk", ""))
    try:
        return ChildFile.objects.visible_to(request.post, "create_child").filter(pk=typed).first() if typed else None
    except ValidationError:  # no UUID
        return None


@needs("submit_child")
@require_POST
def child_submit(request, pk):
    """Send a draft to the station."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "submit_child"), pk=pk)
    return redirect(_submit(request, file, seen_version(request.POST.get("version"))), file.pk)


@needs("submit_child")
@require_POST
def child_recall(request, pk):
    """Take back a file that the station has not decided yet; its form opens."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "submit_child"), pk=pk)
    try:
        recall_file(file, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("child-file", file.pk)
    messages.success(request, _("%(name)s的档案已撤回。改好再送工作站。") % {"name": file.name})
    if why := why_not_eligible(file, on=timezone.localdate() + datetime.timedelta(days=1)):
        messages.warning(request, _("请今天之内改好送出，明天起就不能再送：%(why)s") % {"why": why})
    return redirect("child-edit", file.pk)


def _after(request, file, draft: str, doubts: list[str]):
    drop_draft(request, draft)
    for doubt in doubts:
        messages.warning(request, doubt)
    if "submit" in request.POST:
        return redirect(_submit(request, file, file.version), file.pk)
    messages.success(request, _("%(name)s的档案已存为草稿，还没有送工作站。") % {"name": file.name})
    return redirect("child-file", file.pk)


def _submit(request, file, version: int) -> str:
    """Send it, say what came of it, and name the page that goes on: where another file may be of the same child, the
    one that asks about the two. The draft is kept."""
    if file.state == "submitted":
        return "child-file"  # sent a second time
    try:
        FILE.apply("submit", file, by=request.post, seen_version=version)
        messages.success(request, _("%(name)s的档案已送到工作站，等待审核。") % {"name": file.name})
        if lacks := lacks_of(case_of(file)):
            said = {"lacks": lacks.chip, "what": lacks.named}
            messages.info(request, _("送出时%(lacks)s：%(what)s。工作站也看到。") % said)
    except TwinsToAnswer as refusal:
        messages.warning(request, _("已存为草稿，还没有送工作站。%(why)s") % {"why": refusal})
        return "child-twins"
    except Refused as refusal:
        messages.error(request, str(refusal))
    return "child-file"
