"""One child's file on one page, and the recorded reading of its sealed numbers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from childwelfare.pages.components import TimelineEntry
from orgs.access.declarations import needs
from orgs.audit.models import Audit
from orgs.audit.services import label_of, record_act
from registry.changes.models import ChangeField, Verdict
from registry.child import codes
from registry.child.file_actions import actions_of
from registry.child.id_number import masked, masked_phone
from registry.child.models import ChildFile, ChildFileEvent, FileState
from registry.child.panels import PANELS
from registry.child.sections import completeness, sections_of
from registry.child.workflow import FILE
from registry.stays.models import may_open

SEALED = {"id_number": masked, "phone": masked_phone, "disability_certificate": masked_phone}
EVENT_WORDS = {
    "make": _("新建档案"),
    "submit": _("提交审核"),
    "approve": _("建档通过"),
    "return": _("退回补充"),
    "undo": _("撤销刚才的审核"),
    "close": _("结案"),
    "reopen": _("重新在册"),
    "move": _("转到另一村（居）"),
    "merge": _("合并档案"),
    "unmerge": _("撤销合并"),
    "stay": _("临时居住"),
    "stay_end": _("临时居住结束"),
}
EVENT_TONES = {"approve": "ok", "return": "warm", "submit": "brand"}


@needs("view_child")
def child_file(request, pk):
    """Everything known of the child, numbers masked; opening it leaves a trace."""
    files = ChildFile.objects.open_to(request.post, "view_child").select_related("village", "township", "county")
    file = get_object_or_404(files, pk=pk)
    if file.merged_into and request.post.may("view_child", file.merged_into):
        into = {"number": file.file_number, "name": file.merged_into.name}
        messages.info(request, _("档案 %(number)s 已并入%(name)s的这份档案。") % into)
        return redirect("child-file", file.merged_into_id)
    record_act(request.post, "view_file", file)
    context = file_context(request, file)
    return render(request, "registry/child/detail.html", context)


def file_context(request, file: ChildFile) -> dict:
    """What the file's page shows; other concepts add their panels (``registry.child.panels``)."""
    files = [file.pk, *file.merged_files.values_list("pk", flat=True)]
    found = ChildFileEvent.objects.filter(record__in=files).select_related("person", "post__unit").order_by("-at")
    events = [event for event in found if event.record_id == file.pk or event.action != "merge"]
    timeline = [_entry(event) for event in events]
    panels = [panel for make_panel in PANELS if (panel := make_panel(request, file))]
    for panel in panels:
        timeline += panel.timeline
    timeline.sort(key=lambda entry: entry.at, reverse=True)
    sections, kept = sections_of(file), request.post.may("view_child", file)
    return {
        "file": file,
        "risk_tone": codes.RISK_TONES.get(file.risk, ""),
        "memberships": list(file.memberships.all()),
        "sections": sections,
        "complete": completeness(sections),
        "moves": FILE.open_to(request.post, file),
        "whole": actions_of(request.post, file),
        "may_complete": request.post.may("create_child", file),
        "returned": next((event for event in events if event.action == "return"), None),
        "timeline": timeline[:30],
        "may_propose": file.state == FileState.APPROVED and request.post.may("propose_change", file),
        "hosted": not kept,
        "open_changes": list(file.changes.open().prefetch_related("fields").order_by("sent_at")) if kept else [],
        "changed": ChangeField.objects.filter(change__child=file, verdict=Verdict.APPROVED).count(),
        "siblings": list(
            ChildFile.objects.visible_to(request.post, "view_child").siblings_of(file).order_by("birth_date")
        ),
        "panels": panels,
        "readings": Audit.objects.filter(record=label_of(file), action__in=("view_file", "reveal")).count(),
    }


def _entry(event: ChildFileEvent) -> TimelineEntry:
    return TimelineEntry(
        at=event.at,
        title=EVENT_WORDS.get(event.action, event.action),
        note=event.person.name + (f"：{event.reason}" if event.reason else ""),
        tone=EVENT_TONES.get(event.action, ""),
    )


@needs("reveal_child")
@require_POST
def child_reveal(request, pk):
    """Answer one sealed number in clear; who read which field is written first."""
    file = get_object_or_404(ChildFile.objects.open_to(request.post, "view_child"), pk=pk)
    if not may_open(request.post, "reveal_child", file):
        raise PermissionDenied
    who, dot, field = request.POST.get("field", "").rpartition(".")
    if field not in SEALED:
        raise Http404
    record = file if not who else _relative(file, who)
    record_act(request.post, "reveal", file, field=field, of=who or "child")
    text = getattr(record, field)
    return render(request, "registry/child/_revealed.html", {"text": text, "phone": text if field == "phone" else ""})


def _relative(file: ChildFile, who: str):
    """``guardian``, or the relation of a family member."""
    found = file.guardians.current() if who == "guardian" else file.family.filter(relation=who)
    record = found.first()
    if record is None:
        raise Http404
    return record
