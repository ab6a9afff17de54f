"""The month of a unit: who is behind, the sheet as it will be sent, and the buttons."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NUMBERS, needs
from orgs.drafts.services import drop_draft
from orgs.posts.models import Appointment
from orgs.units.models import Level
from orgs.workbench.kinds import Lack
from orgs.workbench.left_below import left_at
from reports.indicators.breaks import changed_since
from reports.indicators.columns import heads_of
from reports.indicators.templates import MONTHLY
from reports.ledgers.services import templates_at
from reports.periods.models import ReportingPeriod
from reports.rollup.periods import Period
from reports.submissions import services
from reports.submissions.emptied import month_without
from reports.submissions.models import OPEN_STATES, Submission, SubmissionEvent
from reports.submissions.month import MONTH_PARTS, MonthPage, month_page
from reports.submissions.month_rows import Relation
from reports.submissions.people import people_at
from reports.submissions.presentation import explained_in, own_relations, sheet_rows
from reports.submissions.workflow import SUBMISSION, decided_at_last, sends

MONTHS_BESIDE = 3  # the others are folded away
MONTHS_LISTED = 24


@needs("submit_ledger", reads=NUMBERS)
def submission_home(request):
    """One's own unit in the month that is to be reported now: the last that is over, else the one that runs."""
    key = request.GET.get("period", "")
    submission = current_of(request.post, key)
    if submission is None or not key and _is_settled_before_the_last(submission):
        without = month_without(request.post.unit, key)
        if without or submission is None:
            return _nothing_expected(request, without, submission or current_of(request.post))
    return _page(request, submission)


def _is_settled_before_the_last(submission: Submission) -> bool:
    """Of a month before the one that is over last, and nothing of it is to be sent."""
    is_settled = submission.state not in OPEN_STATES or submission.period.is_locked
    return is_settled and submission.period.key < Period.of().back(1)


def _nothing_expected(request, without: ReportingPeriod | None, last: Submission | None):
    """``without``: the month in which no unit was left below; ``last``: what was reported before."""
    context = {"unit": request.post.unit, "without": without, "last": last}
    return render(request, "reports/submissions/none.html", context)


@needs("view_figures", reads=NUMBERS)
def submission_detail(request, pk):
    """Any unit within one's scope."""
    return _page(request, _visible(request, pk))


@needs("submit_ledger", "decide_ledger")
@require_POST
def submission_move(request, pk, action):
    """Make a move, with what its form says."""
    submission = _visible(request, pk)
    if action not in ACTS:
        raise Http404
    try:
        ACTS[action](submission, request)
    except Refused as refusal:
        stale = isinstance(refusal, Stale)
        return _page(request, _visible(request, pk), error=str(refusal), status=409 if stale else 422)
    drop_draft(request)
    messages.success(request, _done(action, submission, request.post))
    return redirect(_back(request, submission))


@needs("decide_ledger")
@require_POST
def submission_approve_many(request, pk):
    """Approve what was ticked on the page of ``pk``, each as it was seen there."""
    own = _visible(request, pk)
    asked, known = [], {str(each.pk): each for each in own.children.with_all()}
    for ticked in request.POST.getlist("approve"):
        key, version, hash = (*ticked.split(":"), "", "")[:3]
        if key in known:
            asked.append((known[key], seen_version(version), hash))
    done, refused = services.approve_many(asked, by=request.post)
    if done:
        words = ngettext("已通过 %(n)s 个单位的上报。", "已通过 %(n)s 个单位的上报。", len(done))
        messages.success(request, words % {"n": len(done)})
    for submission, why in refused:
        messages.error(request, _("%(what)s：%(why)s") % {"what": submission.unit_then.short_name, "why": why})
    if not asked:
        messages.error(request, _("没有勾选单位。"))
    return redirect("submission-detail", pk=own.pk)


def current_of(post: Appointment, key: str = "") -> Submission | None:
    """The submission of the post's own unit for ``key``, of one that it took over from where it did not stand yet; else
    of the latest month that is over, or of the latest."""
    own = Submission.objects.visible_to(post, "submit_ledger").with_all().months_of(post.unit)
    if key:
        return own.filter(period__key=key).first()
    latest = list(own[: 2 * len(post.unit.own_keys)])
    over = [each for each in latest if each.period.is_over]
    return next(iter([*over, *latest]), None)


def _visible(request, pk) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(request.post, "view_figures").with_all(), pk=pk)


def _back(request, submission: Submission) -> str:
    """To where the decider was: the page of its own unit; else to the submission's."""
    there = submission.parent_id if request.POST.get("from") == "above" and submission.parent_id else submission.pk
    return f"/ledger/{there}/"


def _page(request, submission: Submission, *, error: str = "", status: int = 200):
    services.look_at(submission, request.post)
    page = month_page(submission, request.post)
    templates = templates_at(submission.unit)
    template = templates.get(request.GET.get("sheet", ""), MONTHLY)
    scale = template.scale_of(request.GET.get("scale", ""))
    before = page.last_submission.approved if page.last_submission else None
    months = _periods(submission, request.post)
    context = {
        "page": page,
        "submission": submission,
        "unit": submission.unit_then,
        "period": submission.period,
        "template": template,
        "templates": templates.values(),
        "scale": scale,
        "groups": heads_of(template),
        "rows": sheet_rows(page, template, request.post, scale),
        "relations": [*page.relations(), *own_relations(page, template)],
        "to_explain": _to_explain(page, request.POST if error else {}),
        "explained": explained_in(page.shown.told) if page.shown else [],
        "changed": changed_since(template.indicators, before.told["values"]) if before else [],
        "may_export": request.post.may("export_figures", submission.unit),
        "export_url": _export_url(submission),
        "periods": months[:MONTHS_BESIDE],
        "earlier": months[MONTHS_BESIDE:],
        "taken_over": _taken_over(submission, request.post),
        "moves": [move.action for move in SUBMISSION.offered_to(request.post, submission)],
        "events": _events(submission),
        "people": _people(page),
        "error": error,
        "typed_reason": request.POST.get("reason", "") if error else "",
        "lacks": _lacks(submission, request.post),
    }
    for part in MONTH_PARTS:
        context |= part(submission, request.post)
    context |= {
        "moves_besides_sending": [move for move in context["moves"] if move != "submit"],
        "own_cells": context["rows"][-1].cells,
        "may_decide": request.post.may("decide_ledger", submission) and sends(request.post, submission),
        "tier_below": _tier_below(page),
        "send_words": _("本月完成，上报%(above)s") % {"above": decided_at_last(submission, request.post).centre_name}
        if submission.parent_id
        else _("报出"),
    }
    is_village = submission.unit.level == Level.VILLAGE
    page_of_tier = "reports/submissions/village.html" if is_village else "reports/submissions/month.html"
    return render(request, page_of_tier, context, status=status)


def _lacks(submission: Submission, post: Appointment) -> list[Lack] | None:
    """What a director began and did not finish, on the sheet of her own village; None where nobody looked."""
    is_own_village = submission.unit.level == Level.VILLAGE and submission.unit_id == post.unit_id
    return left_at(post) if is_own_village else None


def _export_url(submission: Submission) -> str:
    """The page of exports, filled in for what was reported, else for what is counted now."""
    asked = {"unit": str(submission.unit.uid), "period": submission.period.key}
    if submission.current:
        asked["source"] = "reported"
    return f"{reverse('export-list')}?{urlencode(asked)}"


def _tier_below(page: MonthPage) -> str:
    return page.rows[0].submission.unit.get_level_display() if page.rows else _("下级单位")


def _to_explain(page: MonthPage, typed) -> list[Relation]:
    """What the sender has to explain, with what was written about it already."""
    said = page.submission.current.told["explanations"] if page.submission.current else {}
    found = page.to_explain()
    for each in found:
        each.typed = typed.get(f"why-{each.check.key}", said.get(each.check.key, ""))
    return found


def _events(submission: Submission) -> list[SubmissionEvent]:
    """The last first, each with the words of its move."""
    events = list(submission.events.select_related("person", "post__unit", "snapshot").order_by("-at", "-id"))
    for event in events:
        event.label = SUBMISSION.transitions[event.action].label
    return events


def _people(page: MonthPage) -> list[Appointment]:
    return people_at([page.submission.unit_id]).get(page.submission.unit_id, [])


def _periods(submission: Submission, post: Appointment) -> list[Submission]:
    """The months of two years of the unit, the last first; before it stood, those of a unit that it took over from."""
    rows = Submission.objects.visible_to(post, "view_figures").months_of(submission.unit).select_related("period")
    found: dict[str, Submission] = {}
    for row in rows[: MONTHS_LISTED * len(submission.unit.own_keys)]:
        found.setdefault(row.period.key, row)
    return list(found.values())[:MONTHS_LISTED]


def _taken_over(submission: Submission, post: Appointment) -> list[Submission]:
    """Of the same month, the sheets of units that its unit took over from."""
    closed = submission.unit.took_over
    rows = Submission.objects.visible_to(post, "view_figures").filter(period=submission.period_id, unit__in=closed)
    return list(rows.select_related("unit", "period").order_by("unit")) if closed else []


def _submit(submission: Submission, request) -> None:
    explanations = _texts(request, "why-")
    services.submit(
        submission, by=request.post, seen_version=_version(request), seen=request.POST.get("seen", ""),
        explanations=explanations,
    )  # fmt: skip


def _send_back(submission: Submission, request) -> None:
    remarks = _texts(request, "cell-")
    reason = request.POST.get("reason", "")
    services.send_back(submission, by=request.post, seen_version=_version(request), reason=reason, remarks=remarks)


def _approve(submission: Submission, request) -> None:
    services.approve(submission, by=request.post, seen_version=_version(request), hash=request.POST.get("hash", ""))


def _simple(service, *, reason: bool):
    def act(submission: Submission, request) -> None:
        given = {"reason": request.POST.get("reason", "")} if reason else {}
        service(submission, by=request.post, seen_version=_version(request), **given)

    return act


def _texts(request, beginning: str) -> dict[str, str]:
    """{rest of the name: text} of the fields whose names begin so, those left blank left out."""
    given = {name: text for name, text in request.POST.items() if name.startswith(beginning) and text.strip()}
    return {name.removeprefix(beginning): text for name, text in given.items()}


def _version(request) -> int:
    return seen_version(request.POST.get("version"))


ACTS = {
    "submit": _submit,
    "withdraw": _simple(services.withdraw, reason=False),
    "return": _send_back,
    "approve": _approve,
    "reopen": _simple(services.reopen, reason=True),
    "waive": _simple(services.waive, reason=True),
    "end_waiver": _simple(services.end_waiver, reason=False),
}


def _done(action: str, submission: Submission, post: Appointment) -> str:
    """What was done and what is next, in words."""
    words = {"unit": submission.unit_then.short_name, "above": decided_at_last(submission, post).centre_name}
    if action == "submit" and submission.unit_id not in post.unit.own_keys:
        return _("已替%(unit)s上报。请本单位另一位工作人员或上一级审核，代报的人不能自己通过。") % words
    if action == "submit" and submission.above_id == submission.unit_id:
        return _("已报出，请另一位工作人员核对后通过。")
    said: str = {
        "submit": _("已送到%(above)s。"),
        "withdraw": _("已撤回，可以改好再报。"),
        "return": _("已退回%(unit)s，对方会看到原因。"),
        "approve": _("已通过%(unit)s的上报。"),
        "reopen": _("已退回%(unit)s重报。"),
        "waive": _("%(unit)s已注明缺报，不计入合计。"),
        "end_waiver": _("%(unit)s可以上报了。"),
    }[action]
    return said % words
