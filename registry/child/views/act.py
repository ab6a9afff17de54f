"""The page of one act on a whole file: a form, one service, its refusals at the fields."""

from django.shortcuts import get_object_or_404, render

from childwelfare.pages.form_action import status_of
from orgs.audit.readings import note_reading
from orgs.drafts.services import draft_of, drop_draft
from orgs.units.search import find_villages
from registry.child.models import ChildFile


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
