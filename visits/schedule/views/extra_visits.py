"""The station asks for a visit besides the rules."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from childwelfare.text.days import short_day
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft, tell_unsent
from registry.child.views.act import refuse_to_open
from visits.schedule.forms import ExtraForm, WithdrawForm
from visits.schedule.models import ExtraVisit
from visits.schedule.services.extra_visits import children_to_order, order_extra, withdraw_extra


@needs("order_visit", reads="view_file")
def extra_new(request, pk):
    child = get_object_or_404(children_to_order(request.post).select_related("village"), pk=pk)
    if back := refuse_to_open(request, child, _("加访")):
        return back
    if request.method != "POST" and (extra := child.extra_visits.open().first()):  # what was typed is shown again
        tell_unsent(request)
        return redirect("extra-withdraw", extra.pk)
    form = ExtraForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        extra = form.attempt(order_extra, child, by=request.post, **form.cleaned_data)
        if extra:
            drop_draft(request)
            text = _("已要求在%(day)s前走访%(name)s，今日走访里马上能看到。")
            said = {"day": short_day(extra.due_on), "name": child.name}
            messages.success(request, text % said)
            return redirect("child-file", child.pk)
    note_reading(request, child)
    context = {"form": form, "child": child}
    return render(request, "visits/schedule/extra_visit.html", context, status=_status(request, form))


@needs("order_visit", reads="view_file")
def extra_withdraw(request, pk):
    """What was asked for, and taking it back."""
    children = children_to_order(request.post).values("pk")
    extras = ExtraVisit.objects.filter(child__in=children).select_related("child__village", "made_by")
    extra = get_object_or_404(extras, pk=pk)
    form = WithdrawForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and form.attempt(withdraw_extra, extra, by=request.post, **form.cleaned_data):
        drop_draft(request)
        messages.success(request, _("已撤回对%(name)s的加访。") % {"name": extra.child.name})
        return redirect("child-file", extra.child_id)
    note_reading(request, extra.child)
    context = {"form": form, "child": extra.child, "extra": extra}
    return render(request, "visits/schedule/extra_visit.html", context, status=_status(request, form))


def _status(request, form) -> int:
    """An empty POST leaves the form unbound: nothing was said, so it is wrong as well."""
    return 422 if request.method == "POST" and not form.is_bound else status_of(form)
