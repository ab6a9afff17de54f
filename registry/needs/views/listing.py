"""Needs within one's reach: as a list, as a board by who holds them, as figures of the units below."""

from typing import Any

from django.shortcuts import render
from django.utils import timezone

from childwelfare.tables.keyset import page_of
from orgs.access.declarations import needs as needs_permission
from orgs.audit.readings import note_reading
from orgs.holidays.working_days import LONGEST, WorkingDays
from registry.needs.lists import Asked, board_of, choices_for, counts_of, figures_below, rows_of
from registry.needs.models import Need
from registry.needs.presentation import child_name_for, clock_of, goes_up_in_words, holder_in_words

VIEWS = ("list", "board", "figures")


@needs_permission("view_need", reads="list_needs")
def need_list(request):
    """``?view=``: list, board or figures. The city, which goes by figures, finds below them what it holds itself."""
    post, today = request.post, timezone.localdate()
    asked, view = Asked.of(request.GET), request.GET.get("view", "")
    view = view if view in VIEWS else "list"
    found = asked.narrow(Need.objects.open_to(post), post, today)
    context: dict[str, Any] = {
        "view": view,
        "asked": asked,
        "choices": choices_for(post),
        "counts": counts_of(post, today),
        "today": today,
        "kept": _kept(request),
    }
    shown: list[Need] = []
    if view == "list":
        page = page_of(rows_of(found), ("due_on", "id"), request.GET.get("page", ""), ascending=True)
        context["page"], shown = page, page.rows
    elif view == "board":
        context["columns"] = board_of(post, found.open(), today)
        shown = [need for column in context["columns"] for need in column.needs]
    else:
        figures = figures_below(post, today)
        context["figures"] = [row for row in figures if row.number or row.unsatisfied]
        context["quiet"] = [row.unit.short_name for row in figures if not (row.number or row.unsatisfied)]
    dress(shown, post, today)
    note_reading(request, rows=len(shown))
    return render(request, "registry/needs/list.html", context)


def dress(needs, post, today) -> None:
    """What a row shows besides its columns. One query for all: the days off."""
    if not needs:
        return
    days = WorkingDays(today - LONGEST, today)
    for need in needs:
        need.whose = child_name_for(post, need)
        need.clock = clock_of(need, today)
        need.held = holder_in_words(need)
        need.age = (today - need.found_on).days
        need.goes_up = goes_up_in_words(need, today, days) if need.due_on >= today - LONGEST else ""


def _kept(request) -> str:
    """The filters of the address, for the ways to the other views."""
    asked = request.GET.copy()
    for name in ("page", "view"):
        asked.pop(name, None)
    return asked.urlencode()
