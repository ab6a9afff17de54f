"""Public holidays: those known for this year and the next, and what the city writes down when a notice comes."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft
from orgs.holidays.forms import HolidayForm
from orgs.holidays.models import Holiday
from orgs.holidays.services import add_holiday, days_off, is_known, may_write, remove_holiday


@needs("view_visit", "manage_schedule", reads=NO_CHILD)
def holidays(request):
    """Two years; a year whose notice is not out says so."""
    this = timezone.localdate().year
    years = [
        (year, days_off(datetime.date(year, 1, 1), datetime.date(year, 12, 31)), is_known(year))
        for year in (this, this + 1)
    ]
    return render(request, "orgs/holidays/list.html", {"years": years, "may_write": may_write(request.post)})


@needs("manage_schedule", reads=NO_CHILD)
def holiday_new(request):
    if not may_write(request.post):
        return redirect("holidays")
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        holiday = form.attempt(add_holiday, by=request.post, **form.cleaned_data)
        if holiday:
            drop_draft(request)
            messages.success(request, _("已记下“%(name)s”的放假安排。") % {"name": holiday.name})
            return redirect("holidays")
    return render(request, "orgs/holidays/form.html", {"form": form}, status=status_of(form))


@needs("manage_schedule")
@require_POST
def holiday_remove(request, pk):
    if may_write(request.post):
        holiday = get_object_or_404(Holiday, pk=pk)
        remove_holiday(holiday, by=request.post)
        messages.success(request, _("已去掉“%(name)s”的放假安排。") % {"name": holiday.name})
    return redirect("holidays")
