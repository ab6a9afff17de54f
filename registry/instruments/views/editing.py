"""The editor of a draft: an overview, and a page for each place. Each page works without script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.pages.only_posted import belongs_to
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft
from registry.instruments import editing
from registry.instruments.definition import Definition
from registry.instruments.editing import path_of
from registry.instruments.forms import NameForm
from registry.instruments.models import Instrument, InstrumentState
from registry.instruments.pages import SECTIONS, DimensionPage, IndicatorPage, Page, is_of_rules
from registry.instruments.presentation import address_of, counted_by_place, with_addresses
from registry.instruments.problems import problems_of
from registry.instruments.rows import rearranged, without
from registry.instruments.services import save_draft

WRITE = "manage_instruments"


@needs(WRITE, reads=NO_CHILD)
def instrument_edit(request, pk):
    """What the draft holds, what is wrong with it, and its name."""
    draft = drafts(request, pk)
    form = NameForm(request.POST or None, initial={"name": draft.name})
    if request.method == "POST" and form.is_valid():
        given = {"name": form.cleaned_data["name"], "definition": draft.content}
        if _save(request, draft, form, **given):
            drop_draft(request)
            return redirect("instrument-edit", draft.pk)
    return _overview(request, draft, form, status=status_of(form))


@needs(WRITE)
@require_POST
@belongs_to(lambda _request, pk: reverse("instrument-edit", args=[pk]))
def instrument_change(request, pk):
    """Add, remove or move a dimension or an indicator; ``do`` is "up:dimensions.0.indicators.2"."""
    draft = drafts(request, pk)
    act, _colon, where = request.POST.get("do", "").partition(":")
    try:
        definition, goes_to = _changed(draft.content, act, path_of(where))
        save_draft(
            draft, by=request.post, seen_version=seen_version(request.POST.get("version")), name=draft.name,
            definition=definition,
        )  # fmt: skip
    except (LookupError, ValueError):
        messages.error(request, _("这一处已经不在了，没有改动。"))
        return redirect("instrument-edit", pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("instrument-edit", pk)
    return redirect(address_of(draft, goes_to))


@needs(WRITE, reads=NO_CHILD)
def instrument_section(request, pk, section):
    """The urgent screen, the levels, or the rules."""
    if section not in SECTIONS:
        raise Http404
    path = () if section == "rules" else (section,)
    return _edit(request, pk, lambda definition, data: SECTIONS[section](definition, path[:0], data), section=section)


@needs(WRITE, reads=NO_CHILD)
def instrument_dimension(request, pk, n):
    return _edit(request, pk, lambda definition, data: DimensionPage(definition, ("dimensions", n), data), n=n)


@needs(WRITE, reads=NO_CHILD)
def instrument_indicator(request, pk, n, m):
    path = ("dimensions", n, "indicators", m)
    return _edit(request, pk, lambda definition, data: IndicatorPage(definition, path, data), n=n, m=m)


def drafts(request, pk) -> Instrument:
    """The draft ``pk``, for who writes it. Raises Http404 for a version that is none any more."""
    found = Instrument.objects.visible_to(request.post, WRITE).filter(state=InstrumentState.DRAFT)
    return get_object_or_404(found.select_related("unit", "made_by"), pk=pk)


def _edit(request, pk, build: Callable[[Definition, Any], Page], **where):
    draft = drafts(request, pk)
    try:
        page = build(draft.content, None)
        data, is_saved = _sent(request, page)
        page = build(draft.content, data)
    except LookupError:
        raise Http404 from None
    form = page.form or NameForm({"name": draft.name})
    status = 200
    if is_saved:
        status = 422
        if page.is_valid():
            if _save(request, draft, form, name=draft.name, definition=page.definition_as_written()):
                return redirect(request.path)
            status = status_of(form)
    problems = problems_of(draft.content)
    mine = page.put_problems(problems) if is_saved or data is None else []
    if where.get("section") in ("screen", "levels"):
        mine = [each for each in mine if each.path and each.path[0] == where["section"]]
    elif "section" in where:
        mine = [each for each in mine if is_of_rules(each)]
    elif "m" not in where:
        mine = [each for each in mine if "indicators" not in each.path]
    context = {
        "draft": draft,
        "page": page,
        "form": form,
        "version": request.POST.get("version") or draft.version,
        "problems": mine,
        "counts": counted_by_place(problems),
        "unsaved": data is not None and not is_saved,
        **where,
    }
    return render(request, page.template, context, status=status)


def _sent(request, page: Page) -> tuple[Any, bool]:
    """(what the forms are shown with, whether it is to be saved)."""
    if request.method != "POST":
        return None, False
    do = request.POST.get("do", "")
    if do == "source":  # another fact has other values: those that were chosen are of the former
        return without(request.POST, "answers", "values", "least", "most"), False
    changed = rearranged(request.POST, do, blank=page.blank)
    return (request.POST, True) if changed is None else (changed, False)


def _save(request, draft: Instrument, form, **written) -> bool:
    version = seen_version(request.POST.get("version"))
    if not form.attempt(save_draft, draft, by=request.post, seen_version=version, **written):
        return False
    left = len(problems_of(draft.content))
    if left:
        messages.success(request, _("已保存，还有 %(n)s 处要改才能发布。") % {"n": left})
    else:
        messages.success(request, _("已保存，没有要改的地方，可以试算和发布。"))
    return True


def _changed(definition: Definition, act: str, path: tuple) -> tuple[Definition, tuple]:
    """(the definition, where to go on). Raises LookupError or ValueError for what can't be done."""
    match act, path:
        case "add", ("dimensions",):
            return editing.with_dimension(definition), ("dimensions", len(definition.dimensions))
        case "add", ("dimensions", int(n), "indicators"):
            new = len(editing.at(definition, path))
            return editing.with_indicator(definition, n), (*path, new)
        case "remove", ("dimensions", int(_n), *_rest):
            return editing.removed(definition, path), path[:-2] or ("dimensions",)
        case "up" | "down", ("dimensions", int(_n), *_rest):
            return editing.moved(definition, path, -1 if act == "up" else 1), path[:-2] or ("dimensions",)
    raise ValueError(act)


def _overview(request, draft: Instrument, form, status: int):
    problems = problems_of(draft.content)
    context = {
        "draft": draft,
        "form": form,
        "problems": with_addresses(draft, problems),
        "counts": counted_by_place(problems),
        "rules_wrong": sum(map(is_of_rules, problems)),
        "total": sum(each.most for each in draft.content.dimensions),
    }
    return render(request, "registry/instruments/edit.html", context, status=status)
