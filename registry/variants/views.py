"""The rules as they hold here: the nation's, and what the county or the city says differently."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft, tell_unsent
from registry.child import codes
from registry.eligibility.evaluate import variants_at
from registry.eligibility.rules import PARAMETERS, rules_on
from registry.variants.forms import EndVariantForm, VariantForm
from registry.variants.models import RuleVariant
from registry.variants.services import add_variant, end_variant


@needs("check_eligibility", "manage_variants", reads=NO_CHILD)
def rule_list(request):
    """Every rule in force today, its values here, and the local documents behind them."""
    post, today = request.post, timezone.localdate()
    variants = variants_at(post.unit)
    for variant in variants:
        _dress(variant, post, today)
    rules = [rule for category in codes.Category.values if (rule := rules_on(today, category)[0])]
    rows = [(rule, *_as_it_holds(rule, variants)) for rule in rules]
    context = {"rows": rows, "may_add": post.may("manage_variants", post.unit)}
    return render(request, "registry/variants/list.html", context)


@needs("manage_variants", reads=NO_CHILD)
def variant_new(request):
    form = VariantForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        variant = form.attempt(add_variant, by=request.post, **form.service_arguments())
        if variant:
            drop_draft(request)
            messages.success(request, _("已记下“%(document)s”。") % {"document": variant.document})
            return redirect("rule-list")
    return render(request, "registry/variants/form.html", {"form": form}, status=422 if form.errors else 200)


@needs("manage_variants", reads=NO_CHILD)
def variant_end(request, pk):
    """From which day a local reading holds no longer."""
    here = RuleVariant.objects.filter(unit=request.post.unit)
    variant = get_object_or_404(here.select_related("unit"), pk=pk)
    if request.method != "POST" and _is_over(variant):  # what was typed meanwhile is shown again
        tell_unsent(request)
        return redirect("rule-list")
    form = EndVariantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.attempt(end_variant, variant, by=request.post, until=form.cleaned_data["until"])
        if not form.errors:
            drop_draft(request)
            messages.success(request, _("已记下“%(document)s”停止施行的日期。") % {"document": variant.document})
            return redirect("rule-list")
    if form.errors:  # a colleague may have been first
        variant.refresh_from_db(fields=["until"])
    _dress(variant, request.post, timezone.localdate())
    context = {"form": form, "variant": variant}
    return render(request, "registry/variants/end.html", context, status=status_of(form))


def _as_it_holds(rule, variants) -> tuple[list[str], list[RuleVariant]]:
    """The values of a rule's parameters here today in words, and all that was said here about its category."""
    values, own = dict(rule.parameters), [variant for variant in variants if variant.category == rule.category]
    for variant in own:
        if variant.holds:
            values |= {name: value for name, value in variant.parameters.items() if name in values}
    return [_line(name, value) for name, value in values.items() if name in PARAMETERS], own


def _is_over(variant: RuleVariant) -> bool:
    return variant.until is not None and variant.until <= timezone.localdate()


def _dress(variant: RuleVariant, post, today) -> None:
    variant.holds, variant.over = variant.holds_on(today), _is_over(variant)
    variant.may_end = not variant.over and post.unit_id == variant.unit_id and post.may("manage_variants", variant.unit)
    variant.lines = [_line(name, value) for name, value in variant.parameters.items()]


def _line(name: str, value) -> str:
    """A parameter and its value in words."""
    if isinstance(value, bool):
        said = _("是") if value else _("否")
    elif isinstance(value, list):
        said = "、".join(value) or _("没有")
    else:
        said = str(value)
    return _("%(label)s：%(value)s") % {"label": PARAMETERS[name].label, "value": said}
