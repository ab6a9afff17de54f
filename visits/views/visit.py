"""Logging a visit, reading one, correcting a returned one, and its photos."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orgs.access import needs
from orgs.services.audit import record_act
from registry.models import ChildFile, FileState, may_open, stay_of
from visits.alert_panel import open_alerts
from visits.forms import VisitForm
from visits.models import Visit, VisitPhoto
from visits.services.follow import stays_over
from visits.services.log import children_to_visit, correct_visit, log_visit
from visits.services.photos import add_photos, check_photos, read_photo
from visits.workflow import VISIT


@needs("log_visit")
def visit_new(request, pk):
    """The form for one child; last time's answers are named, nothing of them is chosen."""
    child = get_object_or_404(children_to_visit(request.post).select_related("village"), pk=pk)
    if not may_open(request.post, "log_visit", child):
        return _late_visit(request, child)
    if child.state != FileState.APPROVED:
        messages.info(request, _("%(name)s的档案不在册，不能记录走访。") % {"name": child.name})
        return redirect("child-file", child.pk)
    last = child.visits.seen().newest_first().first()
    form = VisitForm(request.POST or None, last=last)
    if request.method == "POST" and form.is_valid():
        visit = _try(request, form, log_visit, child, pk=form.cleaned_data["pk"] or uuid.uuid4())
        if visit:
            text = _("%(name)s的走访已送到工作站，回执 %(receipt)s。")
            messages.success(request, text % {"name": child.name, "receipt": visit.receipt})
            return redirect("home" if request.post.unit.level == 4 else "visit-list")
    guardian = child.guardians.filter(until=None).first()
    context = {"form": form, "child": child, "guardian": guardian, "last": last, "stay": stay_of(child)}
    context["alerts"] = open_alerts(request.post, child.pk)
    return render(request, "visits/visit_form.html", context, status=422 if form.errors else 200)


def _late_visit(request, child: ChildFile):
    """A visit made before the child was handed on or went home, sent afterwards. The file is no longer shown."""
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        visit = _try(request, form, log_visit, child, pk=form.cleaned_data["pk"] or uuid.uuid4())
        if visit:
            text = _("之前的走访已记入档案，回执 %(receipt)s。")
            messages.success(request, text % {"receipt": visit.receipt})
            return redirect("home")
    context = {"form": form, "child": child} | _why_before(request.post, child)
    return render(request, "visits/visit_form.html", context, status=422 if form.errors else 200)


def _why_before(post, child: ChildFile) -> dict:
    """Why only visits from before may be sent: ``before`` for the heading, ``before_hint`` in full."""
    place = {"moved_to": child.village.path_label}
    if stays_over(post).filter(child=child).exists():
        return {
            "before": _("临时居住已结束，只能补记结束之前的走访"),
            "before_hint": _("孩子的临时居住已结束。结束之前做的走访可以在这里补记，之后的由%(moved_to)s记录。")
            % place,
        }
    return {
        "before": _("已转到%(moved_to)s，只能补记转走之前的走访") % place,
        "before_hint": _(
            "孩子已转到%(moved_to)s，档案由那里管理。转走之前做的走访可以在这里补记，之后的由那里记录。"
        ) % place,
    }  # fmt: skip


@needs("log_visit")
def visit_edit(request, pk):
    """Complete what the station sent back; its reason stands above."""
    visit = get_object_or_404(Visit.objects.open_to(request.post, "log_visit").select_related("child"), pk=pk)
    if visit.state != "returned":
        messages.info(request, _("这条走访不在退回状态，不能修改。"))
        return redirect("visit-detail", visit.pk)
    form, status = VisitForm(request.POST or None, visit=visit), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            if _try(request, form, correct_visit, visit, seen_version=version):
                messages.success(request, _("已补充，重新送到工作站，回执 %(r)s。") % {"r": visit.receipt})
                return redirect("home")
            status = 409 if form.stale else 422
    returned = visit.events.filter(action="return").select_related("person").last()
    context = {"form": form, "child": visit.child, "visit": visit, "returned": returned}
    return render(request, "visits/visit_form.html", context, status=status)


@needs("view_visit")
def visit_detail(request, pk):
    visits = Visit.objects.open_to(request.post, "view_visit").select_related("child__village", "made_by", "village")
    visit = get_object_or_404(visits, pk=pk)
    record_act(request.post, "view_visit", visit)
    context = visit_context(request, visit)
    return render(request, "visits/visit_detail.html", context | {"visit_case": context})


def visit_context(request, visit: Visit) -> dict:
    """A visit beside the one before it."""
    before = visit.child.visits.seen().filter(visited_on__lt=visit.visited_on).newest_first().first()
    if before and not may_open(request.post, "view_visit", visit.child):
        before = None  # a host reads its own visits after the stay, not those of others
    return {
        "visit": visit,
        "child": visit.child,
        "lines": compared(visit, before),
        "before": before,
        "alerts": open_alerts(request.post, visit.child_id),
        "photos": list(visit.photos.all()),
        "events": list(visit.events.select_related("person", "post__unit")),
        "moves": VISIT.open_to(request.post, visit),
    }


COMPARED = ("carer", "care", "living", "attendance", "health", "mood")
SHOWN = (
    "met", "met_relation", "seen_alone", "parent_contact_on", "lives_alone", "carer_note", "hazard_note",
    "family_change", "guardian_words", "needs", "help_given", "benefits", "next_on", "late_reason",
)  # fmt: skip


def compared(visit: Visit, before: Visit | None) -> list[dict]:
    """Each answer with last time's beside it; ``changed`` where they differ."""
    lines = []
    for name in COMPARED:
        now = getattr(visit, f"get_{name}_display")()
        then = getattr(before, f"get_{name}_display")() if before else ""
        if now or then:
            lines.append(_line(name, then, now, changed=bool(before) and then != now))
    hazards = _("、").join(map(str, visit.hazard_labels)) or (_("没有") if visit.outcome == "seen" else "")
    then = (_("、").join(map(str, before.hazard_labels)) or _("没有")) if before else ""
    lines.append(_line("hazards", then, hazards, changed=bool(visit.hazards)))
    words = {True: _("是"), False: _("否"), None: ""}
    for name in SHOWN:
        value = getattr(visit, name)
        value = words[value] if value in (True, False, None) else value
        if value:
            lines.append(_line(name, "", value, changed=name == "family_change"))
    return lines


def _line(name, then, now, *, changed) -> dict:
    return {"label": Visit._meta.get_field(name).verbose_name, "then": then, "now": now, "changed": changed}


@needs("view_visit")
def visit_photo(request, pk):
    """A photo, only to who may see its visit; never kept by a browser."""
    visible = Visit.objects.open_to(request.post, "view_visit")
    photo = get_object_or_404(VisitPhoto, pk=pk, visit__in=visible)
    response = HttpResponse(read_photo(photo), content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    return response


def _try(request, form: VisitForm, service, record, **kwargs):
    """Call a service with the form's answers and photos, all or nothing."""

    def log():
        photos = check_photos(request.FILES.getlist("photos"))
        with transaction.atomic():
            visit = service(
                record, by=request.post, answers=form.answers(), hazards_looked_at=form.hazards_looked_at, **kwargs
            )
            if photos and not visit.photos.exists():
                add_photos(visit, photos)
        return visit

    return form.attempt(log)
