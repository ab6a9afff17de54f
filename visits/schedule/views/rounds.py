"""Special rounds: what runs and comes, a new one, how far each unit is, who is left."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.pages.form_action import status_of
from childwelfare.tables.beginning import beginning_of
from orgs.access.declarations import NO_CHILD, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from visits.schedule.forms import RoundForm, WithdrawForm
from visits.schedule.models import VisitRound
from visits.schedule.services.rounds import add_round, may_withdraw, progress_of, withdraw_round

LISTED, NAMED = 50, 30


@needs("view_visit", "manage_schedule", reads=NO_CHILD)
def round_list(request):
    post, today = request.post, timezone.localdate()
    rounds = beginning_of(
        VisitRound.objects.at(post.unit).select_related("unit").order_by("-until", "-since", "-pk"), LISTED
    )
    for each in rounds:
        _put_state(each, today)
        if each.is_running:
            each.progress = progress_of(each, post.unit)[0]
    context = {"rounds": rounds, "may_add": post.may("manage_schedule", post.unit)}
    return render(request, "visits/schedule/rounds.html", context)


@needs("manage_schedule", reads=NO_CHILD)
def round_new(request):
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(add_round, by=request.post, **form.cleaned_data)
        if made:
            drop_draft(request)
            messages.success(request, _("已安排“%(name)s”，到日子会出现在各村的今日走访里。") % {"name": made.name})
            return redirect("visit-rounds")
    return render(request, "visits/schedule/round_form.html", {"form": form}, status=status_of(form))


@needs("view_visit", "manage_schedule", reads="read_list")
def round_detail(request, pk):
    """How far each unit below is; who is left is named to those who may read visits."""
    made, post = _visible_round(request, pk), request.post
    own, below = progress_of(made, post.unit)
    left = []
    if post.holds("view_visit") and not made.settled_on:
        waiting = made.owed().visible_to(post, "view_visit").filter(done=False)
        left = list(waiting.select_related("child", "village", "township").order_by("due_on", "child_id")[:NAMED])
    note_reading(request, rows=len(left))
    for due in left:
        due.years = due.child.age(timezone.localdate())
    context = {"round": made, "own": own, "below": below if post.unit.level < 4 else [], "left": left}
    context |= {"may_withdraw": made.withdrawn_on is None and may_withdraw(made, post)}
    return render(request, "visits/schedule/round.html", context)


@needs("manage_schedule", reads=NO_CHILD)
def round_withdraw(request, pk):
    made = _visible_round(request, pk)
    form = WithdrawForm(request.POST or None)
    if not may_withdraw(made, request.post):
        return redirect("visit-round", made.pk)
    if request.method == "POST" and form.is_valid():
        form.attempt(withdraw_round, made, by=request.post, **form.cleaned_data)
        if not form.errors:
            drop_draft(request)
            messages.success(request, _("已取消“%(name)s”。") % {"name": made.name})
            return redirect("visit-rounds")
    context = {"form": form, "round": made}
    return render(request, "visits/schedule/round_withdraw.html", context, status=422 if form.errors else 200)


def _visible_round(request, pk) -> VisitRound:
    made = get_object_or_404(VisitRound.objects.at(request.post.unit).select_related("unit"), pk=pk)
    _put_state(made, timezone.localdate())
    return made


def _put_state(made: VisitRound, today) -> None:
    made.is_running = made.withdrawn_on is None and made.since <= today <= made.until
    made.is_over = made.until < today
