"""条件核对: a family's facts in, what they come to out, nothing kept."""

from django.shortcuts import render
from django.utils import timezone

from orgs.access.declarations import ReadsNothing, needs
from registry.eligibility import evaluate
from registry.eligibility.forms import EligibilityForm
from registry.eligibility.presentation import ORDER, dress_verdict


@needs("check_eligibility", reads=ReadsNothing("of typed facts, which name nobody and are not kept"))
def eligibility(request):
    """The form, and below it the verdicts on what was typed: those that hold first. Answers a POST without storing."""
    form = EligibilityForm(request.POST or None)
    verdicts = []
    if request.method == "POST" and form.is_valid():
        verdicts = evaluate(form.facts, timezone.localdate(), request.post.unit)
        verdicts.sort(key=lambda verdict: ORDER[verdict.verdict])
        for verdict in verdicts:
            dress_verdict(verdict)
    context = {"form": form, "verdicts": verdicts, "may_create": request.post.holds("create_child")}
    return render(request, "registry/eligibility/eligibility.html", context, status=422 if form.errors else 200)
