"""Assessing a child, one question a step, and what came of it."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from childwelfare.pages.only_posted import belongs_to
from childwelfare.workflow.models import last_return, standing_events
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import draft_of, drop_draft, tell_unsent
from orgs.units.models import Level
from registry.assessments.codes import Occasion
from registry.assessments.forms import AssessForm, NoticeForm
from registry.assessments.models import Assessment, AssessmentState
from registry.assessments.presentation import Reading, chart_of, comparison_of, reading_of
from registry.assessments.services.answers import Before, from_the_file
from registry.assessments.services.assess import (
    NO_INSTRUMENT,
    assess_child,
    before_of,
    correct_assessment,
    first_to_compare,
    instrument_for,
    instrument_sent,
    recall_assessment,
    record_notice,
    withdraw_assessment,
    work_out,
)
from registry.assessments.services.dues import due_of
from registry.assessments.waiting import sent_in_words, waits_for
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.child.views.act import refuse_to_open
from registry.instruments.facts import facts_of
from registry.instruments.models import Instrument
from registry.needs.services.recording import may_be_recorded_for
from registry.needs.sources import record_found

SHOWN = 30  # assessments of one child


@needs("assess_child", reads="view_file")
def child_assess(request, pk):
    """The form for one child: what the file tells is not asked; last time's answers are named, none is chosen.
    ``?second=1``: the second assessor's, who does not see the first one's."""
    files = ChildFile.objects.visible_to(request.post, "assess_child").select_related("village", "township")
    file = get_object_or_404(files, pk=pk)
    if back := refuse_to_open(request, file, gettext_lazy("评估")):
        return back
    instrument = _instrument_asked(request, file)
    if instrument is None:
        messages.info(request, NO_INSTRUMENT)
        tell_unsent(request)
        return redirect("child-file", file.pk)
    second = _is_second(request)
    first = first_to_compare(file, by=request.post, on=timezone.localdate()) if second else None
    before = before_of(file, on=timezone.localdate(), besides=(first and first.pk,) if second else ())
    form = _form(request, file, instrument, before, second=second, occasion=_occasion(file, second))
    worked_out = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            worked_out = form.attempt(work_out, file, by=request.post, given=form.given())
        elif assessment := act(request, form, assess_child, file):
            return _after_sending(request, assessment)
    note_reading(request, file)
    return _assess_page(request, form, file, before, worked_out)


@needs(*ASSESSMENT.permissions("resubmit"), reads="view_assessment")
def assessment_correct(request, pk):
    """What came back, with its answers, to be sent again."""
    assessment = get_object_or_404(_assessments(request.post, "assess_child"), pk=pk)
    if assessment.state != AssessmentState.RETURNED and request.method != "POST":
        messages.info(request, _("这次评估没有被退回，不能修改。"))
        tell_unsent(request)
        return redirect("assessment-detail", assessment.pk)
    file = assessment.child
    instrument = _instrument_asked(request, file) or assessment.instrument
    besides = (assessment.pk, assessment.second_of_id)
    before = before_of(file, on=assessment.assessed_on, besides=besides)
    form = _form(request, file, instrument, before, second=assessment.is_second, assessment=assessment)
    worked_out = None
    if request.method == "POST" and form.is_valid():
        given, seen = form.given(), form.cleaned_data["version"] or 0
        if "preview" in request.POST:
            worked_out = form.attempt(work_out, file, by=request.post, given=given, came_back=assessment)
        elif form.attempt(correct_assessment, assessment, by=request.post, seen_version=seen, given=given):
            return _after_sending(request, assessment)
    note_reading(request, assessment)
    return _assess_page(request, form, file, before, worked_out, returned=last_return(assessment), came_back=assessment)


@needs("view_assessment", reads="view_assessment")
def assessment_detail(request, pk):
    """One assessment: its level and why, its answers beside last time's, who signed when, the second assessor's."""
    return _detail_page(request, get_object_or_404(_assessments(request.post, "view_assessment"), pk=pk))


@needs("view_assessment", reads="view_assessment")
def child_assessments(request, pk):
    """All assessments of one child, with the line of its scores."""
    files = ChildFile.objects.visible_to(request.post, "view_assessment").select_related("village", "township")
    file = get_object_or_404(files, pk=pk)
    found = list(file.assessments.select_related("made_by").newest_first()[:SHOWN])
    note_reading(request, file)
    context = {
        "file": file,
        "assessments": found,
        "chart": chart_of([each for each in found if each.state in ("checked", "approved") and not each.is_second]),
        "due": due_of(file),
        "may_assess": file.state == "approved" and request.post.may("assess_child", file),
        "may_second": file.state == "approved"
        and request.post.may("assess_child", file)
        and first_to_compare(file, by=request.post, on=timezone.localdate()) is not None,
        "by_county": request.post.unit.level == Level.COUNTY,
    }
    return render(request, "registry/assessments/of_child.html", context)


def _page_of(request, pk) -> str | None:
    found = Assessment.objects.visible_to(request.post, "assess_child").filter(pk=pk).first()
    return reverse("assessment-detail", args=[found.pk]) if found else None


@needs(*ASSESSMENT.permissions("recall"), reads="view_assessment")
@require_POST
@belongs_to(_page_of)
def assessment_recall(request, pk):
    """Take back what one sent, to correct it."""
    assessment = get_object_or_404(_assessments(request.post, "assess_child"), pk=pk)
    return _take_back(request, assessment, recall_assessment, _("已撤回，改好再送。"), "assessment-correct")


@needs(*ASSESSMENT.permissions("withdraw"), reads="view_assessment")
@require_POST
@belongs_to(_page_of)
def assessment_withdraw(request, pk):
    """Take back what one sent for good."""
    assessment = get_object_or_404(_assessments(request.post, "assess_child"), pk=pk)
    return _take_back(request, assessment, withdraw_assessment, _("这次评估已作废。"), "assessment-detail")


@needs(*ASSESSMENT.permissions("notify"), reads="view_assessment")
@require_POST
@belongs_to(_page_of)
def assessment_notify(request, pk):
    """Write down when the family was told in writing."""
    assessment = get_object_or_404(_assessments(request.post, "assess_child"), pk=pk)
    form = NoticeForm(request.POST)
    if act(request, form, record_notice, assessment):
        drop_draft(request)
        messages.success(request, _("已补记。"))
        return redirect("assessment-detail", assessment.pk)
    return _detail_page(request, assessment, notice=form, status=status_of(form))


def _assessments(post, permission: str):
    found = Assessment.objects.visible_to(post, permission)
    places = ("village", "township", "county")
    related = ("child", "instrument", "made_by", *places, "second_of__instrument", "second_of__made_by")
    return found.select_related(*related, "made_in__unit").prefetch_related("events__person", "events__post__unit")


def _take_back(request, assessment: Assessment, service, done: str, to: str):
    """Call ``service`` on the assessment as its reader saw it; what hinders it is said on its page."""
    try:
        service(assessment, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessment-detail", assessment.pk)
    messages.success(request, done)
    return redirect(to, assessment.pk)


def _detail_page(request, assessment: Assessment, *, notice: NoticeForm | None = None, status: int = 200):
    note_reading(request, assessment)
    moves = {move.action for move in ASSESSMENT.offered_to(request.post, assessment)}
    seconds = list(assessment.seconds.exclude(state=AssessmentState.WITHDRAWN).select_related("instrument", "made_by"))
    first, second = (assessment.second_of, assessment) if assessment.second_of else (assessment, None)
    if second is None and seconds:
        second = seconds[0]
    context = {
        "assessment": assessment,
        "file": assessment.child,
        "reading": reading_of(assessment),
        "waits_for": waits_for(assessment),
        "returned": last_return(assessment) if assessment.state == AssessmentState.RETURNED else None,
        "moves": moves,
        "events": standing_events(assessment.events.all()),
        "words": {action: move.label for action, move in ASSESSMENT.transitions.items()}
        | {"bring_in": _("从手机文件收进来")},
        "notice": notice or NoticeForm(initial={"version": assessment.version}),
        "first": first,
        "second": second,
        "comparison": comparison_of(first, second) if first and second else None,
        "may_record_need": may_be_recorded_for(request.post, assessment.child),
        "opens_report": record_found(request.post, "alert", assessment.urgent_report) is not None,
        "reviews": [
            kind for kind, action in (("assessment", "confirm"), ("assessment_sign", "sign")) if action in moves
        ],
    }
    return render(request, "registry/assessments/detail.html", context, status=status)


def _is_second(request) -> bool:
    """The second assessor's form: asked for by its address, and the county's only one."""
    asked = request.GET.get("second") or request.POST.get("occasion") == Occasion.SECOND
    return bool(asked) or request.post.unit.level == Level.COUNTY


def _occasion(file: ChildFile, second: bool) -> str:
    """Why the child is assessed now, as its row says; it may be altered in the form."""
    if second:
        return Occasion.SECOND
    due = due_of(file)
    return due.occasion if due else Occasion.FIRST


def _instrument_asked(request, file: ChildFile) -> Instrument | None:
    """By which the page asks: the one that was on the screen, where it was of the child's city; else today's."""
    now = instrument_for(file)
    sent = request.POST.get("instrument", "")
    if request.method != "POST" or now is None or sent == str(now.pk):
        return now
    return instrument_sent(file, sent) or now


def _form(request, file: ChildFile, instrument: Instrument, before: Assessment | None, *, second: bool, **given):
    on = timezone.localdate()
    told = from_the_file(instrument.content, facts_of(instrument.content, [file], on)[file.pk])
    last = Before(before.answers, before.assessed_on) if before else Before()
    return AssessForm(request.POST or None, instrument=instrument, told=told, last=last, second=second, **given)


def _assess_page(request, form: AssessForm, file: ChildFile, before, worked_out, **more):
    context = {
        "form": form,
        "file": file,
        "draft": draft_of(request),
        "before": before,
        "reading": Reading(worked_out, before) if worked_out else None,
        "worked_out": worked_out,
        "hotline": settings.CWR_HOTLINE,
    }
    return render(request, "registry/assessments/assess.html", context | more, status=status_of(form))


def _after_sending(request, assessment: Assessment):
    """To the urgent report, where the screen opened one and who assessed may read it; else to the assessment."""
    drop_draft(request)
    if assessment.urgent and assessment.urgent_report:
        if record_found(request.post, "alert", assessment.urgent_report):
            messages.warning(request, _("评估已送出。孩子有危险，已提出紧急报告：请先打 110，再在这里补记报警。"))
            return redirect("alert-detail", assessment.urgent_report)
        text = _("评估已送出。孩子有危险，请先打 110。这个孩子已有紧急报告，您写的情况已补充进去，并通知了处置的人。")
        messages.warning(request, text)
        return redirect("assessment-detail", assessment.pk)
    tell = messages.warning if assessment.is_unfinished else messages.success
    tell(request, sent_in_words(assessment))
    return redirect("assessment-detail", assessment.pk)
