"""Recording a need of a child, from its page or from where it was found."""

import uuid
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import act, status_of
from childwelfare.text.days import short_day
from orgs.access.declarations import needs as needs_permission
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.models import ChildFile
from registry.child.views.act import refuse_to_open
from registry.needs.deadlines import due_from
from registry.needs.forms import NeedForm
from registry.needs.services.recording import record_need, same_open
from registry.needs.sources import SOURCE_KINDS, record_found


@needs_permission("record_need", reads="view_file")
def need_new(request, pk):
    """``?source=visit&id=…``: found there; a record that is not this child's, or not open to the reader, is left out.
    ``?kind=``: what an assessment proposes."""
    files = ChildFile.objects.visible_to(request.post, "record_need")
    file = get_object_or_404(files.select_related("village__county", "village__township"), pk=pk)
    if back := refuse_to_open(request, file, _("记需求")):
        return back
    found_in = _found_in(request, file)
    initial = {"kind": request.GET.get("kind", ""), "urgency": request.GET.get("urgency", "normal")}
    form = NeedForm(request.POST or None, found_in=found_in and found_in[:2], initial=initial)
    if request.method == "POST" and (need := act(request, form, record_need, file)):
        drop_draft(request)
        text = _("已记下需求“%(kind)s”，由%(unit)s办理，%(day)s前办结。")
        words = {"kind": need.get_kind_display(), "unit": need.holder.short_name, "day": short_day(need.due_on)}
        messages.success(request, text % words)
        return redirect("need-detail", need.pk)
    note_reading(request, file)
    context = {
        "file": file,
        "form": form,
        "found_in": found_in,
        "same": same_open(file, form["kind"].value() or "") if "anyway" in form.errors else None,
        "due": {name: due_from(timezone.localdate(), name) for name in ("urgent", "soon", "normal")},
    }
    return render(request, "registry/needs/new.html", context, status=status_of(form))


def _found_in(request, file: ChildFile) -> tuple | None:
    """(source, key, address, in words) of the record that the link names."""
    source = request.GET.get("source", "")
    try:
        key = uuid.UUID(request.GET.get("id") or "")
    except ValueError:
        return None
    found: Any = record_found(request.post, source, key)
    if found is None or found.child_id != file.pk:
        return None
    return source, key, SOURCE_KINDS[source].url(found), str(SOURCE_KINDS[source].label)
