"""The findings about files: listed, read, decided here."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.tables.keyset import page_of
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import UNDO_WITHIN, seen_version
from orgs.access.declarations import NO_CHILD, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from orgs.posts.models import Appointment
from registry.child import codes
from registry.eligibility.presentation import dress_verdict
from registry.findings.forms import DecisionForm
from registry.findings.models import Finding, FindingDecision, FindingKind, FindingState
from registry.findings.services.decide import decide_finding, undo_decision, verdict_for
from registry.findings.services.recount import AGE_AHEAD, order_recount, recounts_of
from registry.findings.workflow import FINDING, comes_early


@needs("view_findings", reads="list_findings")
def finding_list(request):
    """One kind of findings within one's scope: the open ones, or those decided."""
    findings = Finding.objects.visible_to(request.post, "view_findings")
    counts = dict(findings.open().order_by().values_list("kind").annotate(n=Count("pk")))
    kind = request.GET.get("kind", "")
    if kind not in FindingKind.values:
        kind = next((one for one in FindingKind.values if counts.get(one)), FindingKind.UNREGISTERED.value)
    asked = {name: request.GET.get(name, "") for name in ("category", "state")}
    state = FindingState.DECIDED if asked["state"] == FindingState.DECIDED else FindingState.OPEN
    rows = findings.filter(kind=kind, state=state)
    if asked["category"] in codes.Category.values:
        rows = rows.filter(category=asked["category"])
    rows = rows.select_related("child", "village", "township", "decided_by")
    page = page_of(rows, ("first_seen", "id"), request.GET.get("page", ""))
    note_reading(request, rows=len(page), kind=kind)
    today = timezone.localdate()
    for finding in page:
        finding.years = finding.child.age(today)
    context = {
        "page": page,
        "kind": kind,
        "tabs": [(key, label, counts.get(key, 0)) for key, label in FindingKind.choices],
        "note": _note(kind),
        "asked": asked,
        "state": state,
        "categories": codes.Category.choices,
        "job": recounts_of(request.post).first(),
        "may_recount": request.post.holds("decide_category"),
        "undo": _decided_just_now(request.post),
    }
    return render(request, "registry/findings/list.html", context)


def _decided_just_now(post: Appointment) -> Finding | None:
    """The finding that ``post`` decided last, while it may take that back: after deciding one lands on the list."""
    if not post.holds("decide_category"):
        return None
    just_now = timezone.now() - UNDO_WITHIN
    own = Finding.objects.visible_to(post, "view_findings").filter(decided_by=post.person, decided_at__gte=just_now)
    last = own.filter(state=FindingState.DECIDED).select_related("child").order_by("-decided_at", "-id").first()
    return last if last and FINDING.may_undo(post, last) else None


@needs("view_findings", reads="view_file")
def finding_detail(request, pk):
    """Why it is proposed, what was decided before, and the decision of who may decide."""
    finding = _visible_finding(request, pk)
    wrote, is_early = _wrote_the_file(request.post, finding), comes_early(finding)
    may_agree, initial = not (wrote or is_early), _suggested(finding)
    form = DecisionForm(request.POST or None, finding=finding, may_agree=may_agree, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if form.attempt(decide_finding, finding, by=request.post, **form.service_arguments()):
                drop_draft(request)
                messages.success(request, _("已记下对%(name)s的决定。") % {"name": finding.child.name})
                return redirect("finding-list")
            status = status_of(form)
            finding = _visible_finding(request, pk)
    note_reading(request, finding.child)
    context = _finding_context(request, finding, form) | {"wrote": wrote, "is_early": is_early}
    return render(request, "registry/findings/detail.html", context, status=status)


@needs("decide_category")
@require_POST
def finding_recount(request):
    """Have the county's findings made anew, beside the pages."""
    order_recount(by=request.post)
    messages.info(request, _("正在重新核对本县（市、区）在册儿童，办好后刷新本页。"))
    return redirect("finding-list")


@needs("view_findings", reads=NO_CHILD)
def finding_job(request):
    """How far the last recount is; the page asks again until it is over."""
    return render(request, "registry/findings/_job.html", {"job": recounts_of(request.post).first()})


@needs("decide_category")
@require_POST
def finding_undo(request, pk):
    """Take back the decision that one made just now."""
    finding = _visible_finding(request, pk)
    try:
        undo_decision(finding, by=request.post, seen_version=seen_version(request.POST.get("version")))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销，这一条重新等待决定。"))
    return redirect("finding-detail", pk)


def _wrote_the_file(post: Appointment, finding: Finding) -> bool:
    """Whether that alone keeps ``post`` from agreeing: what else does is told by the page as ever."""
    objection = FINDING.objection(post, finding, FindingDecision.AGREE)
    return isinstance(objection, Refused) and not isinstance(objection, Stale)


def _visible_finding(request, pk) -> Finding:
    findings = Finding.objects.visible_to(request.post, "view_findings")
    related = ("child__township", "child__county", "child__city", "village__county", "village__township")
    return get_object_or_404(findings.select_related(*related), pk=pk)


def _finding_context(request, finding: Finding, form) -> dict:
    verdict = verdict_for(finding, timezone.localdate())
    if verdict:
        dress_verdict(verdict)
    return {
        "finding": finding,
        "form": form,
        "verdict": verdict,
        "note": _note(finding.kind),
        "events": list(finding.events.select_related("person", "post__unit").order_by("-at")),
        "may_undo": finding.state == FindingState.DECIDED and FINDING.may_undo(request.post, finding),
        # keeping things as they are is open to whoever decides anything, and asks nobody who wrote the file
        "may_decide": not _is_over(form, finding) and FINDING.is_open_to(request.post, finding, FindingDecision.KEEP),
    }


def _is_over(form: DecisionForm, finding: Finding) -> bool:
    """Whether it was decided about since ``form`` was opened, be it that it waits again: what is sent is refused."""
    return form.stale and form.cleaned_data["version"] != finding.version


def _suggested(finding: Finding) -> dict:
    today = timezone.localdate()
    initial = {"version": finding.version, "on": today}
    if finding.kind == FindingKind.AGE and finding.due_on:
        initial |= {"exit_reason": codes.ExitReason.AGE, "on": min(finding.due_on, today)}
        if finding.due_on > today:
            initial["ask_again_on"] = finding.due_on
    elif finding.kind == FindingKind.ENDED:
        initial["exit_reason"] = codes.ExitReason.NOT_ELIGIBLE
    return initial


def _note(kind: str) -> str:
    """What the list is, and how far it can be trusted."""
    notes: dict[str, str] = {
        FindingKind.UNREGISTERED: _("按档案里的事实，孩子符合这个类别的条件，但没有登记。请核实后决定。"),
        FindingKind.ENDED: _("按档案里的事实，孩子已不符合所登记类别的条件。请核实后决定，系统不会自行退出。"),
        FindingKind.UNCLAIMED: _(
            "这个类别可以申请相应的基本生活费或补贴，而档案的“救助帮扶”里没有记“其他”救助。"
            "系统还没有发放数据，可能已在领取，请核实。"
        ),
        FindingKind.AGE: _("到龄或 %(days)s 天内到龄。系统只提出，到日子由人办理退出。") % {"days": AGE_AHEAD.days},
    }
    return notes[kind]
