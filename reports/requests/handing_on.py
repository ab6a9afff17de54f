"""Answers of units that were closed: whoever took over answers in their place."""

from django.db.models import F, Q

from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Reorganisation, Succession, successors_of
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.notices import tell_complete
from reports.requests.querysets import left_above
from reports.requests.states import OPEN_STATES, AnswerState, RequestState
from reports.requests.workflow import ANSWER


def hand_on_open(reorganisation: Reorganisation) -> None:
    """What the units that ``reorganisation`` closed have not answered goes to those that stand in their place; what
    they answered stays. One that has no successor is asked no more: it leaves the count."""
    heirs: dict[int, list[int]] = {}
    for before, after in Succession.objects.filter(reorganisation=reorganisation).values_list(
        "predecessor", "successor"
    ):
        heirs.setdefault(before, []).append(after)
    closed = _closed_by(reorganisation) | Q(unit__in=heirs)
    left = DataAnswer.objects.filter(closed, state__in=OPEN_STATES, request__state=RequestState.SENT)
    asked = DataRequest.objects.filter(pk__in=left.values("request"), state=RequestState.SENT).order_by("pk")
    document, key = reorganisation.document, str(reorganisation.pk)
    # held as every answer holds it
    for request in asked.with_all().select_for_update(of=("self",), no_key=True):
        owed = left.filter(request=request, unit__in=heirs).select_related("unit").order_by("unit__level", "unit")
        for answer in list(owed):
            for unit in sorted(heirs[answer.unit_id]):
                alone = len(heirs[answer.unit_id]) == 1
                _give(answer, unit, by=reorganisation.made_in, reason=document, key=key, alone=alone)
        _count_asked(request)
        tell_complete(request, key=key)


def _closed_by(reorganisation: Reorganisation) -> Q:
    """Of answers: their unit was closed by it, with or without a successor."""
    sources = list(reorganisation.parts.exclude(source=None).values_list("source", flat=True))
    lies_in = Q(unit__in=sources) | Q(unit__township__in=sources) | Q(unit__county__in=sources)
    return lies_in & Q(unit__valid_to=reorganisation.effective_on)


def hand_on_returned(answer: DataAnswer, *, by: Appointment, reason: str, key: str) -> None:
    """What came back of a unit that was closed since goes to its successors, each for all that it took over; where it
    has none it stays, and the tier above mends it. ``answer`` is held, and so is its request."""
    if answer.unit.valid_to is None:
        return
    heirs = sorted(successors_of([answer.unit_id])[answer.unit_id])
    for unit in heirs:
        _give(answer, unit, by=by, reason=reason, key=key, alone=len(heirs) == 1)
    if heirs:
        _count_asked(answer.request)
    else:
        office = next(iter(answer.in_office), None)
        if office:
            notify("data_returned", answer, to=Holders(office, "submit_ledger"), key=key, by=by)


def _count_asked(request: DataRequest) -> None:
    handed_on = Q(state__in=OPEN_STATES, unit__valid_to__isnull=False) & ~left_above()
    DataRequest.objects.filter(pk=request.pk).update(asked_units=request.answers.exclude(handed_on).count())


def _give(answer: DataAnswer, unit: int, *, by: Appointment, reason: str, key: str, alone: bool) -> None:
    """``unit`` speaks for what ``answer`` was to speak for: in the same row where it ``alone`` took over and has none,
    else in its own."""
    taking = DataAnswer.objects.with_all().filter(request=answer.request_id, unit=unit).first()
    if taking is None and alone:
        moved = {"unit": unit, "covers": answer.covered, "version": F("version") + 1}
        DataAnswer.objects.filter(pk=answer.pk).update(**moved)
        taking = answer
    elif taking is None:
        taking = DataAnswer.objects.create(
            request_id=answer.request_id,
            unit_id=unit,
            covers=answer.covered,
            due_on=answer.due_on,
            nominal_due_on=answer.nominal_due_on,
        )
    else:
        covers = list(dict.fromkeys([*taking.covered, *answer.covered]))
        DataAnswer.objects.filter(pk=taking.pk).update(covers=covers)
        if taking.is_answered:
            ANSWER.follow("extend", taking, by=by, reason=reason)
        else:
            DataAnswer.objects.filter(pk=taking.pk).update(version=F("version") + 1)
    kind = "data_returned" if taking.state == AnswerState.RETURNED else "data_asked"
    notify(kind, taking, to=Holders(unit, "submit_ledger"), key=key)
