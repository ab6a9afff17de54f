"""Changes to approved files: proposing one, following it, sending it again, and what changed when."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.tables.keyset import page_of
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import Reads, needs
from orgs.access.requests import PostRequest
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft, tell_unsent
from registry.changes.diff import history_of, lines_of, origins_of
from registry.changes.forms import AmendForm, ChangeForm
from registry.changes.models import Change
from registry.changes.services import amend_change, propose_change, withdraw_change
from registry.changes.twins import twins_with
from registry.changes.workflow import CHANGE
from registry.child.fields import content_of, fields
from registry.child.models import ChildFile, FileState
from registry.twins.presentation import elsewhere_lines
from registry.twins.readings import TWINS_READ, note_twins

VIEWS = ("", "returned", "station")
CHANGE_READ = Reads(("view_change", *TWINS_READ))


@needs("propose_change", reads="view_file")
def child_change(request, pk):
    """Alter an approved file: what differs goes to the station, nothing is written yet."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "propose_change"), pk=pk)
    if file.state != FileState.APPROVED and request.method != "POST":  # what was typed meanwhile is shown again
        messages.info(request, _("这份档案不在册，不能提出变更。"))
        tell_unsent(request, f"change-{file.pk}")
        return redirect("child-file", file.pk)
    note_reading(request, file)
    siblings = siblings_of(file, request.post)
    form = ChangeForm(request.POST or None, post=request.post, file=file, siblings=siblings)
    if request.method == "POST" and form.is_valid() and (change := _propose(request, form, file)):
        _propose_to_siblings(request, form, siblings)
        drop_draft(request, f"change-{file.pk}")
        return redirect("change-detail", change.pk)
    context = {"form": form, "file": file, "step": request.GET.get("step", "")}
    return render(request, "registry/changes/form.html", context, status=status_of(form))


def siblings_of(file: ChildFile, post) -> list[ChildFile]:
    """Approved files of the same family that the post may propose changes to."""
    files = ChildFile.objects.visible_to(post, "propose_change").in_registry().siblings_of(file)
    return list(files.select_related("village").order_by("birth_date"))


def _propose(request, form: ChangeForm, file: ChildFile) -> Change | None:
    given = {"fields": form.changes(), "note": form.cleaned_data["note"], "pk": form.cleaned_data["pk"]}
    if change := form.attempt(propose_change, file, by=request.post, **given):
        for doubt in form.doubts():
            messages.warning(request, doubt)
        messages.success(request, _("%(name)s的变更已送到工作站，通过之前档案不变。") % {"name": file.name})
    return change


def _propose_to_siblings(request: PostRequest, form: ChangeForm, siblings: list[ChildFile]) -> None:
    """The same new values for the brothers and sisters who were ticked, each against what its own file says."""
    ticked = set(form.cleaned_data.get("also", []))
    shared = {
        name: given["value"]
        for name, given in form.changes().items()
        if name in fields() and fields()[name].family_wide
    }
    sent = 0
    for sibling in siblings:
        if str(sibling.pk) not in ticked or not shared:
            continue
        content = content_of(sibling)
        both = {name: {"base": content[name], "value": value} for name, value in shared.items()}
        try:
            propose_change(sibling, by=request.post, fields=both, note=form.cleaned_data["note"])
            sent += 1
        except ValidationError as error:
            why = _("；").join(error.messages)
            messages.warning(request, _("%(what)s：%(why)s") % {"what": sibling.name, "why": why})
        except Refused as refusal:
            messages.warning(request, _("%(what)s：%(why)s") % {"what": sibling.name, "why": str(refusal)})
    if sent:
        messages.success(
            request,
            ngettext("也为 %(n)s 个兄弟姐妹提出了变更。", "也为 %(n)s 个兄弟姐妹提出了变更。", sent) % {"n": sent},
        )


@needs("view_child", reads="read_list")
def change_list(request):
    """Changes within one's scope, newest first: all, those that came back, or those that stations made themselves."""
    wanted = request.GET.get("view", "")
    changes = Change.objects.visible_to(request.post, "view_child")
    if wanted == "returned":
        changes = changes.filter(state="returned")
    elif wanted == "station":
        changes = changes.filter(station_made=True)
    rows = changes.select_related("child", "village", "township", "made_by").prefetch_related("fields")
    page = page_of(rows, ("sent_at", "id"), request.GET.get("page", ""))
    note_reading(request, rows=len(page))
    context = {"page": page, "wanted": wanted if wanted in VIEWS else ""}
    return render(request, "registry/changes/list.html", context)


@needs("view_child", reads=CHANGE_READ)
def change_detail(request, pk):
    """One change: old beside new, what was decided by whom, and for its maker the way to correct it."""
    change = get_object_or_404(_changes(request.post, "view_child"), pk=pk)
    return render(request, "registry/changes/detail.html", _detail(request, change, _amend_form(request.post, change)))


def _amend_form(post, change: Change) -> AmendForm | None:
    """The form for what came back; None where nothing of the change waits for ``post`` to be corrected."""
    may_amend = CHANGE.is_open_to(post, change, "resubmit")
    return AmendForm(change=change, post=post) if may_amend else None


@needs(*CHANGE.permissions("resubmit"), reads=CHANGE_READ)
@require_POST
def change_amend(request, pk):
    """Send the returned fields again."""
    change = get_object_or_404(_changes(request.post, "propose_change"), pk=pk)
    form, status = AmendForm(request.POST, change=change, post=request.post), 422
    if form.is_outdated:  # sent from another tab, or decided, since the page was opened
        seen = seen_version(request.POST.get("version"))
        source = CHANGE.transitions["resubmit"].source
        form.add_error(None, str(CHANGE.naming_last_move(Stale(CHANGE.raced), change, source, seen_version=seen)))
        form.stale, status = True, 409
    elif form.is_valid():
        try:
            amend_change(
                change,
                by=request.post,
                seen_version=seen_version(request.POST.get("version")),
                values=form.values(),
                base=form.base_seen(),
            )
            drop_draft(request)
            messages.success(request, _("已补充并重新送到工作站。"))
            return redirect("change-detail", change.pk)
        except ValidationError as error:
            form.take_errors(error)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.stale = isinstance(refusal, Stale)
            status = 409 if form.stale else 422
    if not form.is_outdated:
        return render(request, "registry/changes/detail.html", _detail(request, change, form), status=status)
    context = _detail(request, change, _amend_form(request.post, change)) | {"unsent": form}
    return render(request, "registry/changes/detail.html", context, status=status)


@needs(*CHANGE.permissions("withdraw"))
@require_POST
def change_withdraw(request, pk):
    """Take back what is not decided yet."""
    change = get_object_or_404(_changes(request.post, "propose_change"), pk=pk)
    try:
        withdraw_change(change, by=request.post, seen_version=seen_version(request.POST.get("version")))
        messages.success(request, _("已撤回还没有办的项目。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("change-detail", change.pk)


@needs("view_child", reads="view_file")
def child_history(request, pk):
    """What of this file changed, when, from what to what, who proposed and who approved."""
    file = get_object_or_404(ChildFile.objects.visible_to(request.post, "view_child"), pk=pk)
    note_reading(request, file, history=True)
    asked = request.GET.get("field", "")
    context = {"file": file, "entries": history_of(file, asked if asked in fields() else ""), "asked": asked}
    template = "registry/changes/_history.html" if request.htmx else "registry/changes/history.html"
    return render(request, template, context)


def _changes(post, permission):
    """With all that the file says: the page lays it beside the change, and the form is based on it."""
    said = ("child__family", "child__guardians", "child__memberships")
    changes = Change.objects.visible_to(post, permission).prefetch_related(*said)
    return changes.select_related("child", "made_by", "village", "township")


def _detail(request, change: Change, form: AmendForm | None) -> dict:
    note_reading(request, change)
    lines = lines_of(change, content_of(change.child))
    twins = twins_with(change, request.post)
    note_twins(request, twins, where="change")
    return {
        "change": change,
        "lines": lines,
        "twins": twins.named,
        "elsewhere": elsewhere_lines(twins, change.child),
        "returned_column": any(line.returned for line in lines),
        "events": list(change.events.select_related("person", "post__unit")),
        "form": form,
        "origins": origins_of(change, request.post),
        "may_decide": CHANGE.is_open_to(request.post, change, "approve"),
        "may_withdraw": CHANGE.is_open_to(request.post, change, "withdraw"),
    }
