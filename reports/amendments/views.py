"""An amendment: what is valid beside what takes its place, and the buttons; and the form that asks for one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NUMBERS, needs
from orgs.drafts.services import drop_draft
from reports.amendments import services
from reports.amendments.forms import AmendForm
from reports.amendments.holding import hindrance
from reports.amendments.models import Amendment
from reports.amendments.presentation import taken_in, words_of_asking
from reports.amendments.sheets import amended_sheet, says_the_same
from reports.amendments.workflow import AMENDMENT
from reports.indicators.cross_checks import CHECKS
from reports.indicators.table import BY_KEY, numbers_of
from reports.submissions.before import before_of
from reports.submissions.models import Submission
from reports.submissions.presentation import explained_in
from reports.submissions.sheets import contradictions, twice_in, words_of_twice
from reports.submissions.workflow import decided_at_last


@needs("submit_ledger", reads=NUMBERS)
def amendment_new(request, pk):
    """Ask to amend what one's own unit reported, or one that has nobody in post; or to supply what missed the lock."""
    submission = get_object_or_404(Submission.objects.visible_to(request.post, "view_figures").with_all(), pk=pk)
    if not services.may_ask(request.post, submission):
        raise Http404
    form = AmendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amendment = form.attempt(services.ask, submission, by=request.post, **form.cleaned_data)
        if amendment:
            drop_draft(request)
            words = _("已请%(above)s同意更正；同意以后在这里核对新数、报送。")
            messages.success(request, words % {"above": decided_at_last(submission, request.post).centre_name})
            return redirect("amendment-detail", pk=amendment.pk)
    context = {
        "form": form,
        "submission": submission,
        "why_not": hindrance(submission),
        "words": words_of_asking(submission),
    }
    return render(request, "reports/amendments/form.html", context, status=status_of(form))


@needs("view_figures", reads=NUMBERS)
def amendment_detail(request, pk):
    return _page(request, _visible(request, pk))


@needs("submit_ledger", "decide_ledger")
@require_POST
def amendment_move(request, pk, action):
    """Make a move, with what its form says."""
    amendment = _visible(request, pk)
    if action not in ACTS:
        raise Http404
    try:
        ACTS[action](amendment, request)
    except Refused as refusal:
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(request, _visible(request, pk), error=str(refusal), status=status)
    drop_draft(request)
    messages.success(request, _("已办：%(what)s。") % {"what": AMENDMENT.transitions[action].label})
    return redirect("amendment-detail", pk=amendment.pk)


def _visible(request, pk) -> Amendment:
    return get_object_or_404(Amendment.objects.visible_to(request.post, "view_figures").with_all(), pk=pk)


def _page(request, amendment: Amendment, *, error: str = "", status: int = 200):
    submission = amendment.submission
    moves = [move.action for move in AMENDMENT.offered_to(request.post, amendment)]
    sheet = amended_sheet(submission) if "submit_amendment" in moves else None
    numbers = numbers_of(dict(sheet.numbers)) if sheet else amendment.current.numbers if amendment.current else None
    sent = amendment.current if not sheet else None
    valid = sent.supersedes if sent else submission.approved
    context = {
        "amendment": amendment,
        "submission": submission,
        "unit": submission.unit_then,
        "period": submission.period,
        "moves": moves,
        "is_to_do": any(move != "submit_amendment" for move in moves),
        "sheet": sheet,
        "lines": _lines(valid.numbers if valid else None, numbers) if numbers else [],
        "parts_alone": bool(sheet and valid and not says_the_same(sheet, valid)) or bool(sent),
        "below": taken_in(amendment),
        "valid": valid,
        "to_explain": _to_explain(sheet, submission) if sheet else [],
        "explained": explained_in(sent.told) if sent else [],
        "left_out": sent.left_out if sent else [],
        "events": _events(amendment),
        "error": error,
        "typed_reason": request.POST.get("reason", "") if error else "",
    }
    return render(request, "reports/amendments/detail.html", context, status=status)


def _lines(valid, numbers) -> list[tuple]:
    """(indicator, valid, new, difference) of those that differ; where nothing is valid, of all that is not nought."""
    if valid is None:
        return [(BY_KEY[key], None, number, number) for key, number in numbers.items() if number]
    return [
        (BY_KEY[key], valid[key], number, (number or 0) - (valid[key] or 0))
        for key, number in numbers.items()
        if number != valid[key]
    ]


def _to_explain(sheet, submission: Submission) -> list[tuple[str, str]]:
    """(key, words) of what does not hold in the new figures."""
    before = before_of(submission)
    compared = {check.key: f"{check.words}（{before.words}）" for check in CHECKS if check.carried and before.words}
    found = [(each.key, compared.get(each.key, str(each.words))) for each in contradictions(sheet, before.last)]
    if number := twice_in(sheet):
        found.append(("twice", words_of_twice(number)))
    return found


def _events(amendment: Amendment) -> list:
    words = {"ask_amendment": _("请求更正"), "carry_up": _("下级更正带上来")}
    events = list(amendment.events.select_related("person", "snapshot").order_by("-at", "-id"))
    for event in events:
        move = AMENDMENT.transitions.get(event.action)
        event.label = move.label if move else words[event.action]
    return events


def _version(request) -> int:
    return seen_version(request.POST.get("version"))


def _submit(amendment: Amendment, request) -> None:
    explanations = {
        name.removeprefix("why-"): text for name, text in request.POST.items() if name.startswith("why-") and text
    }
    seen = request.POST.get("seen", "")
    services.submit(amendment, by=request.post, seen_version=_version(request), seen=seen, explanations=explanations)


def _approve(amendment: Amendment, request) -> None:
    services.approve(amendment, by=request.post, seen_version=_version(request), hash=request.POST.get("hash", ""))


def _simple(service, *, reason: bool):
    def act(amendment: Amendment, request) -> None:
        given = {"reason": request.POST.get("reason", "")} if reason else {}
        service(amendment, by=request.post, seen_version=_version(request), **given)

    return act


ACTS = {
    "open_amendment": _simple(services.open_amendment, reason=False),
    "refuse_amendment": _simple(services.refuse, reason=True),
    "withdraw_amendment": _simple(services.withdraw, reason=True),
    "submit_amendment": _submit,
    "return_amendment": _simple(services.send_back, reason=True),
    "approve_amendment": _approve,
}
