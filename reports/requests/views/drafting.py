"""Saying what is wanted: first what it is about, then the columns, those that exist before those that do not."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.pages.form_action import status_of
from childwelfare.pages.searched import KEY, open_search, searched_by
from childwelfare.workflow.refusals import Refused, messages_by_field
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NUMBERS, needs
from orgs.drafts.services import drop_draft
from reports.indicators.table import BY_KEY
from reports.requests.columns import find_columns, full_label
from reports.requests.forms import QuestionForm, RequestForm
from reports.requests.likeness import like
from reports.requests.models import DataRequest
from reports.requests.questions import MOST_QUESTIONS
from reports.requests.services import drafting
from reports.requests.states import RequestState
from reports.requests.workflow import asker_of


def steps_at(now: int) -> list[dict]:
    """The three steps of asking, for components/_steps.html."""
    labels = (_("要什么、向谁要"), _("选栏目"), _("看已有的，发出"))
    states = ["done" if at < now else "now" if at == now else "" for at in range(len(labels))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


@needs("ask_figures", reads=NUMBERS)
def request_new(request):
    """The first step; above it what was asked before, to be asked again with one press."""
    if not drafting.may_ask(request.post):
        messages.error(request, _("您的单位没有下级可以要数。"))
        return redirect("request-list")
    return _form(request, None)


@needs("ask_figures", reads=NUMBERS)
def request_edit(request, pk):
    record = own_request(request, pk)
    if not record.is_draft:
        messages.error(request, _("已经发出或收结，不能再改。"))
        return redirect("request-detail", pk=record.pk)
    return _form(request, record)


def _form(request, record: DataRequest | None):
    form = RequestForm(request.POST or None, asker=asker_of(request.post, record), initial=_initial(request, record))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.get("version") or 0
        given = {"request": record, "seen_version": seen} if record else {"pk": form.cleaned_data["pk"]}
        saved = form.attempt(drafting.save_request, by=request.post, **given, **form.facts())
        if saved:
            drop_draft(request)
            return redirect("request-columns", pk=saved.pk)
    context = {
        "form": form,
        "record": record,
        "steps": steps_at(0),
        "former": [] if record else _former(request),
        "chosen": set(form["within"].value() or []),
    }
    return render(request, "reports/requests/form.html", context, status=status_of(form))


def _initial(request, record: DataRequest | None) -> dict:
    if record is None:
        return drafting.usual_answers(request.post)
    names = ("title", "purpose", "document", "period", "level", "due_on", "version")
    said = {name: getattr(record, name) for name in names}
    return said | {"within": [str(each.uid) for each in record.within.all()]}


def _former(request) -> list[DataRequest]:
    """The last ones of the unit that nobody asked again yet."""
    asked = DataRequest.objects.visible_to(request.post, "ask_figures").with_all().of(request.post.unit)
    asked = asked.filter(state__in=(RequestState.SENT, RequestState.CLOSED), repeated=None)
    return list(asked.order_by("-asked_on", "-made_at")[:5])


def own_request(request, pk) -> DataRequest:
    """Of one's own unit, or left to it by one below where nobody is in post."""
    found = DataRequest.objects.visible_to(request.post, "ask_figures").with_all().in_hands_of(request.post.unit)
    return get_object_or_404(found, pk=pk)


@needs("ask_figures", reads=NUMBERS)
@searched_by("q")
def request_columns(request, pk):
    """The second step: searching what exists, and declaring what does not."""
    record = own_request(request, pk)
    if not record.is_draft:
        return redirect("request-detail", pk=record.pk)
    return _columns_page(request, record, QuestionForm())


def _columns_page(request, record: DataRequest, form, alike=(), status: int = 200):
    searched = getattr(request, "searched", None) or open_search(request, request.POST.get(KEY, ""))
    typed = searched.get("q")
    found = find_columns(typed)
    context = {
        "record": record,
        "steps": steps_at(1),
        "typed": typed,
        "search_key": searched.key,
        "found": found,
        "number_found": sum(len(columns) for _group, columns in found),
        "chosen": [(each, full_label(each)) for each in record.indicators],
        "chosen_keys": set(record.columns),
        "questions": list(record.questions.all()),
        "most_questions": MOST_QUESTIONS,
        "form": form,
        "alike": alike,
    }
    return render(request, "reports/requests/columns.html", context, status=status)


@needs("ask_figures")
@require_POST
def request_column(request, pk):
    """Take a column that exists, or leave it out again."""
    record = own_request(request, pk)
    key, seen = request.POST.get("column", ""), seen_version(request.POST.get("version"))
    rest = [each for each in record.columns if each != key]
    keys = rest if request.POST.get("leave") else [*rest, key]
    try:
        drafting.set_columns(record, keys, by=request.post, seen_version=seen)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except ValidationError as error:
        messages.error(request, " ".join(messages_by_field(error).get("columns", [])))
    else:
        drop_draft(request)
        name = full_label(BY_KEY[key]) if key in BY_KEY else key
        words = (
            _("去掉了“%(name)s”。") if request.POST.get("leave") else _("“%(name)s”系统里有，直接取数，不用往下要。")
        )
        messages.success(request, words % {"name": name})
    return _back_to_columns(request, record)


def _back_to_columns(request, record: DataRequest):
    """To what was searched, so that the next column of it can be taken."""
    searched = open_search(request, request.POST.get(KEY, ""))
    address = reverse("request-columns", args=[record.pk])
    return redirect(f"{address}?{urlencode(searched.pairs())}" if searched.key else address)


@needs("ask_figures")
@require_POST
def request_question(request, pk):
    """Declare a missing column; where one that is close exists, that is shown first."""
    record, form = own_request(request, pk), QuestionForm(request.POST)
    alike: list = []
    if form.is_valid():
        facts = form.facts()  # of a field with a fault the form forgets what was written
        seen = seen_version(request.POST.get("version"))
        made = form.attempt(drafting.add_question, record, by=request.post, seen_version=seen, **facts)
        if made:
            drop_draft(request)
            messages.success(request, _("“%(name)s”会发下去填。") % {"name": made.name})
            return redirect("request-columns", pk=record.pk)
        if not form.stale and not facts["though_alike"]:
            alike = like(facts["name"], facts["meaning"], root=drafting.root_of(record.unit))
    return _columns_page(request, drafting.fresh(record), form, alike, status_of(form))


@needs("ask_figures")
@require_POST
def request_question_remove(request, pk):
    record = own_request(request, pk)
    question = record.questions.filter(pk=_key(request.POST.get("question", ""))).first()
    if question is None:
        messages.error(request, _("这一栏已经不在了。"))
        return redirect("request-columns", pk=record.pk)
    try:
        drafting.remove_question(
            record, question, by=request.post, seen_version=seen_version(request.POST.get("version"))
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("不要“%(name)s”了。") % {"name": question.name})
    return redirect("request-columns", pk=record.pk)


def _key(text: str):
    """A key as a form sends it; one that none has for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


@needs("ask_figures")
@require_POST
def request_repeat(request, pk):
    """The same again, of the next month: the draft is complete, one press sends it."""
    record = own_request(request, pk)
    try:
        made = drafting.ask_again(record, by=request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("request-detail", pk=record.pk)
    messages.success(request, _("照上次的拟好了，看过就可以发出。"))
    return redirect("request-detail", pk=made.pk)
