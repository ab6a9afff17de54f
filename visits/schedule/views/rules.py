"""How often children are visited here: the rules in force, a new one, the end of one; what it moves is shown first."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.drafts.services import drop_draft, tell_unsent
from orgs.units.models import OrgUnit
from registry.child.codes import Risk
from visits.schedule.forms import EndRuleForm, RuleForm
from visits.schedule.models import VisitRule
from visits.schedule.services.recompute import effect_of
from visits.schedule.services.recompute_order import recomputes_of
from visits.schedule.services.rules import DEFAULT_DAYS, add_rule, check_end, end_rule, may_end, new_rule, rules_of


@needs("view_visit", "manage_schedule", reads=NO_CHILD)
def visit_rules(request):
    """Each risk level with its default and what was written down instead, past ones too."""
    post, today = request.post, timezone.localdate()
    rules = VisitRule.objects.at(post.unit.county_id).select_related("county").order_by("-since", "-pk")
    rules_by_risk: dict[str, list] = {risk: [] for risk in Risk.values}
    for rule in rules:
        rule.holds, rule.over = rule.holds_on(today), rule.until is not None and rule.until <= today
        rule.may_end = may_end(rule, post)
        rules_by_risk[rule.risk].append(rule)
    context = {
        "levels": [(label, DEFAULT_DAYS[risk], rules_by_risk[risk]) for risk, label in Risk.choices],
        "may_add": post.may("manage_schedule", post.unit),
        "job": _last_job(post),
    }
    return render(request, "visits/schedule/rules.html", context)


@needs("manage_schedule", reads=NO_CHILD)
def visit_rule_new(request):
    form, effect = RuleForm(request.POST or None, initial={"since": timezone.localdate()}), None
    if request.method == "POST" and form.is_valid():
        rule = form.attempt(add_rule if form.was_looked_at else new_rule, by=request.post, **form.values)
        if rule and form.was_looked_at:
            drop_draft(request)
            messages.success(request, _("已记下“%(document)s”，应访日期正在重排。") % {"document": rule.document})
            return redirect("visit-rules")
        if rule:
            effect = _effect_of_new(rule)
            form.remember()
    context = {"form": form, "effect": effect, "title": _("增加走访规则")}
    return render(request, "visits/schedule/rule_form.html", context, status=422 if form.errors else 200)


@needs("manage_schedule", reads=NO_CHILD)
def visit_rule_end(request, pk):
    """From which day a rule holds no longer."""
    rule = get_object_or_404(VisitRule.objects.select_related("county"), pk=pk)
    if not may_end(rule, request.post) and request.method != "POST":  # what was typed meanwhile is shown again
        tell_unsent(request)
        return redirect("visit-rules")
    form, effect = EndRuleForm(request.POST or None, initial={"until": timezone.localdate()}), None
    if request.method == "POST" and form.is_valid():
        form.attempt(end_rule if form.was_looked_at else check_end, rule, by=request.post, **form.values)
        if form.was_looked_at and not form.errors:
            drop_draft(request)
            messages.success(request, _("已记下停止施行的日期，应访日期正在重排。"))
            return redirect("visit-rules")
        if not form.errors:
            effect = _effect_of_end(rule, form.values["until"])
            form.remember()
    if form.errors:  # a colleague may have been first
        rule.refresh_from_db(fields=["until"])
    context = {
        "form": form,
        "effect": effect,
        "rule": rule,
        "title": _("停止走访规则"),
        "is_over": not may_end(rule, request.post),
    }
    return render(request, "visits/schedule/rule_form.html", context, status=status_of(form))


@needs("manage_schedule", reads=NO_CHILD)
def visit_rule_job(request):
    """How far the last recomputing is; the page asks again until it is over."""
    return render(request, "visits/schedule/_job.html", {"job": _last_job(request.post)})


def _last_job(post):
    """As templates/components/_job.html reads it."""
    job = recomputes_of(post).first()
    if job:
        job.is_over, job.state_label = job.finished, job.get_state_display()
    return job


def _effect_of_new(rule: VisitRule):
    counties = _counties(rule)
    rules = [*rules_of(*counties), rule]
    return effect_of(rules, counties, on=max(rule.since, timezone.localdate()), risk=rule.risk)


def _effect_of_end(rule: VisitRule, until):
    counties = _counties(rule)
    rules = [each for each in rules_of(*counties) if each.pk != rule.pk]
    return effect_of(rules, counties, on=until, risk=rule.risk)


def _counties(rule: VisitRule) -> list[int]:
    return [rule.county_id] if rule.county_id else OrgUnit.objects.current_counties()
