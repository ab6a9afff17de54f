"""Meetings of stations and counties: the list, a new one with the needs on its table, one with its minutes on A4."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from childwelfare.pages.form_action import act, status_of
from childwelfare.tables.keyset import page_of
from orgs.access.declarations import needs as needs_permission
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.meetings.forms import ItemForm, MeetingForm
from registry.meetings.models import Meeting
from registry.meetings.services import MOST_NEEDS, hold_meeting, items_of
from registry.needs.models import Need
from registry.needs.presentation import child_name_for
from registry.needs.services.handling import last_days_of
from registry.needs.views.listing import dress


@needs_permission("view_meeting", reads="list_meetings")
def meeting_list(request):
    meetings = Meeting.objects.visible_to(request.post, "view_meeting")
    rows = meetings.select_related("unit__city", "unit__county", "unit__township", "made_by").prefetch_related("items")
    page = page_of(rows, ("held_on", "id"), request.GET.get("page", ""))
    note_reading(request, rows=len(page))
    context = {"page": page, "may_hold": request.post.holds("hold_meeting")}
    return render(request, "registry/meetings/list.html", context)


@needs_permission("hold_meeting", reads="list_needs")
def meeting_new(request):
    """``?need=``: the one from whose page it was opened, on top."""
    post, today = request.post, timezone.localdate()
    needs = _on_the_table(request)
    dress(needs, post, today)
    posted = request.POST or None
    last_days = last_days_of(needs, by=post)
    form = MeetingForm(posted, items=[ItemForm(posted, need=need, last_day=last_days[need.pk]) for need in needs])
    if request.method == "POST" and (meeting := _saved(request, form)):
        drop_draft(request)
        number = meeting.items.count()
        text = ngettext("已记下会商，%(n)s 条需求按会上定的办。", "已记下会商，%(n)s 条需求按会上定的办。", number)
        messages.success(request, text % {"n": number})
        return redirect("meeting-detail", meeting.pk)
    note_reading(request, rows=len(needs))
    context = {"form": form, "most": MOST_NEEDS, "asked": request.GET.get("need", "")}
    return render(request, "registry/meetings/new.html", context, status=status_of(form))


@needs_permission("view_meeting", reads="view_meeting")
def meeting_detail(request, pk):
    return render(request, "registry/meetings/detail.html", _shown(request, pk))


@needs_permission("view_meeting", reads="print_meeting")
def meeting_print(request, pk):
    """The minutes on A4, with lines to sign on."""
    return render(request, "registry/meetings/print.html", _shown(request, pk))


def _saved(request, form: MeetingForm) -> Meeting | None:
    return act(request, form, hold_meeting)


def _on_the_table(request) -> list[Need]:
    """What was posted, else what is open in the unit's area: what it holds itself first, the most urgent on top."""
    found = Need.objects.open_to(request.post).select_related(*Need.PLACES)
    if request.method == "POST":
        keys = [name[2:-9] for name in request.POST if name.startswith("n-") and name.endswith("-decision")]
        return list(found.filter(pk__in=[key for key in map(_uuid, keys) if key]).most_urgent_first())
    own = list(found.open().filter(holder__in=request.post.unit.own_keys).most_urgent_first()[:MOST_NEEDS])
    below = found.open().filter(holder__level__gt=request.post.unit.level).most_urgent_first()
    needs = own + list(below[: MOST_NEEDS - len(own)])
    if asked := _uuid(request.GET.get("need", "")):
        first = [need for need in needs if need.pk == asked] or list(found.open().filter(pk=asked))
        needs = first + [need for need in needs if need.pk != asked]
    return needs


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _shown(request, pk) -> dict:
    meetings = Meeting.objects.visible_to(request.post, "view_meeting")
    units = ("unit__city", "unit__county", "unit__township", "made_by")
    meeting = get_object_or_404(meetings.select_related(*units), pk=pk)
    items = items_of(meeting)
    for item in items:
        item.whose = child_name_for(request.post, item.need)
    note_reading(request, meeting)
    return {"meeting": meeting, "items": items}
