"""Pages that close a file and reopen it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from orgs.access.declarations import needs
from registry.child.views.act import file_for_act, render_act, submit_act
from registry.closing.forms import CloseForm, ReopenForm
from registry.closing.services import close_file, reopen_file


@needs("close_child", reads="view_file")
def child_close(request, pk):
    file = file_for_act(request, pk, "close_child")
    form = CloseForm(request.POST or None, file=file)
    if request.method == "POST" and submit_act(form, close_file, file, by=request.post):
        messages.success(request, _("%(name)s的档案已结案。走访安排已停，记录都保留。") % {"name": file.name})
        return redirect("child-file", file.pk)
    return render_act(
        request,
        form,
        file,
        title=_("结案"),
        button=_("结案"),
        note=_("结案后不再在册、不再安排走访；档案和走访记录都保留，可以重新在册。"),
    )


@needs("reopen_child", reads="view_file")
def child_reopen(request, pk):
    file = file_for_act(request, pk, "reopen_child")
    form = ReopenForm(request.POST or None, file=file)
    if request.method == "POST" and submit_act(form, reopen_file, file, by=request.post):
        messages.success(request, _("%(name)s重新在册，走访从今天起安排。") % {"name": file.name})
        return redirect("child-file", file.pk)
    return render_act(
        request,
        form,
        file,
        title=_("重新在册"),
        button=_("重新在册"),
        note=_("从今天起重新在册并安排走访；结案前的记录不变。"),
    )
