"""The page of a child's line of time."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from registry.child import codes
from registry.child.models import ChildFile
from registry.timeline.drawing import draw
from registry.timeline.lanes import PARTS
from registry.timeline.presentation import next_rows
from registry.timeline.services import entries_of, lanes_of, next_steps_of
from registry.timeline.span import SPANS, span_of

SHOWN = 60  # entries; the rest after one more click
KINDS = {"": _("全部"), "visit": _("走访"), "assessment": _("评估"), "care": _("帮扶")}


@needs("view_child", reads="view_file")
def child_line(request, pk):
    """What went on beside each other, who holds what since when, what comes next, and what happened.

    ``?span=half|year|all``; ``?kind=visit|assessment|care`` narrows what happened; ``?whole=1`` tells all of it.
    """
    files = ChildFile.objects.open_to(request.post, "view_child").select_related("village", "township", "county")
    file = get_object_or_404(files, pk=pk)
    note_reading(request, file)
    today = timezone.localdate()
    span_key, span = span_of(request.GET.get("span", ""), file, today)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    entries, whole = entries_of(request, file, kind), "whole" in request.GET
    context = {
        "file": file,
        "risk_tone": codes.RISK_TONES.get(file.risk, ""),
        "drawing": draw(lanes_of(request.post, file, span), span, today),
        "spans": SPANS,
        "span": span_key,
        "steps": next_rows(next_steps_of(request.post, file), today),
        "parts": [part for make_part in PARTS if (part := make_part(request, file))],
        "kinds": KINDS,
        "kind": kind,
        "entries": entries if whole else entries[:SHOWN],
        "number": len(entries),
        "goes_on": not whole and len(entries) > SHOWN,
    }
    return render(request, "registry/timeline/line.html", context)
