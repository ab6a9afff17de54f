"""The page of one act on a whole file: a form, one service, its refusals at the fields."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from childwelfare.text.words import Words
from orgs.audit.readings import note_reading
from orgs.drafts.services import draft_of, drop_draft, tell_unsent
from orgs.units.search import find_villages
from registry.child.models import ChildFile, FileState


def submit_act(request, form, service, file):
    """Call a service with what the form holds; refusals become messages of the form, what was typed stays."""
    if not form.is_valid():
        return None
    version = form.cleaned_data.get("version") or 0
    done = form.attempt(service, file, by=request.post, seen_version=version, **form.arguments())
    if done:
        drop_draft(request)
    return done


def render_act(request, form, file, **context):
    note_reading(request, file)
    context |= {"form": form, "file": file, "draft": draft_of(request)}
    return render(request, "registry/child/act.html", context, status=status_of(form))


def file_for_act(request, pk, permission: str) -> ChildFile:
    files = ChildFile.objects.visible_to(request.post, permission).select_related("village", "township", "county")
    return get_object_or_404(files, pk=pk)


def refuse_to_open(request, file: ChildFile, act: Words) -> HttpResponse | None:
    """Back to the file with why ``act`` is not for it, where its form is opened for one that is not in the registry;
    None where it may be opened. What was typed meanwhile is shown again, with what the service says."""
    if request.method == "POST" or file.state == FileState.APPROVED:
        return None
    text = _("这份档案还没有审核通过、不在册，不能办理“%(act)s”。请等通过以后再办。")
    if file.state == FileState.CLOSED:
        text = _("这份档案已结案，不能办理“%(act)s”。孩子还要管的，请先重新在册。")
    return turn_away(request, text % {"act": act}, to="child-file", pk=file.pk)


def turn_away(request, text: str, *, to: str, pk: uuid.UUID) -> HttpResponse:
    """Instead of a form that would be refused: ``text`` says why, on the page where that is to be seen or undone, which
    also shows what was written in the form and not sent."""
    messages.info(request, text)
    tell_unsent(request)
    return redirect(to, pk)


def villages_asked_for(request, file: ChildFile) -> dict:
    """What the page's search for a village found near ``file``'s, as ``render_act`` takes it."""
    asked = request.POST.get("q", "").strip()[:60]
    return {"search": asked, "searching": True, "found": find_villages(asked, near=file)}


def is_search(request) -> bool:
    """Whether the search's button was pressed, or Enter after something else was written into its field."""
    posted = request.POST
    is_written = posted.get("q", "").strip() != posted.get("searched", "").strip()
    return "find" in posted or ("enter" in posted and is_written)


def to_village_form(form_class, request, file: ChildFile, villages: dict):
    """The form of an act that leads to another village. Its search is a button of the same form: pressed, nothing is
    checked yet, and what was typed so far stands there again."""
    searches = is_search(request)
    form = form_class(None if searches else request.POST or None, file=file, found=villages["found"])
    if searches:
        form.initial |= {name: request.POST[name] for name in form.fields if name in request.POST}
    return form
