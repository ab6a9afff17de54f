"""Two files side by side, made one; and the way back."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.only_posted import belongs_to
from childwelfare.pages.searched import searched_by
from childwelfare.tables.beginning import beginning_of
from childwelfare.tables.columns import column_of
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.child.field_entry import Kind
from registry.child.fields import display, fields_of, is_empty
from registry.child.models import ChildFile, FileState
from registry.lists.search import search
from registry.merging.models import Merge
from registry.merging.services.merge import FIELDS, merge_files
from registry.merging.services.unmerge import undo_merge

FOUND = 20


@needs("merge_child", reads="view_file")
@searched_by("q")
def child_merge(request, pk):
    """Without ``other`` a search for it; with it both side by side, and the choice where they differ."""
    mine = ChildFile.objects.visible_to(request.post, "merge_child").select_related("village", "township", "county")
    survivor = get_object_or_404(mine, pk=pk)
    chosen = _uuid(request.POST.get("other") or request.GET.get("other"))
    others = mine.filter(state__in=(FileState.APPROVED, FileState.CLOSED), merged_into=None).exclude(pk=survivor.pk)
    other = get_object_or_404(others, pk=chosen) if chosen else None
    if other is None:
        return _choose(request, survivor, others)
    problem, status = "", 200
    if request.method == "POST":
        problem, status = _merge(request, survivor, other)
        if not problem:
            drop_draft(request, f"child-merge-{survivor.pk}-{other.pk}")
            messages.success(request, _("两份档案已合并为一份，可以在这里撤销。"))
            return redirect("child-file", survivor.pk)
    note_reading(request, survivor)
    note_reading(request, other)
    context = {
        "file": survivor,
        "other": other,
        "lines": compare(survivor, other),
        "problem": problem,
        "two_numbers": survivor.id_number and other.id_number and survivor.id_number != other.id_number,
        "taken": request.POST.getlist("take"),
        "note": request.POST.get("note", ""),
        "visits": (survivor.visits.count(), other.visits.count()),
    }
    return render(request, "registry/merging/merge.html", context, status=status)


def compare(survivor: ChildFile, other: ChildFile) -> list[dict]:
    """Each field that either file has filled; ``differ`` where a person has to say which value stands."""
    lines = []
    for name in FIELDS:
        left, right = getattr(survivor, name), getattr(other, name)
        if is_empty(left) and is_empty(right):
            continue
        differ = left != right and not is_empty(left) and not is_empty(right)
        lines.append(
            {
                "name": name,
                "label": column_of(ChildFile, name).verbose_name,
                "differ": differ,
                "left": _display_value(survivor, name),
                "right": _display_value(other, name),
                "filled": is_empty(left),
            }
        )
    return lines


def _survivor(request, pk) -> str | None:
    """The file that stayed."""
    files = ChildFile.objects.visible_to(request.post, "merge_child")
    merge = Merge.objects.filter(pk=pk, survivor__in=files).first()
    return reverse("child-file", args=[merge.survivor_id]) if merge else None


@needs("merge_child")
@require_POST
@belongs_to(_survivor)
def merge_undo(request, pk):
    files = ChildFile.objects.visible_to(request.post, "merge_child")
    merge = get_object_or_404(Merge.objects.select_related("survivor", "other"), pk=pk, survivor__in=files)
    try:
        kept = undo_merge(merge, by=request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("合并已撤销，两份档案恢复原样。"))
        if kept:
            messages.warning(request, _("合并以后改过的保持不变：%(what)s。") % {"what": "、".join(kept)})
    return redirect("child-file", merge.survivor_id)


def _choose(request, survivor: ChildFile, others):
    asked = request.searched.get("q") or survivor.name
    found = beginning_of(search(others, asked).newest_first(), FOUND)
    note_reading(request, survivor, rows=len(found))
    is_searched = bool(request.searched.get("q"))  # before, those of the same name stand there
    context = {"file": survivor, "found": found, "asked": asked, "is_searched": is_searched}
    return render(request, "registry/merging/choose.html", context)


def _merge(request, survivor, other) -> tuple[str, int]:
    """(what is wrong, HTTP status); ("", 200) when it is done."""
    versions = seen_version(request.POST.get("version")), seen_version(request.POST.get("its"))
    take = set(request.POST.getlist("take"))
    try:
        merge_files(
            survivor, other, by=request.post, seen_versions=versions, take=take, note=request.POST.get("note", "")
        )
    except ValidationError as error:
        return " ".join(error.messages), 422
    except Refused as refusal:
        return str(refusal), 409 if isinstance(refusal, Stale) else 422
    return "", 200


def _display_value(file: ChildFile, name: str) -> str:
    field = next((field for field in fields_of("child") if field.stored_column.name == name), None)
    value = getattr(file, name)
    if field and (field.sealed or field.kind == Kind.SEVERAL):
        return display(field.name, getattr(file, field.column))
    if value in (True, False):
        return _("是") if value else _("否")
    in_words = getattr(file, f"get_{name}_display", None)
    return str(in_words() if in_words else value if value is not None else "")


def _uuid(text) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
