"""The periods of a city: how far each is, until when it is reported; the city's to move and to lock."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NUMBERS, needs
from orgs.drafts.services import drop_draft
from orgs.posts.models import Appointment
from reports.periods.forms import DaysForm, DeadlinesForm
from reports.periods.models import DeadlineRule, ReportingPeriod
from reports.periods.services import days_of, set_days
from reports.periods.workflow import PERIOD
from reports.submissions.last_days import move_period
from reports.submissions.locking import AlreadyLocked, lock_period
from reports.submissions.models import OPEN_STATES, Submission

SHOWN = 24


@needs("manage_periods", reads=NUMBERS)
def period_list(request):
    """The last two years, each with how many units are where."""
    periods = list(ReportingPeriod.objects.of(request.post.unit)[:SHOWN])
    numbers = _numbers(periods, request.post)
    for period in periods:
        period.numbers = numbers.get(period.pk, {})
        period.may_lock = PERIOD.is_open_to(request.post, period, "lock")
    root = request.post.unit
    context = {"periods": periods, "days": days_of(root)}
    return render(request, "reports/submissions/period_list.html", context)


@needs("manage_periods", reads=NUMBERS)
def period_days(request):
    """The days of the periods to come."""
    root, rule = request.post.unit, DeadlineRule.objects.filter(root=request.post.unit).first()
    initial = days_of(root) | {"version": rule.version if rule else 0}
    form = DaysForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        if form.attempt(set_days, root, form.days, by=request.post, seen_version=seen):
            drop_draft(request)
            messages.success(request, _("已记下，从下一个填报期起按新的期限。"))
            return redirect("period-list")
    return render(request, "reports/submissions/period_days.html", {"form": form}, status=status_of(form))


@needs("manage_periods", reads=NUMBERS)
def period_edit(request, pk):
    """The days of one period."""
    period = _period(request, pk)
    initial = {name: getattr(period.deadlines, name) for name in ("village", "township", "county", "city", "locks")}
    form = DeadlinesForm(request.POST or None, initial=initial | {"version": period.version})
    if request.method == "POST" and form.is_valid():
        given = {"reason": form.cleaned_data["reason"], "seen_version": form.cleaned_data["version"]}
        form.attempt(move_period, period, form.deadlines, by=request.post, **given)
        if not form.errors and not form.stale:
            drop_draft(request)
            messages.success(request, _("%(month)s的期限已调整。") % {"month": period})
            return redirect("period-list")
    return render(
        request, "reports/submissions/period_edit.html", {"form": form, "period": period}, status=status_of(form)
    )


@needs("manage_periods")
@require_POST
def period_lock(request, pk):
    period = _period(request, pk)
    try:
        lock_period(period, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except AlreadyLocked as locked:  # what was wanted is done
        messages.info(request, str(locked))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(month)s已锁定，以后只能更正。") % {"month": period})
    return redirect("period-list")


def _period(request, pk) -> ReportingPeriod:
    return get_object_or_404(ReportingPeriod.objects.visible_to(request.post, "manage_periods"), pk=pk)


def _numbers(periods: list[ReportingPeriod], post: Appointment) -> dict:
    """{period: {expected, approved, waiting, behind, waived, on_time}}. One query."""
    rows = Submission.objects.visible_to(post, "manage_periods").filter(period__in=periods).values("period")
    counted = rows.annotate(
        expected=Count("pk"),
        approved=Count("pk", filter=Q(state="approved")),
        waiting=Count("pk", filter=Q(state="submitted")),
        behind=Count("pk", filter=Q(state__in=OPEN_STATES)),
        waived=Count("pk", filter=Q(state="waived")),
        on_time=Count("pk", filter=Q(on_time=True)),
    )
    return {row["period"]: {name: number for name, number in row.items() if name != "period"} for row in counted}
