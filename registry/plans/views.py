"""Plans of help: writing one, following it, what came of each goal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import act, status_of
from childwelfare.pages.only_posted import belongs_to
from childwelfare.tables.keyset import page_of
from childwelfare.workflow.models import last_return
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NO_CHILD, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.child.views.act import refuse_to_open
from registry.needs.models import Need
from registry.plans.forms import AmendForm, CloseForm, GoalEndForm, LeadForm, PlanForm, ReviewForm
from registry.plans.models import Goal, GoalState, Plan, PlanState
from registry.plans.presentation import goal_lines, heard_words, lead_is_gone, sent_in_words, told_of, waits_for
from registry.plans.printing import plan_sheet
from registry.plans.queues import TABS, tab_of
from registry.plans.services import writing
from registry.plans.services.asked import asked_by_level, plan_to_continue
from registry.plans.services.goals import end_goal, may_end
from registry.plans.workflow import PLAN

JOINS = (
    "child", "village__county", "village__township", "township", "county", "lead__person", "lead__unit", "made_by",
    "made_in__unit", "before",
)  # fmt: skip
UNDONE = ("approve", "approve_high", "return", "return_high", "close")
MAY_UNDO = tuple(dict.fromkeys(name for action in UNDONE for name in PLAN.permissions(action)))


@needs("view_plan", reads="read_list")
def plan_list(request):
    """Plans within one's scope: those that wait, that run, whose review or goals are late, and who has none yet."""
    tab = tab_of(request.post, request.GET.get("tab", ""))
    rows = tab.rows(request.post)
    page = page_of(rows, tab.order, request.GET.get("page", ""), ascending=tab.ascending)
    tab.look_over(page.rows)
    note_reading(request, rows=len(page))
    tabs = [each for each in TABS.values() if each.is_for(request.post)]
    may_write = request.post.holds("make_plan")
    return render(request, "registry/plans/list.html", {"page": page, "tab": tab, "tabs": tabs, "may_write": may_write})


@needs("make_plan", reads=NO_CHILD)
def plan_due(request, pk):
    """Where the plan is written that an assessment asks for."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.post, "make_plan"), pk=pk)
    return redirect("plan-new", assessment.child_id)


@needs("view_plan", reads=NO_CHILD)
def plan_task(request, pk):
    """The plan in which one's task stands, at its line."""
    goal = get_object_or_404(Goal.objects.filter(plan__in=Plan.objects.visible_to(request.post, "view_plan")), pk=pk)
    return redirect(f"{reverse('plan-detail', args=[goal.plan_id])}#goal-{goal.pk}")


@needs("make_plan", reads="view_file")
def plan_new(request, pk):
    file = _file(request, pk, "make_plan")
    if back := refuse_to_open(request, file, _("制定方案")):
        return back
    plans = Plan.objects.visible_to(request.post, "view_plan").filter(child=file)
    waiting = plans.waiting().first()
    if waiting and request.method != "POST":
        messages.info(request, _("已有一份在办的方案，请先办完。"))
        return redirect("plan-detail", waiting.pk)
    before = plan_to_continue(file)
    form = PlanForm(request.POST or None, child=file, before=before)
    if request.method == "POST" and (plan := act(request, form, writing.write_plan, file)):
        drop_draft(request)
        messages.success(request, sent_in_words(plan))
        return redirect("plan-detail", plan.pk)
    return _form_page(request, form, file, before)


@needs(*PLAN.permissions("resubmit"), reads="view_plan")
def plan_amend(request, pk):
    """Send a plan again that came back."""
    plan = _plan(request, pk, "make_plan")
    if request.method != "POST" and not PLAN.is_open_to(request.post, plan, "resubmit"):
        return redirect("plan-detail", plan.pk)
    before = plan_to_continue(plan.child)
    form = AmendForm(request.POST or None, child=plan.child, before=before, plan=plan)
    version = seen_version(request.POST.get("version"))
    if request.method == "POST" and act(request, form, writing.amend_plan, plan, seen_version=version):
        drop_draft(request)
        messages.success(request, sent_in_words(plan))
        return redirect("plan-detail", plan.pk)
    return _form_page(request, form, plan.child, before, plan=plan)


@needs("view_plan", reads="view_plan")
def plan_detail(request, pk):
    """One plan: its goals and what came of them, who was heard, who approved, what is to be done next."""
    return _page(request, _plan(request, pk, "view_plan"), {}, 200)


@needs("view_plan", reads="view_plan")
def plan_print(request, pk):
    """The plan as it is printed and signed, A4."""
    plan = _plan(request, pk, "view_plan")
    note_reading(request, plan)
    sheet = plan_sheet(plan, _goals(plan))
    return render(request, "registry/plans/print.html", {"plan": plan, "sheet": sheet})


@needs("make_plan")
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_recall(request, pk):
    return _move(request, pk, writing.recall_plan, _("已撤回，改好后再送。"))


@needs("make_plan")
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_withdraw(request, pk):
    return _move(request, pk, writing.withdraw_plan, _("这份方案不再制定，内容留在档案里。"))


@needs(*MAY_UNDO)
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_undo(request, pk):
    """Take back what one decided or ended just now."""
    plan = get_object_or_404(Plan.objects.visible_to(request.post, "view_plan").select_related(*JOINS), pk=pk)
    try:
        PLAN.undo(plan, by=request.post, seen_version=seen_version(request.POST.get("version")))
        messages.success(request, _("已撤销，方案和刚才之前一样。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plan-detail", plan.pk)


@needs("make_plan", reads="view_plan")
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_review(request, pk):
    return _part(request, pk, "review", ReviewForm, writing.review_plan, _("已记下复查。"))


@needs("make_plan", reads="view_plan")
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_lead(request, pk):
    return _part(request, pk, "lead", LeadForm, writing.change_lead, _("牵头人已换，已告诉对方。"))


@needs("make_plan", reads="view_plan")
@require_POST
@belongs_to(lambda request, pk: _page_of(request, pk))
def plan_close(request, pk):
    return _part(request, pk, "close", CloseForm, writing.close_plan, _("方案已结束；没办结的需求照旧在办。"))


@needs("view_plan", reads="view_plan")
@require_POST
@belongs_to(lambda request, pk, goal: _page_of(request, pk))
def plan_goal_end(request, pk, goal):
    """What came of one goal."""
    plan = _plan(request, pk, "view_plan")
    record = get_object_or_404(plan.goals, pk=goal)
    form = GoalEndForm(request.POST, auto_id=f"id_{goal}_%s")
    version = seen_version(request.POST.get("version"))
    if act(request, form, end_goal, plan, record, seen_version=version):
        drop_draft(request)
        messages.success(request, _("已写下结果。"))
        return redirect("plan-detail", plan.pk)
    return _page(request, plan, {"goal": form, "at": goal}, status_of(form))


def _part(request, pk, name: str, form_class, service, done: str):
    plan = _plan(request, pk, "make_plan")
    more = {"child": plan.child} if form_class is LeadForm else {}
    form = form_class(request.POST, auto_id=f"id_{name}_%s", **more)
    if act(request, form, service, plan, seen_version=seen_version(request.POST.get("version"))):
        drop_draft(request)
        messages.success(request, done)
        return redirect("plan-detail", plan.pk)
    return _page(request, plan, {name: form}, status_of(form))


def _move(request, pk, service, done: str):
    plan = _plan(request, pk, "make_plan")
    try:
        service(plan, by=request.post, seen_version=seen_version(request.POST.get("version")))
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("plan-detail", plan.pk)


def _page_of(request, pk) -> str | None:
    found = Plan.objects.visible_to(request.post, "view_plan").filter(pk=pk).exists()
    return reverse("plan-detail", args=[pk]) if found else None


def _file(request, pk, permission: str) -> ChildFile:
    files = ChildFile.objects.visible_to(request.post, permission)
    return get_object_or_404(files.select_related("village__county", "village__township"), pk=pk)


def _plan(request, pk, permission: str) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.post, permission).select_related(*JOINS), pk=pk)


def _goals(plan: Plan) -> list[Goal]:
    return list(plan.goals.select_related("need", "owner__person", "owner__unit", "carried_from__plan"))


def _needs(post, file: ChildFile):
    return Need.objects.visible_to(post, "view_need").open().filter(child=file).most_urgent_first()


def _form_page(request, form, file: ChildFile, before: Plan | None, plan: Plan | None = None):
    note_reading(request, plan or file)
    level, approver, _assessment = asked_by_level(file)
    context = {
        "form": form,
        "file": file,
        "plan": plan,
        "before": before,
        "needs": list(_needs(request.post, file)),
        "approver": approver,
        "level": level,
        "returned": last_return(plan) if plan else None,
    }
    return render(request, "registry/plans/form.html", context, status=status_of(form))


def _page(request, plan: Plan, posted: dict, status: int):
    note_reading(request, plan)
    post = request.post
    goals = _goals(plan)
    moves = {move.action for move in PLAN.offered_to(post, plan)}
    named = {goal.need_id for goal in goals}
    ending = posted.get("goal")
    context = {
        "plan": plan,
        "file": plan.child,
        "lines": goal_lines(plan, goals, lambda goal: goal.state == GoalState.OPEN and may_end(post, plan, goal)),
        "heard": heard_words(plan),
        "moves": moves,
        "decides": bool(moves & {"approve", "approve_high"}),
        "kind": "plan_high" if "approve_high" in moves else "plan",
        "may_undo": PLAN.may_undo(post, plan),
        "review": posted.get("review") or ReviewForm(auto_id="id_review_%s"),
        "lead": posted.get("lead") or LeadForm(auto_id="id_lead_%s", child=plan.child),
        "close": posted.get("close") or CloseForm(auto_id="id_close_%s"),
        "opened": next(iter(name for name in ("review", "lead", "close") if name in posted), ""),
        "goal_form": ending or GoalEndForm(auto_id="id_goal_%s"),
        "goal_at": posted.get("at"),
        "reviews": list(plan.reviews.select_related("made_by")),
        "told": told_of([plan])[plan],
        "without_goal": [need for need in _needs(post, plan.child) if need.pk not in named],
        "waits_for": waits_for(plan),
        "lead_is_gone": lead_is_gone(plan),
        "returned": last_return(plan) if plan.state == PlanState.RETURNED else None,
    }
    return render(request, "registry/plans/plan.html", context, status=status)
