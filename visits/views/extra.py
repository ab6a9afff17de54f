"""The station asks for a visit besides the rules."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from childwelfare.workflow import Refused, Stale
from orgs.access import needs
from visits.forms.schedule import ExtraForm, WithdrawForm
from visits.models import ExtraVisit
from visits.services.extra import children_to_order, order_extra, withdraw_extra


@needs("order_visit")
def extra_new(request, pk):
    child = get_object_or_404(children_to_order(request.post).select_related("village"), pk=pk)
    if extra := child.extra_visits.open().first():
        return redirect("extra-withdraw", extra.pk)
    form, status = ExtraForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            extra, status = _try(form, order_extra, child, by=request.post)
            if extra:
                text = _("已要求在%(day)s前走访%(name)s，今日走访里马上能看到。")
                said = {"day": date_format(extra.due_on, "MONTH_DAY_FORMAT"), "name": child.name}
                messages.success(request, text % said)
                return redirect("child-file", child.pk)
    context = {"form": form, "child": child}
    return render(request, "visits/plan_extra.html", context, status=status)


@needs("order_visit")
def extra_withdraw(request, pk):
    """What was asked for, and taking it back."""
    children = children_to_order(request.post).values("pk")
    extras = ExtraVisit.objects.filter(child__in=children).select_related("child__village", "made_by")
    extra = get_object_or_404(extras, pk=pk)
    form, status = WithdrawForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            gone, status = _try(form, withdraw_extra, extra, by=request.post)
            if gone:
                messages.success(request, _("已撤回对%(name)s的加访。") % {"name": extra.child.name})
                return redirect("child-file", extra.child_id)
    context = {"form": form, "child": extra.child, "extra": extra}
    return render(request, "visits/plan_extra.html", context, status=status)


def _try(form, service, record, **kwargs):
    """(what the service answered or None, the status of the page)."""
    try:
        return service(record, **form.cleaned_data, **kwargs), 200
    except ValidationError as error:
        form.take_errors(error)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None, 409 if isinstance(refusal, Stale) else 422
    return None, 422
