"""Logging a visit, of one child or of brothers and sisters at one door, and correcting one that came back."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.security.vault import NoRoom
from childwelfare.text.masking import masked_name
from childwelfare.uploads.photos import MAX_PHOTOS, check_photos
from childwelfare.workflow.models import last_return
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft, tell_unsent
from registry.changes.models import ChangeState
from registry.child.fields import content_of, label_of
from registry.child.models import ChildFile
from registry.stays.models import may_open, stay_of
from visits.alerts.panel import open_alerts
from visits.visit.forms.visit import VisitForm
from visits.visit.models import Visit, VisitState
from visits.visit.next_steps import way_on
from visits.visit.observed_changes import OBSERVABLE
from visits.visit.services.family import FamilyAnswers, log_family_visit, siblings_at_home
from visits.visit.services.log import correct_visit, log_visit, recall_visit
from visits.visit.services.observed_changes import changes_taken_back
from visits.visit.services.photos import add_photos, join_photos, photos_left
from visits.visit.services.who_may_visit import (
    children_to_visit,
    periods_before_moving,
    stays_over,
    why_not_visited,
)


@needs("log_visit", reads="view_file")
def visit_new(request, pk):
    """The form for one child; last time's answers are named, nothing of them is chosen."""
    asked = get_object_or_404(children_to_visit(request.post).select_related("village"), pk=pk)
    child = asked.survivor
    if not may_open(request.post, "log_visit", child):
        return _late_visit(request, asked)
    if not child.is_to_visit and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, why_not_visited(child))
        tell_unsent(request)
        return redirect("child-file", child.pk)
    family = siblings_at_home(child, request.post)
    for each in (child, *family):
        note_reading(request, each)
    last_visits = _last_visits([child, *family])
    last, siblings = last_visits.get(child.pk), [(sibling, last_visits.get(sibling.pk)) for sibling in family]
    form = VisitForm(request.POST or None, last=last, siblings=siblings, about=_file_facts(request, child))
    if request.method == "POST" and form.is_valid() and (visits := _log(request, form, asked)):
        _say_what_was_saved(request, visits)
        drop_draft(request)
        return redirect("home" if request.post.unit.level == 4 else "visit-list")
    guardian = child.guardians.current().first()
    context = {"form": form, "child": child, "guardian": guardian, "last": last, "stay": stay_of(child)}
    context["asked"] = asked  # under its key the browser keeps the draft, as the address has it
    context["newest"] = child.visits.newest_first().only("pk").first()  # a draft before it is old
    context["photos_most"] = MAX_PHOTOS
    context["alerts"] = open_alerts(request.post, child.pk)
    context["to_mend"] = _visits_to_mend(request.post, [child, *family])
    return render(request, "visits/visit/form.html", context, status=status_of(form))


def _last_visits(children: list[ChildFile]) -> dict[uuid.UUID, Visit]:
    """{child: its last visit that met it}, of all of them by one query."""
    newest = Visit.objects.filter(child=OuterRef("pk")).seen().newest_first().values("pk")[:1]
    files = ChildFile.objects.filter(pk__in=[child.pk for child in children]).annotate(newest=Subquery(newest))
    return {visit.child_id: visit for visit in Visit.objects.filter(pk__in=files.values("newest"))}


def _visits_to_mend(post, children: list[ChildFile]):
    """What came back of them to ``post`` or was taken back there: a new visit would be the same once more."""
    back = Visit.objects.returned_to(post, "log_visit").filter(child__in=children)
    return back.select_related("child").newest_first()


def _file_facts(request, child: ChildFile):
    """For ObservedFields: the file, and what it says now."""
    return child, request.post, content_of(child, OBSERVABLE)


def _log(request, form: VisitForm, child: ChildFile) -> list[Visit] | None:
    """A visit of the child, and of each brother and sister that was ticked."""
    pk, answers = form.cleaned_data["pk"] or uuid.uuid4(), form.answers()
    others = [FamilyAnswers(line.child, line.answers(answers)) for line in form.ticked]
    return form.attempt(
        _log_with_photos,
        request,
        lambda photos: log_family_visit(
            FamilyAnswers(child, answers),
            others,
            by=request.post,
            pk=pk,
            hazards_looked_at=form.hazards_looked_at,
            changes=form.changes(),
            photos=photos,
        ),
    )


def _say_what_came_back(request, visits: list[Visit]) -> list[Visit]:
    """Of an old copy of a form, whose visit was sent back or taken back meanwhile: that it waits to be completed, and
    the way there. The others of ``visits``."""
    for visit in visits:
        if visit.state == VisitState.RETURNED:
            text, way = _("%(name)s这一天的走访已被退回，没有再送。请按退回原因补充后送出。"), _("去补充")
            if visit.is_taken_back:
                text, way = _("%(name)s这一天的走访您已撤回修改，没有再送。请改好再送。"), _("去改")
            link = format_html(' <a href="{}">{}</a>', reverse("visit-edit", args=[visit.pk]), way)
            messages.warning(request, format_html("{}{}", text % {"name": visit.child.name}, link))
    return [visit for visit in visits if visit.state != VisitState.RETURNED]


def _say_what_was_saved(request, visits: list[Visit]) -> None:
    """That it arrived, for whom; then what is to be done next for each child that was not met, and the way there."""
    visits = _say_what_came_back(request, visits)
    if not visits:
        return
    names = _("、").join(visit.child.name for visit in visits)
    receipts = _("、").join(visit.receipt for visit in visits)
    text = _("%(name)s的走访已送到工作站，回执 %(receipt)s。")
    links = format_html_join("", ' <a href="{}">{}</a>', [_way_to(visit, visits) for visit in visits])
    messages.success(request, format_html("{}{}", text % {"name": names, "receipt": receipts}, links))
    for visit in visits:
        if words := visit.not_seen_words:
            said = _("未见到%(name)s：%(what)s。") % {"name": visit.child.name, "what": words}
            way = way_on(visit, request.post)
            link = format_html(' <a href="{}">{}</a>', way["url"], way["label"]) if way else ""
            messages.info(request, format_html("{}{}", said, link))
        elif visit.noticed.filter(state=ChangeState.SUBMITTED).exists():
            text = _("%(name)s档案的变化已作为变更送到工作站，通过之前档案不变。")
            messages.info(request, text % {"name": visit.child.name})


def _way_to(visit: Visit, visits: list[Visit]) -> tuple[str, str]:
    """Address and words of the link from a receipt to its visit, where it is taken back; named where it is of several
    ``visits``."""
    label = _("查看或撤回修改") if len(visits) == 1 else _("查看%(name)s的走访") % {"name": visit.child.name}
    return reverse("visit-detail", args=[visit.pk]), label


def _late_visit(request, asked: ChildFile):
    """A visit made before the child was handed on or went home, or the file was merged, sent afterwards. The file is no
    longer shown."""
    child = asked.survivor
    form = VisitForm(request.POST or None, opened_for=(child, request.post))
    if request.method == "POST" and form.is_valid():
        pk = form.cleaned_data["pk"] or uuid.uuid4()
        arguments = _service_arguments(request, form)

        def log(photos):
            return [log_visit(asked, pk=pk, photos=photos, changes=form.changes(), **arguments)]

        visits = form.attempt(_log_with_photos, request, log)
        if visits:
            for visit in _say_what_came_back(request, visits):
                text = _("之前的走访已记入档案，回执 %(receipt)s。")
                messages.success(request, text % {"receipt": visit.receipt})
            drop_draft(request)
            return redirect("home")
    note_reading(request, child)
    child.name = masked_name(child.name)  # shown, never saved: the file is another place's now
    context = {"form": form, "child": child, "asked": asked, "photos_most": MAX_PHOTOS}
    context |= {"to_mend": _visits_to_mend(request.post, [child])} | _why_before(request.post, child)
    return render(request, "visits/visit/form.html", context, status=status_of(form))


def _why_before(post, child: ChildFile) -> dict:
    """Why only visits from before may be sent: ``before`` for the heading, ``before_hint`` in full."""
    place = {"moved_to": child.village.path_label}
    if stays_over(post).filter(child__in=child.with_merged()).exists():
        return {
            "before": _("临时居住已结束，只能补记结束之前的走访"),
            "before_hint": _("孩子的临时居住已结束。结束之前做的走访可以在这里补记，之后的由%(moved_to)s记录。")
            % place,
        }
    if not periods_before_moving(post).filter(child__in=child.with_merged()).exists():
        return {
            "before": _("已并入%(moved_to)s的档案，只能补记之前的走访") % place,
            "before_hint": _(
                "档案已并入%(moved_to)s的另一份，由那里管理。之前做的走访可以在这里补记，之后的由那里记录。"
            )
            % place,
        }
    return {
        "before": _("已转到%(moved_to)s，只能补记转出之前的走访") % place,
        "before_hint": _("孩子已转到%(moved_to)s，档案由那里管理。转出之前做的走访可以在这里补记，之后的由那里记录。")
        % place,
    }


@needs("log_visit", reads="view_visit")
def visit_edit(request, pk):
    """Complete what the station sent back; its reason stands above."""
    visit = get_object_or_404(Visit.objects.open_to(request.post, "log_visit").select_related("child__village"), pk=pk)
    if visit.state != VisitState.RETURNED and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, _("这条走访没有被退回，也没有撤回修改，不能改。"))
        tell_unsent(request)
        return redirect("visit-detail", visit.pk)
    note_reading(request, visit)
    about = _file_facts(request, visit.child) if may_open(request.post, "log_visit", visit.child) else None
    opened_for = (visit.child, request.post)
    back = changes_taken_back(visit)
    form = VisitForm(request.POST or None, visit=visit, about=about, opened_for=opened_for, taken_back=back)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if form.attempt(_correct_with_photos, request, form, visit):
                text = _("已改好，重新送到工作站，回执 %(r)s。") % {"r": visit.receipt}
                messages.success(request, format_html('{} <a href="{}">{}</a>', text, *_way_to(visit, [visit])))
                drop_draft(request)
                return redirect("home")
            status = 409 if form.stale else 422
    to_mend = visit.state == VisitState.RETURNED
    context = {"form": form, "child": visit.child, "visit": visit, "moved_on": not to_mend}
    context |= {"returned": last_return(visit) if to_mend else None}
    context |= {"photos_most": MAX_PHOTOS, "photos_left": photos_left(visit)}
    if about is None:  # where the child is now is no business of who had it before
        context |= _why_before(request.post, visit.child)
    return render(request, "visits/visit/form.html", context, status=status)


@needs("log_visit")
@require_POST
def visit_recall(request, pk):
    """Take back a visit that the station has not decided yet; its form opens."""
    visit = get_object_or_404(Visit.objects.open_to(request.post, "log_visit").select_related("child"), pk=pk)
    try:
        recall_visit(visit, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("visit-detail", visit.pk)
    messages.success(request, _("已撤回。改好再送；送出之前，这次走访不算走访过。"))
    if changes := changes_taken_back(visit):
        what = _("、").join(label_of(name) for name in changes)
        text = _("走访中发现的变更（%(what)s）也一并撤回，随走访再送；已通过的不变。")
        messages.info(request, text % {"what": what})
    return redirect("visit-edit", visit.pk)


def _service_arguments(request, form: VisitForm) -> dict:
    return {"by": request.post, "answers": form.answers(), "hazards_looked_at": form.hazards_looked_at}


def _log_with_photos(request, log) -> list[Visit]:
    """The visits that ``log(photos)`` gives; all or nothing. Raises as it and ``check_photos``."""
    return _without_photos_if_full(request, log, check_photos(request.FILES.getlist("photos")))


def _without_photos_if_full(request, write, photos, *, again=lambda: None):
    """What ``write(photos)`` gives, all or nothing; where the server has no room for photos, without them, and that is
    said: a visit can't be made again, a photo can. ``again()`` comes before the second try."""
    try:
        with transaction.atomic():
            return write(photos)
    except NoRoom:
        if not photos:
            raise
    again()
    with transaction.atomic():
        written = write([])
    messages.warning(
        request, _("服务器的存储满了，照片没有存上，走访的文字都已存下。请告诉管理员；照片请留着，以后补。")
    )
    return written


def _correct_with_photos(request, form: VisitForm, visit: Visit) -> Visit:
    """``visit`` corrected, with the new photos beside those that it has; all or nothing. Raises as both."""
    photos = check_photos(request.FILES.getlist("photos"))
    version = form.cleaned_data["version"] or 0  # a version that no record has
    is_sent = visit.state != VisitState.RETURNED

    def write(photos) -> Visit:
        correct_visit(visit, seen_version=version, changes=form.changes(), **_service_arguments(request, form))
        if is_sent:  # the same correction once more
            if not join_photos(visit, photos, by=request.post):
                text = _("补充的内容先前已经送到工作站。这次新加的照片没有存上：走访已经审核，或者照片已满 %(n)s 张。")
                raise Stale(text % {"n": MAX_PHOTOS})
        else:
            add_photos(visit, photos)
        return visit

    return _without_photos_if_full(request, write, photos, again=visit.refresh_from_db)
