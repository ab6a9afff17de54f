"""Mandatory reports: raising one, the list, one report with its clock, and what is done about it."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from childwelfare.tables.keyset import capped_count, page_of
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from orgs.units.models import Level
from registry.child.models import ChildFile
from registry.needs.services.recording import may_be_recorded_for
from registry.stays.models import may_open
from visits.alerts.forms import (
    AlertForm,
    CallForm,
    CloseForm,
    ReopenForm,
    SituationsForm,
    StepForm,
    UndoForm,
    draft_key,
)
from visits.alerts.models import HANDLED_WITHIN_HOURS, Alert, AlertState
from visits.alerts.presentation import child_name_for, timeline_of
from visits.alerts.services import handling
from visits.alerts.services import raising as alerts
from visits.alerts.services.handling import may_undo_close
from visits.alerts.workflow import ALERT

TABS = ("open", "late", "closed")
READERS = ("view_alert", "raise_alert")


@needs("raise_alert", reads="view_file")
def alert_new(request):
    """110 first, then what was seen, then one tap. ``?child=`` fixes the child."""
    child = _child_asked(request)
    if child:
        note_reading(request, child)
    form = AlertForm(request.POST or None, post=request.post, child=child)
    listed = getattr(form.fields["child"], "queryset", None)  # of whom a director chooses
    if listed is not None:
        note_reading(request, rows=listed.count())
    draft = draft_key(child.pk if child else None)
    if request.method == "POST" and (alert := act(request, form, alerts.raise_alert)):
        drop_draft(request, draft)
        text = _("已报告乡镇、县、市，编号 %(number)s。%(hours)s 小时计时已开始。")
        messages.success(request, text % {"number": alert.number, "hours": HANDLED_WITHIN_HOURS})
        return redirect("alert-detail", alert.pk)
    known = {"hotline": settings.CWR_HOTLINE, "within": HANDLED_WITHIN_HOURS}
    context = known | {"form": form, "child": child, "draft": draft, "lost": _child_lost(request, child)}
    return render(request, "visits/alerts/form.html", context, status=status_of(form))


@needs(*READERS, reads="list_alerts")
def alert_list(request):
    now, post = timezone.now(), request.post
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "open"
    found = Alert.objects.open_to(post)
    found = {"open": found.open(), "late": found.late(now), "closed": found.filter(state=AlertState.CLOSED)}[tab]
    context = {"tab": tab, "may_raise": post.holds("raise_alert"), "now": now, "within": HANDLED_WITHIN_HOURS}
    context["count"], context["more"] = capped_count(found)
    rows = found.select_related("child", "village", "township", "county", "made_by")
    context["page"] = page_of(rows, ("made_at", "id"), request.GET.get("page", ""))
    note_reading(request, rows=len(context["page"]), tab=tab)
    for alert in context["page"]:
        alert.whose, alert.is_late = child_name_for(post, alert), alert.late(now)
    return render(request, "visits/alerts/list.html", context)


@needs(*READERS, reads="view_alert")
def alert_detail(request, pk):
    return _page(request, _alert(request, pk))


@needs("acknowledge_alert")
@require_POST
def alert_acknowledge(request, pk):
    alert = _alert(request, pk)
    try:
        alerts.acknowledge(alert, by=request.post, seen_version=seen_version(request.POST.get("version")))
        text = _("已签收。请尽快到场查看，%(hours)s 小时内要有处置。")
        messages.success(request, text % {"hours": HANDLED_WITHIN_HOURS})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("alert-detail", pk)


@needs("raise_alert", reads="view_alert")
@require_POST
def alert_call(request, pk):
    return _act(request, pk, "call", alerts.complete_call, _("已补记报警。"), versioned=True)


@needs("raise_alert", reads="view_alert")
@require_POST
def alert_situations(request, pk):
    """Which situation it is, of a report that an assessment opened."""
    return _act(request, pk, "situations", alerts.name_situations, _("已选定情形。"), versioned=True)


@needs("raise_alert", reads="view_alert")
@require_POST
def alert_step(request, pk):
    return _act(request, pk, "step", handling.add_step, _("已记录。"))


@needs("close_alert", reads="view_alert")
@require_POST
def alert_close(request, pk):
    return _act(request, pk, "close", handling.close, _("已办结。"), versioned=True)


@needs("raise_alert", reads="view_alert")
@require_POST
def alert_reopen(request, pk):
    done = _("已重新打开，%(hours)s 小时重新计时。") % {"hours": HANDLED_WITHIN_HOURS}
    return _act(request, pk, "reopen", handling.reopen, done, versioned=True)


@needs(*ALERT.permissions("close"), reads="view_alert")
@require_POST
def alert_undo(request, pk):
    """Take back the closing that one did just now."""
    return _act(request, pk, "undo", handling.undo_close, _("办结已撤销，这份报告和办结前一样。"), versioned=True)


def _alert(request, pk) -> Alert:
    found = Alert.objects.open_to(request.post)
    places = ("child__village__county", "child__village__township", "village__county", "village__township")
    return get_object_or_404(found.select_related("made_by", "made_in__unit", *places), pk=pk)


def _child_asked(request) -> ChildFile | None:
    """The child of the link; an unknown key opens the form for an unknown child. Not the one chosen in the form: beside
    that one stand the words about a child who isn't listed."""
    try:
        key = uuid.UUID(request.GET.get("child") or "")
    except ValueError:
        return None
    files = ChildFile.objects.open_to(request.post, "view_child")
    return files.select_related("village__county", "village__township").filter(pk=key).first()


def _child_lost(request, child: ChildFile | None) -> str:
    """The key of a child that the link names and that is kept from the reader: what was written about it is shown."""
    asked = request.GET.get("child", "")
    return "" if child else asked[:36]


def _act(request, pk, name: str, service, done: str, *, versioned=False):
    """One of the forms on a report's page; refused, the page again with what was typed."""
    alert = _alert(request, pk)
    form = _forms(request.post, alert, posted=(name, request.POST))[name]
    given = {"seen_version": seen_version(request.POST.get("version"))} if versioned else {}
    if act(request, form, service, alert, **given):
        drop_draft(request, f"alert-{name}-{pk}")
        messages.success(request, done)
        return redirect("alert-detail", pk)
    alert = _alert(request, pk)
    return _page(request, alert, {name: form}, status=status_of(form))


def _forms(post, alert: Alert, posted=("", None)) -> dict:
    name, data = posted
    handles = post.may("handle_alert", alert) or bool(alert.child and post.may("handle_alert", alert.child))
    call = {field: getattr(alert, field) for field in ("call", "called_at", "police_unit", "police_receipt")}
    call["called_at"] = call["called_at"] or timezone.localtime()
    return {
        "call": CallForm(data if name == "call" else None, initial=call, auto_id="id_call_%s"),
        "situations": SituationsForm(data if name == "situations" else None, auto_id="id_situations_%s"),
        "step": StepForm(data if name == "step" else None, all_kinds=handles, auto_id="id_step_%s"),
        "close": CloseForm(data if name == "close" else None, auto_id="id_close_%s"),
        "reopen": ReopenForm(data if name == "reopen" else None, auto_id="id_reopen_%s"),
        "undo": UndoForm(data if name == "undo" else None, auto_id="id_undo_%s"),
    }


def _page(request, alert: Alert, refused: dict | None = None, status: int = 200):
    note_reading(request, alert)
    post, now = request.post, timezone.now()
    signed = {Level.TOWNSHIP: alert.township_at, Level.COUNTY: alert.county_at}.get(post.unit.level)
    moves = {move.action for move in ALERT.open_to(post, alert)}
    minutes_left = max(0, int((alert.due_at - now).total_seconds() // 60))
    writes = post.holds("raise_alert")
    is_open = alert.state != AlertState.CLOSED
    drawn = {
        "call": writes and is_open and not alert.police_receipt,
        "situations": is_open and bool(alert.screened) and alerts.may_name_situations(post, alert),
        "step": writes and is_open,
        "close": "close" in moves,
        "reopen": "reopen" in moves,
        "undo": may_undo_close(post, alert),
    }
    context = {
        "alert": alert,
        "whose": child_name_for(post, alert),
        "now": now,
        "late": alert.late(now),
        "within": HANDLED_WITHIN_HOURS,
        "hours": minutes_left // 60,
        "minutes": f"{minutes_left % 60:02}",
        "clock_runs": alert.handled_at is None and alert.state != AlertState.CLOSED,
        "opens_file": alert.child is not None and may_open(post, "view_child", alert.child),
        "may_record_need": alert.child is not None and may_be_recorded_for(post, alert.child),
        "may_sign": "acknowledge" in moves and not signed,
        "drawn": drawn,
        "unsent": [form for name, form in (refused or {}).items() if not drawn[name]],
        "forms": _forms(post, alert) | (refused or {}),
        "refused": next(iter(refused), "") if refused else "",
        "timeline": timeline_of(alert),
        "hotline": settings.CWR_HOTLINE,
    }
    return render(request, "visits/alerts/detail.html", context, status=status)
