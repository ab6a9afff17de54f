"""The one form of a unit that is asked: what exists is filled in, last time's answers too, the rest is a few fields."""

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
from orgs.posts.models import Appointment
from reports.requests.forms import AnswerForm
from reports.requests.models import DataAnswer
from reports.requests.questions import in_words
from reports.requests.services import answering
from reports.requests.sheet import covered_by, former_values, own_figures
from reports.requests.workflow import ANSWER, asks, reads_values
from reports.submissions.people import people_at


@needs("submit_ledger", "ask_figures", reads=NUMBERS)
def request_answer(request, pk):
    """Reading it, filling it in, keeping it for later, sending it."""
    answer = _visible(request, pk)
    form = _form(request, answer)
    if request.method == "POST" and form.is_valid():
        is_sent = "send" in request.POST
        service = answering.submit if is_sent else answering.keep
        seen = form.cleaned_data.get("version") or 0
        if form.attempt(service, answer, by=request.post, seen_version=seen, **form.arguments()):
            drop_draft(request)
            messages.success(request, _done(answer) if is_sent else _("已存下，还没有送出。"))
            return redirect("request-answer", pk=answer.pk)
        answer = _visible(request, pk)
    return _page(request, answer, form, status=status_of(form))


def _done(answer: DataAnswer) -> str:
    return _("已送到%(unit)s；对方收结以前可以取回修改。") % {"unit": answer.request.unit.centre_name}


@needs("submit_ledger", "ask_figures")
@require_POST
def request_answer_move(request, pk, action):
    """Take it back, or return it with what is wrong."""
    answer = _visible(request, pk)
    seen = seen_version(request.POST.get("version"))
    try:
        if action == "take_back":
            answering.take_back(answer, by=request.post, seen_version=seen)
            words = _("已取回，改好再送。")
        elif action == "return":
            reason = request.POST.get("reason", "")
            answering.send_back(answer, by=request.post, seen_version=seen, reason=reason)
            words = _("已退回%(unit)s，对方会看到原因。") % {"unit": answer.unit.short_name}
        else:
            raise Http404
    except Refused as refusal:
        answer = _visible(request, pk)
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(request, answer, _form(request, answer, bound=False), error=str(refusal), status=status)
    drop_draft(request)
    messages.success(request, words)
    return redirect("request-answer", pk=answer.pk)


def _visible(request, pk) -> DataAnswer:
    return get_object_or_404(DataAnswer.objects.readable_by(request.post).with_all(), pk=pk)


def _form(request, answer: DataAnswer, *, bound: bool = True) -> AnswerForm:
    questions = list(answer.request.questions.all())
    data = request.POST if bound and request.method == "POST" else None
    return AnswerForm(data, answer=answer, questions=questions, former=former_values(answer, questions))


def _figures(post: Appointment, answer: DataAnswer) -> list[dict]:
    """Of each unit for which it speaks, within what ``post`` may see; ``lists``: whether the children behind a number
    are listed to it."""
    return [
        {
            "place": place,
            "numbers": numbers,
            "lists": post.may("view_child", place.unit) or post.may("list_masked", place.unit),
        }
        for place, numbers in own_figures(answer)
        if post.may("view_figures", place.unit) or asks(post, answer.request)
    ]


def _page(request, answer: DataAnswer, form: AnswerForm, *, error: str = "", status: int = 200):
    record = answer.request
    moves = [move.action for move in ANSWER.offered_to(request.post, answer)]
    is_seen = reads_values(request.post, answer)
    sent = answer.values if is_seen else {}
    events = list(answer.events.select_related("person").order_by("-at", "-id"))
    for event in events:
        event.label = ANSWER.transitions[event.action].label
    last = events[0] if events else None
    context = {
        "answer": answer,
        "is_seen": is_seen,
        "record": record,
        "form": form,
        "asked": [(each, field, in_words(each, was)) for each, field, was in form.asked()],
        "lines": [(each, in_words(each, sent.get(str(each.pk)))) for each in form.questions],
        "figures": _figures(request.post, answer),
        "covered": covered_by(answer),
        "is_unsent": form.is_bound and "submit" not in moves,
        "moves": moves,
        "may_fill": "submit" in moves,
        "is_asker": asks(request.post, record),
        "returned": last if last and answer.state == "returned" else None,
        "people": people_at([answer.unit_id]).get(answer.unit_id, []),
        "events": events,
        "error": error,
        "typed_reason": request.POST.get("reason", "") if error else "",
    }
    return render(request, "reports/requests/answer.html", context, status=status)
