"""Beginning a version, trying it out, publishing it, giving it up."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.pages.only_posted import belongs_to
from childwelfare.tables.keyset import page_of
from childwelfare.text.days import short_day
from childwelfare.text.masking import masked_name
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NO_CHILD, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from orgs.units.models import Level
from registry.instruments import services
from registry.instruments.forms import DraftForm, PublishForm
from registry.instruments.models import Instrument
from registry.instruments.moves import in_force_before, in_work_words, to_come_before
from registry.instruments.presentation import LEVELS, level_table, with_addresses
from registry.instruments.problems import problems_of
from registry.instruments.try_out import (
    changed_rows,
    is_current,
    newest_try_out,
    tallies_below,
    tally_within,
)
from registry.instruments.views.editing import WRITE, drafts
from registry.instruments.views.reading import readable


@needs(WRITE, reads=NO_CHILD)
def instrument_new(request):
    """Begin a version, with the last one or the example."""
    has_last = Instrument.objects.filter(unit=request.post.unit, state="published").exists()
    begin = services.FROM_LAST if has_last else services.FROM_EXAMPLE
    form = DraftForm(request.POST or None, initial={"begin_with": begin})
    if request.method == "POST" and form.is_valid():
        draft = form.attempt(services.draft_instrument, by=request.post, **form.cleaned_data)
        if draft:
            drop_draft(request)
            messages.success(request, _("已建草稿。改好、试算以后再发布；发布前谁也不用它。"))
            return redirect("instrument-edit", draft.pk)
    return render(request, "registry/instruments/new.html", {"form": form}, status=status_of(form))


@needs("view_instruments", reads="list_rescored")
def instrument_try_out(request, pk):
    """What was counted of a version: old levels by new, where, and who; POST by who writes it counts anew."""
    instrument = readable(request, pk)
    if request.method == "POST":
        try:
            services.try_out(instrument, by=request.post)
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("instrument-try-out", instrument.pk)
    try_out = newest_try_out(instrument)
    context: dict[str, Any] = {"instrument": instrument, "try_out": try_out}
    context["may_try"] = _may_try(request, instrument)
    if try_out and try_out.job:
        context |= {"job": _shown_job(try_out.job), "job_url": reverse("instrument-job", args=[instrument.pk])}
    if try_out and try_out.counted_at and request.post.unit.level < Level.VILLAGE:
        context |= _result(request, instrument, try_out)
    else:
        note_reading(request, rows=0)
    return render(request, "registry/instruments/try_out.html", context)


@needs("view_instruments", reads=NO_CHILD)
def instrument_job(request, pk):
    """How far the count is; the page asks again until it is over."""
    try_out = newest_try_out(readable(request, pk))
    if try_out is None or try_out.job is None:
        raise Http404
    context = {"job": _shown_job(try_out.job), "job_url": request.path}
    response = render(request, "components/_job.html", context)
    if try_out.job.finished:
        response["HX-Refresh"] = "true"
    return response


@needs(WRITE, reads=NO_CHILD)
def instrument_publish(request, pk):
    """From which day, by which document; what speaks against it is said before it is pressed."""
    draft = drafts(request, pk)
    form = PublishForm(request.POST or None, initial={"version": draft.version})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        if form.attempt(services.publish, draft, by=request.post, seen_version=version, **given):
            drop_draft(request)
            words = _("已发布“%(instrument)s”，%(day)s 起按它评估。")
            messages.success(request, words % {"instrument": draft, "day": short_day(form.cleaned_data["since"])})
            return redirect("instrument-detail", draft.pk)
    before, try_out = in_force_before(draft), newest_try_out(draft)
    context = {
        "draft": draft,
        "form": form,
        "before": before,
        "to_come": _words_of_to_come(draft),
        "in_work": in_work_words(before) if before else "",
        "problems": with_addresses(draft, problems_of(draft.content)),
        "try_out": try_out if try_out and try_out.counted_at and is_current(try_out, draft) else None,
    }
    return render(request, "registry/instruments/publish.html", context, status=status_of(form))


def _words_of_to_come(draft: Instrument) -> list[str]:
    words = _("“%(version)s”已发布，%(day)s 起启用。这一版启用得更早或在同一天的，就代替它，它不再启用。")
    return [words % {"version": each, "day": short_day(each.since)} for each in to_come_before(draft) if each.since]


@needs(WRITE)
@require_POST
@belongs_to(lambda _request, pk: reverse("instrument-edit", args=[pk]))
def instrument_discard(request, pk):
    draft = drafts(request, pk)
    try:
        services.discard(draft, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("instrument-edit", pk)
    messages.success(request, _("已作废“%(instrument)s”。") % {"instrument": draft})
    return redirect("instrument-list")


def _may_try(request, instrument: Instrument) -> bool:
    return instrument.state == "draft" and request.post.may(WRITE, instrument)


def _shown_job(job):
    job.state_label, job.is_over = job.get_state_display(), job.finished
    return job


def _result(request, instrument: Instrument, try_out) -> dict:
    """Names for who may read the assessments there; masked ones for the city, without a way into a file."""
    post = request.post
    named = post.holds("view_assessment")
    rows = changed_rows(try_out).visible_to(post, "view_assessment" if named else "list_masked")
    rows = rows.select_related("assessment__child", "assessment__village", "assessment__township")
    page = page_of(rows, ("id", "id"), request.GET.get("page", ""), ascending=True)
    for row in page:
        child = row.assessment.child
        row.name = child.name if named else masked_name(child.name)
        row.was, row.now = LEVELS[row.level], LEVELS[row.level_by_it]
    note_reading(request, rows=len(page))
    tally = tally_within(try_out, post.unit)
    return {
        "tally": tally,
        "levels": LEVELS.values(),
        "table": level_table(tally),
        "below": tallies_below(try_out, post.unit),
        "page": page,
        "newer": f"?page={page.newer}" if page.newer else "",
        "older": f"?page={page.older}" if page.older else "",
        "named": named,
        "is_current": is_current(try_out, instrument),
    }
