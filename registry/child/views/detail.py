"""One child's file on one page, and the recorded reading of its sealed numbers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from childwelfare.pages.components import Chip
from orgs.access.declarations import needs
from orgs.audit.models import Audit
from orgs.audit.readings import note_reading
from orgs.audit.services import label_of
from orgs.audit.words import acts_that_read_a_file
from registry.changes.models import ChangeField, Verdict
from registry.child import codes
from registry.child.events import entry_of, told_events
from registry.child.fields import sealed_columns
from registry.child.models import ChildFile, FileState
from registry.child.needed import needed_before_sending
from registry.child.panels import FILE_ACTIONS, PANELS, WAYS_OUT, buttons_of
from registry.child.sections import completeness, sections_of
from registry.child.workflow import FILE
from registry.quality import case_of, lacks_of
from registry.stays.models import may_open

TIMELINE_SHOWN = 30


@needs("view_child", reads="view_file")
def child_file(request, pk):
    """Everything known of the child, numbers masked; opening it leaves a trace."""
    files = ChildFile.objects.open_to(request.post, "view_child").select_related("village", "township", "county")
    file = get_object_or_404(files, pk=pk)
    if file.merged_into and request.post.may("view_child", file.merged_into):
        into = {"number": file.file_number, "name": file.merged_into.name}
        messages.info(request, _("档案 %(number)s 已并入%(name)s的这份档案。") % into)
        return redirect("child-file", file.merged_into_id)
    note_reading(request, file)
    context = file_context(request, file)
    return render(request, "registry/child/detail.html", context)


def file_context(request, file: ChildFile) -> dict:
    """What the file's page shows; ``registry.child.panels`` has what other concepts add."""
    events = told_events(file)
    timeline = [entry_of(event) for event in events]
    panels = [panel for panel in (make_panel(request, file) for make_panel in PANELS) if panel]
    for panel in panels:
        timeline += panel.timeline
    timeline.sort(key=lambda entry: entry.at, reverse=True)
    sections, kept = sections_of(file), request.post.may("view_child", file)
    needed = needed_before_sending(file) if file.editable else {}
    return {
        "file": file,
        "risk_chip": next((panel.risk_chip for panel in panels if panel.risk_chip), None) or _risk_chip(file),
        "memberships": list(file.memberships.all()),
        "sections": sections,
        "complete": completeness(sections),
        "needed": list(needed.values()),
        "lacks": lacks_of(case_of(file)).besides(needed) if file.editable else None,  # what its sender is told
        "moves": FILE.offered_to(request.post, file),
        "file_actions": buttons_of(FILE_ACTIONS, request.post, file),
        "ways_out": buttons_of(WAYS_OUT, request.post, file),
        "may_complete": request.post.may("create_child", file),
        "returned": next((event for event in events if event.is_return), None),
        "timeline": timeline[:TIMELINE_SHOWN],
        "timeline_goes_on": len(timeline) > TIMELINE_SHOWN,
        "may_propose": file.state == FileState.APPROVED and request.post.may("propose_change", file),
        "hosted": not kept,
        "open_changes": list(file.changes.open().prefetch_related("fields").order_by("sent_at")) if kept else [],
        "changed": ChangeField.objects.filter(change__child=file, verdict=Verdict.APPROVED).count(),
        "siblings": list(
            ChildFile.objects.visible_to(request.post, "view_child").siblings_of(file).order_by("birth_date")
        ),
        "panels": panels,
        # this one among them, which is recorded once it is answered
        "readings": Audit.objects.filter(record=label_of(file), action__in=acts_that_read_a_file()).count() + 1,
    }


def _risk_chip(file: ChildFile) -> Chip | None:
    """Of an estimate, the levels that have a tone."""
    tone = codes.RISK_TONES.get(file.risk)
    return Chip(label=gettext("%(level)s风险") % {"level": file.get_risk_display()}, tone=tone) if tone else None


@needs("reveal_child", reads="reveal")
@require_POST
def child_reveal(request, pk):
    """Answer one sealed number in clear; who read which field is recorded."""
    file = get_object_or_404(ChildFile.objects.open_to(request.post, "view_child"), pk=pk)
    if not may_open(request.post, "reveal_child", file):
        raise PermissionDenied
    who, _dot, field = request.POST.get("field", "").rpartition(".")
    if field not in sealed_columns():
        raise Http404
    record = file if not who else _relative(file, who)
    if not hasattr(record, field):  # sealed, but not one of this person's
        raise Http404
    note_reading(request, file, field=field, of=who or "child")
    text = getattr(record, field)
    return render(request, "registry/child/_revealed.html", {"text": text, "phone": text if field == "phone" else ""})


def _relative(file: ChildFile, who: str):
    """``guardian``, or the relation of a family member."""
    found = file.guardians.current() if who == "guardian" else file.family.filter(relation=who)
    record = found.first()
    if record is None:
        raise Http404
    return record
