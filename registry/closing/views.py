"""Pages that close a file and reopen it, and the way back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from registry.child.left_open import LEFT_OPEN
from registry.child.models import ChildFile, FileState
from registry.child.views.act import file_for_act, refuse_to_open, render_act, submit_act, turn_away
from registry.closing.forms import CloseForm, ReopenForm
from registry.closing.services import UNDONE_BY, close_file, reopen_file, undo_act
from registry.transfers.turned_away import turn_away_while_asked


@needs("close_child", reads="view_file")
def child_close(request, pk):
    file = file_for_act(request, pk, "close_child")
    if back := refuse_to_open(request, file, _("结案")) or turn_away_while_asked(request, file):
        return back
    form = CloseForm(request.POST or None, file=file)
    if request.method == "POST" and submit_act(request, form, close_file, file):
        messages.success(request, _("%(name)s的档案已结案。走访安排已停，记录都保留。") % {"name": file.name})
        return redirect("child-file", file.pk)
    return render_act(
        request,
        form,
        file,
        title=_("结案"),
        button=_("结案"),
        note=_("结案后不再在册、不再安排走访；档案和走访记录都保留，可以重新在册。"),
        left_open=[left for told in LEFT_OPEN for left in told(file)],
    )


@needs("reopen_child", reads="view_file")
def child_reopen(request, pk):
    file = file_for_act(request, pk, "reopen_child")
    if file.state != FileState.CLOSED and request.method != "POST":  # what was typed meanwhile is shown again
        return turn_away(request, _("这份档案没有结案，不用重新在册。"), to="child-file", pk=file.pk)
    form = ReopenForm(request.POST or None, file=file)
    if request.method == "POST" and submit_act(request, form, reopen_file, file):
        messages.success(request, _("%(name)s重新在册，走访从今天起安排。") % {"name": file.name})
        return redirect("child-file", file.pk)
    note = _("从今天起重新在册并安排走访；结案前的记录不变。")
    if form.gives_none_back:
        note = _("从今天起重新在册并安排走访。结案前没有还能恢复的类别，重新在册后再提出变更。")
    return render_act(
        request,
        form,
        file,
        title=_("重新在册"),
        button=_("重新在册"),
        note=note,
    )


@needs(*UNDONE_BY)
@require_POST
def child_undo(request, pk):
    """Take back the closing or reopening that one did just now."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "view_child"), pk=pk)
    was_closed = file.state == FileState.CLOSED
    try:
        undo_act(file, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        closing, reopening = _("结案已撤销，%(name)s的档案和结案前一样。"), _("重新在册已撤销，%(name)s仍是结案。")
        messages.success(request, (closing if was_closed else reopening) % {"name": file.name})
    return redirect("child-file", file.pk)
