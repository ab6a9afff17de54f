"""A county's (a city's) own ledgers: which there are, choosing columns, ending one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft
from reports.indicators.templates import MOST_COLUMNS, TEMPLATES
from reports.ledgers.forms import OwnTemplateForm
from reports.ledgers.models import OwnTemplate
from reports.ledgers.services import end_template, may_choose, offered_to, own_templates, save_template, versions_of


@needs("export_figures", reads=NO_CHILD)
def ledger_list(request):
    """The declared templates, and those of the county and the city."""
    post = request.post
    context = {"declared": TEMPLATES.values(), "own": offered_to(post), "may_choose": may_choose(post)}
    return render(request, "reports/ledgers/list.html", context)


@needs("export_figures", reads=NO_CHILD)
def ledger_new(request):
    if not may_choose(request.post):
        messages.error(request, _("自定台账由县（市、区）和市选栏目；乡镇可以用县级定好的表。"))
        return redirect("ledger-list")
    return _form(request, None)


@needs("export_figures", reads=NO_CHILD)
def ledger_edit(request, series):
    """Another choice of columns makes the next version."""
    return _form(request, _own(request, series))


@needs("export_figures")
@require_POST
def ledger_end(request, series):
    own = _own(request, series)
    try:
        end_template(own.series, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(title)s”不再使用；用它印过的表不变。") % {"title": own.title})
    return redirect("ledger-list")


def _own(request, series) -> OwnTemplate:
    return get_object_or_404(own_templates(request.post).filter(ended=False), series=series)


def _form(request, own: OwnTemplate | None):
    initial = {"title": own.title, "version": own.version} if own else {"version": 0}
    form = OwnTemplateForm(request.POST or None, initial=initial, columns=own.columns if own else ())
    if request.method == "POST" and form.is_valid():
        facts = {"title": form.cleaned_data["title"], "columns": form.chosen}
        seen = form.cleaned_data.get("version") or 0
        saved = form.attempt(
            save_template, by=request.post, series=own.series if own else None, seen_version=seen, **facts
        )
        if saved:
            drop_draft(request)
            messages.success(
                request,
                _("“%(title)s”第 %(n)s 版已存，月报和统计台账的表样里可以选它。")
                % {"title": saved, "n": saved.version},
            )
            return redirect("ledger-list")
    context = {"form": form, "own": own, "versions": versions_of(own) if own else [], "most": MOST_COLUMNS}
    return render(request, "reports/ledgers/form.html", context, status=status_of(form))
