"""What the moves of a request and of its answers require, and what follows from them."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.workflow.outcomes import Attempt, Outcome
from orgs.audit.services import record_act
from orgs.holidays.working_days import WorkingDays
from orgs.inbox.services import Author, notify
from reports.periods.deadlines import due_again
from reports.requests.handing_on import hand_on_returned
from reports.requests.models import DataAnswer, DataAnswerEvent, DataRequest, DataRequestEvent
from reports.requests.notices import tell_asked, tell_complete
from reports.requests.sheet import freeze
from reports.requests.units import places_of, units_of, who_answers
from reports.requests.workflow import ANSWER, REQUEST, Filling
from reports.rollup.periods import Period

LEAST_DAYS = 2  # working days that who is asked has at least
NOBODY_THERE = gettext_lazy("那个月这一级没有可以要的单位，请重新选择月份或单位。")
# how the trail names each move
ACTS = {
    "send": "send_data_request",
    "settle": "settle_data_request",
    "discard": "discard_data_request",
    "close": "close_data_request",
    "withdraw": "withdraw_data_request",
}
ACTS_OF_ANSWER = {
    "extend": "extend_data_answer",
    "submit": "submit_data_answer",
    "take_back": "take_back_data_answer",
    "return": "return_data_answer",
}


# --- the request


@REQUEST.bar("send")
def _refuse_sending(request: DataRequest) -> str:
    if not request.questions.exists():
        return _("要的栏目系统里都有，不用往下要，直接出表即可。")
    if request.due_on < first_day_due():
        return _("截止日期太近：至少给下面 %(days)s 个工作日，请改截止日期。") % {"days": LEAST_DAYS}
    if not who_answers(places_of(units_of(request), request.month_asked)):
        return str(NOBODY_THERE)
    return ""


@REQUEST.bar("settle")
def _refuse_settling(request: DataRequest) -> str:
    if request.questions.exists():
        return _("还有系统里没有的栏目，要发下去填。")
    if not request.columns:
        return _("还没有选栏目。")
    if not units_of(request):
        return str(NOBODY_THERE)
    return ""


def first_day_due() -> datetime.date:
    """The first day that may be the last one of a request that goes out now."""
    today = timezone.localdate()
    return WorkingDays(today, today).after(today, LEAST_DAYS)


@REQUEST.outcome("send")
def _count_and_ask(request: DataRequest, _attempt: Attempt) -> Outcome:
    """A row for each unit that stands now in the place of those of the month asked."""
    asked = who_answers(places_of(units_of(request), request.month_asked))
    # a holiday may have been written down since the draft was
    due_on = WorkingDays(request.due_on, request.due_on).first_from(request.due_on)
    rows = [DataAnswer(request=request, unit=unit, covers=keys, due_on=due_on) for unit, keys in asked]
    DataAnswer.objects.bulk_create(rows, batch_size=500)
    counted: dict[str, Any] = {"due_on": due_on, "asked_units": len(rows), "asked_questions": request.questions.count()}
    return Outcome(columns=_asked_now(request) | counted)


@REQUEST.outcome("settle")
def _take_figures(request: DataRequest, _attempt: Attempt) -> Outcome:
    closed = {"at_once": True, "closed_at": timezone.now(), "figures": freeze(request)}
    return Outcome(columns=_asked_now(request) | closed)


def _asked_now(request: DataRequest) -> dict[str, Any]:
    today = timezone.localdate()
    return {"asked_on": today, "month": Period.of(today=today).key, "asked_columns": len(request.columns)}


@REQUEST.outcome("close")
def _close(request: DataRequest, _attempt: Attempt) -> Outcome:
    """The figures stay as they are on this day; answers can't change any more."""
    return Outcome(columns={"closed_at": timezone.now(), "figures": freeze(request)})


@REQUEST.effect("send", "settle", "discard", "close", "withdraw")
def _record_request(request: DataRequest, event: DataRequestEvent, _payload: object) -> None:
    told: dict[str, Any] = {"period": request.period, "columns": len(request.columns), "units": request.asked_units}
    record_act(event.post, ACTS[event.action], request, unit=request.unit, **told)
    if event.action == "send":
        tell_asked(request.answers.with_all(), by=event.post)


# --- what a unit answers


@ANSWER.lock
def _hold(answer: DataAnswer) -> None:
    """The request before its answer: whether it is open decides what may be done, and closing reads every answer."""
    held = DataRequest.objects.select_for_update(no_key=True, of=("self",)).defer("figures")
    answer.request = held.select_related("unit").get(pk=answer.request_id)


@ANSWER.outcome("submit")
def _keep_values(answer: DataAnswer, attempt: Attempt) -> Outcome:
    filling = attempt.payload
    assert isinstance(filling, Filling)
    said = {"values": dict(filling.values), "note": filling.note}
    columns = said | {"made_by": attempt.by.person, "made_in": attempt.by}
    if answer.first_answered_at is None:
        now = timezone.now()
        columns |= {"first_answered_at": now, "on_time": now <= answer.due_at}
    return Outcome(columns=columns, facts=said)


def _day_now(answer: DataAnswer) -> datetime.date:
    """Its last day: that of the request may have moved on since it was sent."""
    return max(answer.due_on, answer.request.due_on)


@ANSWER.outcome("take_back")
def _of_what_was_sent(answer: DataAnswer, _attempt: Attempt) -> Outcome:
    """What nobody had returned yet is on time by when it is sent again."""
    was_returned = answer.events.filter(action="return").exists()
    columns: dict[str, Any] = {} if was_returned else {"first_answered_at": None, "on_time": None}
    if _day_now(answer) > answer.due_on:
        columns |= {"due_on": answer.request.due_on, "nominal_due_on": answer.request.nominal_due_on}
    return Outcome(columns=columns, facts={"values": answer.values, "note": answer.note})


@ANSWER.outcome("return")
def _give_back(answer: DataAnswer, _attempt: Attempt) -> Outcome:
    """With two working days to send it again."""
    columns = {"due_on": due_again(_day_now(answer)), "nominal_due_on": None}
    return Outcome(columns=columns, facts={"values": answer.values, "note": answer.note})


@ANSWER.outcome("extend")
def _ask_again(answer: DataAnswer, _attempt: Attempt) -> Outcome:
    """With two working days; what it said stands in the form. Whether it is on time is settled by the next sending."""
    columns: dict[str, Any] = {"due_on": due_again(_day_now(answer)), "nominal_due_on": None}
    columns |= {"first_answered_at": None, "on_time": None}
    return Outcome(columns=columns, facts={"values": answer.values, "note": answer.note})


@ANSWER.effect("submit", "take_back", "return", "extend")
def _record_answer(answer: DataAnswer, event: DataAnswerEvent, _payload: object) -> None:
    told: dict[str, Any] = {"request": str(answer.request_id), "answered": len(event.values)}
    record_act(event.post, ACTS_OF_ANSWER[event.action], answer, unit=answer.unit, **told)
    if event.action in ("return", "take_back"):
        hand_on_returned(answer, by=event.post, reason=event.reason, key=str(event.pk))
    if event.action == "return" and answer.made_in_id:
        sender = Author(answer.made_in_id, "submit_ledger")
        notify("data_returned", answer, to=sender, key=str(event.pk), by=event.post)
    if event.action == "submit":
        tell_complete(answer.request, key=str(event.pk), by=event.post)
