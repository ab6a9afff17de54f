"""Public holidays: those known for this year and the next, and what the city writes down when a notice comes."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft
from orgs.holidays.following import Moved
from orgs.holidays.forms import HolidayForm
from orgs.holidays.models import Holiday
from orgs.holidays.services import (
    STATE_HOLIDAYS,
    add_holiday,
    days_off,
    digest_of,
    foresee_holiday,
    foresee_removal,
    may_write,
    missing_of_state,
    remove_holiday,
)


@needs("view_visit", "manage_schedule", reads=NO_CHILD)
def holidays(request):
    """Two years; a year whose notice is not out says so."""
    this = timezone.localdate().year
    years = []
    for year in (this, this + 1):
        days = days_off(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        missing = missing_of_state(year, days)
        years.append((year, days, missing, len(missing) == len(STATE_HOLIDAYS)))
    return render(request, "orgs/holidays/list.html", {"years": years, "may_write": may_write(request.post)})


@needs("manage_schedule", reads=NO_CHILD)
def holiday_new(request):
    """Asked twice where open last days would move: what is saved is what was shown."""
    if not may_write(request.post):
        return redirect("holidays")
    form = HolidayForm(request.POST or None)
    moved: list[Moved] = []
    if request.method == "POST" and form.is_valid():
        given = {"by": request.post, **form.cleaned_data}
        moved = form.attempt(foresee_holiday, **given) or []
        is_seen = request.POST.get("seen", "") == digest_of(moved)
        holiday = form.attempt(add_holiday, **given) if is_seen and not form.errors else None
        if holiday:
            drop_draft(request)
            said = _("已记下“%(name)s”的放假安排。") % {"name": holiday.name}
            messages.success(request, said + _told(holiday.moved))
            return redirect("holidays")
    context = {"form": form, "moved": moved, "seen": digest_of(moved)}
    return render(request, "orgs/holidays/form.html", context, status=status_of(form))


@needs("manage_schedule", reads=NO_CHILD)
def holiday_remove(request, pk):
    """What moves back is said before it is taken back."""
    if not may_write(request.post):
        return redirect("holidays")
    holiday = get_object_or_404(Holiday, pk=pk)
    if request.method == "POST":
        moved = remove_holiday(holiday, by=request.post)
        said = _("已去掉“%(name)s”的放假安排。") % {"name": holiday.name}
        messages.success(request, said + _told(moved))
        return redirect("holidays")
    context = {"holiday": holiday, "moved": foresee_removal(holiday, by=request.post)}
    return render(request, "orgs/holidays/remove.html", context)


def _told(moved: list[Moved]) -> str:
    number = len(moved)
    words = ngettext("%(n)s 项期限随之调整，已告知有关单位。", "%(n)s 项期限随之调整，已告知有关单位。", number)
    return words % {"n": number} if number else ""
