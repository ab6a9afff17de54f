"""Spot checks: a station draws and calls back, a county reads what came of it."""

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.tables.beginning import beginning_of
from childwelfare.tables.columns import column_of
from childwelfare.text.months import lately, read_month
from childwelfare.workflow.writers import writers_of
from orgs.access.declarations import Reads, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft, tell_unsent
from registry.family.models import Guardian
from visits.oversight.forms import SpotCheckForm
from visits.oversight.models import Happened, SpotCheck
from visits.oversight.services import (
    FOR_A_COLLEAGUE,
    SHARE,
    checks_asked_of,
    draw_checks,
    record_check,
    visits_to_draw_from,
    with_who_may_ask,
)
from visits.visit.models import Visit, VisitState

SHOWN = 500


@needs("accept_visit", "settle_station_work", reads="view_checks")
def checks(request):
    permission = "accept_visit" if request.post.holds("accept_visit") else "settle_station_work"
    month = read_month(request.GET.get("month", ""))
    found = SpotCheck.objects.visible_to(request.post, permission).filter(month=month)
    found = found.select_related("visit__child", "visit__made_by", "village", "township")
    found = with_who_may_ask(found, request.post)
    rows = beginning_of(found.order_by(F("asked_on").asc(nulls_first=True), "township", "village", "pk"), SHOWN)
    note_reading(request, rows=len(rows))
    context = {
        "rows": rows,
        "month": month,
        "months": lately(),
        "done": sum(1 for row in rows if row.asked_on),
        "differing": sum(1 for row in rows if row.differences),
        "to_draw_from": visits_to_draw_from(request.post, month).count() if permission == "accept_visit" else 0,
        "station_draws": permission != "accept_visit",
        "share": f"{SHARE:.0%}",
    }
    return render(request, "visits/oversight/spot_checks.html", context)


@needs("accept_visit")
@require_POST
def draw(request):
    month = read_month(request.POST.get("month", ""))
    drawn = draw_checks(request.post, month)
    if drawn:
        messages.success(request, _("已抽取 %(n)s 次走访，请逐个回访。") % {"n": len(drawn)})
    else:
        messages.info(request, _("这个月没有还可以抽查的走访：每次走访只参加一次抽取。"))
    return redirect(f"{reverse('spot-checks')}?month={month:%Y-%m}")


@needs("accept_visit", "settle_station_work", reads=Reads(("view_file", "reveal")))
def check(request, pk):
    """Call, ask without reading the answers out, and write down what was said."""
    found = checks_asked_of(request.post).select_related("visit__child", "visit__made_by")
    one = get_object_or_404(found, pk=pk)
    back = f"{reverse('spot-checks')}?month={one.month:%Y-%m}"
    if one.asked_on and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, _("这次走访已经回访过了。"))
        tell_unsent(request)
        return redirect(back)
    if one.visit.state == VisitState.RETURNED and request.method != "POST":
        taken_back, sent_back = _("这次走访已撤回修改，再送出以后再回访。"), _("这次走访已退回，再送出以后再回访。")
        messages.info(request, taken_back if one.visit.is_taken_back else sent_back)
        tell_unsent(request)
        return redirect(back)
    if request.method != "POST" and request.post.person_id in writers_of(one.visit):
        messages.info(request, FOR_A_COLLEAGUE)
        return redirect(back)
    form = SpotCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _record_answers(request, form, one):
        return redirect(back)
    if form.errors:  # a colleague may have been first: then there is nothing to send any more
        one = get_object_or_404(found, pk=pk)
    note_reading(request, one.visit.child)
    guardian = Guardian.objects.filter(child=one.visit.child_id, until=None).first()
    if guardian and guardian.phone:  # to call is what this page is for: the button carries the number
        note_reading(request, one.visit.child, act="reveal", field="phone", of="guardian")
    context = {
        "form": form,
        "check": one,
        "visit": one.visit,
        "child": one.visit.child,
        "guardian": guardian,
        "may_record": one.may_be_asked and request.post.person_id not in writers_of(one.visit),
    }
    return render(request, "visits/oversight/spot_check.html", context, status=status_of(form))


def _record_answers(request, form: SpotCheckForm, one: SpotCheck) -> bool:
    if not form.attempt(record_check, one, by=request.post, answers=form.cleaned_data):
        return False
    drop_draft(request)
    if one.happened == Happened.UNREACHED:
        messages.info(request, _("没联系上，这一条留在名单里，改天再打。"))
    elif one.differences:
        messages.warning(request, _("和走访记录不一致：%(what)s。") % {"what": labels_of(one)})
    else:
        messages.success(request, _("和走访记录一致。"))
    return True


def labels_of(one: SpotCheck) -> str:
    names = [
        Happened.NO.label if name == "happened" else column_of(Visit, name).verbose_name for name in one.differences
    ]
    return _("、").join(map(str, names))
