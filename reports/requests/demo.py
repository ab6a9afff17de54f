"""Requests of the made-up city: one of last month that was closed, one at work, and one that needed nobody."""

import datetime
from typing import Any

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.audit.services import act_row, record_acts
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataAnswerEvent, DataQuestion, DataRequest, DataRequestEvent
from reports.requests.services import answering, asking, drafting
from reports.requests.sheet import freeze
from reports.requests.states import AnswerState, RequestState
from reports.requests.units import places_of, units_then
from reports.rollup.periods import Period
from reports.submissions.people import REPORTS

DAY = datetime.timedelta(days=1)
SWIM: dict[str, Any] = {
    "kind": "number", "name": "会游泳的", "meaning": "月末在册儿童中能独立游二十五米的", "measure": "人", "choices": [],
}  # fmt: skip
WARNED: dict[str, Any] = {
    "kind": "yes_no", "name": "水边有警示牌", "meaning": "村内坑塘、河道边都立了警示牌", "measure": "", "choices": [],
}  # fmt: skip
PURPOSE = "防溺水专项，安排护水员和游泳课"


def make_requests(demo: Demo) -> None:
    """At the demo's station, so that its village has something to fill in; the city takes a sheet at once."""
    star, month = demo.villages[0], Period.of(today=demo.today)
    clerk = Appointment.objects.with_unit().filter(person__username="demo_clerk").first()
    if clerk and clerk.unit_id == star.township_id:
        villages = [*OrgUnit.objects.current().filter(township=star.township_id, level=4).with_path().in_order()]
        former = _closed(demo, clerk, month)
        _at_work(demo, clerk, former, star, villages)
    officer = Appointment.objects.with_unit().filter(person__username="demo_city").first()
    if officer:
        _at_once(officer, month)


def _closed(demo: Demo, clerk: Appointment, month: Period) -> DataRequest:
    """Asked and closed in the month before, all but one of the villages of then answered."""
    asked_on = month.before.replace(day=8)
    sent_at, closed_at = (_at(asked_on + days * DAY) for days in (0, 9))
    units = units_then(clerk.unit, Period.of(month.back(2)), 4)
    villages = [place.unit for place in places_of(units, Period.of(month.back(2)), {})]
    request = DataRequest.objects.create(
        unit=clerk.unit, title="防溺水排查", purpose=PURPOSE, period=month.back(2), level=4, due_on=asked_on + 7 * DAY,
        columns=["registered", "left_behind"], state=RequestState.CLOSED, version=3, made_by=clerk.person,
        made_in=clerk, made_at=sent_at, asked_on=asked_on, month=month.back(1), asked_units=len(villages),
        asked_columns=2, asked_questions=2, closed_at=closed_at,
    )  # fmt: skip
    swim, warned = (
        DataQuestion.objects.create(request=request, position=at, **said) for at, said in enumerate((SWIM, WARNED), 1)
    )
    answers, events, acts = [], [], []
    for number, unit in enumerate(villages):
        answer = DataAnswer(request=request, unit=unit, due_on=request.due_on)
        by = _poster(demo, unit)
        if by and number != 1:
            answer.values = {str(swim.pk): 1 + unit.pk % 4, str(warned.pk): ("yes", "no")[unit.pk % 3 == 0]}
            at = _at(asked_on + (1 + number % 6) * DAY)
            answer.state, answer.version, answer.first_answered_at, answer.on_time = AnswerState.ANSWERED, 2, at, True
            answer.made_by_id, answer.made_in = by.person_id, by
            events.append(_sent(answer, by, at))
            acts.append(act_row(by, "submit_data_answer", answer, unit=unit, request=str(request.pk)))
        answers.append(answer)
    DataAnswer.objects.bulk_create(answers)
    DataRequest.objects.filter(pk=request.pk).update(figures=freeze(request))
    DataAnswerEvent.objects.bulk_create(events)
    moves = (("make", "", "draft", sent_at), ("send", "draft", "sent", sent_at), ("close", "sent", "closed", closed_at))
    DataRequestEvent.objects.bulk_create(
        [
            DataRequestEvent(record=request, action=action, was=was, now=now, person=clerk.person, post=clerk, at=at)
            for action, was, now, at in moves
        ]
    )
    acts += [act_row(clerk, f"{action}_data_request", request, unit=request.unit) for action in ("send", "close")]
    record_acts(acts)
    return request


def _sent(answer: DataAnswer, by: Appointment, at: datetime.datetime) -> DataAnswerEvent:
    said = {"action": "submit", "was": "open", "now": "answered", "values": answer.values}
    return DataAnswerEvent(record=answer, person_id=by.person_id, post=by, at=at, **said)


def _at_work(demo: Demo, clerk: Appointment, former: DataRequest, star: OrgUnit, villages: list[OrgUnit]) -> None:
    """The same again: the demo's village has it to fill in, one answered, one has it back, one is late."""
    request = drafting.ask_again(former, by=clerk)
    asking.send(request, by=clerk, seen_version=request.version)
    swim = request.questions.get(name=SWIM["name"])
    warned = request.questions.get(name=WARNED["name"])
    others = [unit for unit in villages if unit.pk != star.pk and _poster(demo, unit)]
    for unit in others[:2]:
        answer = DataAnswer.objects.with_all().get(request=request, unit=unit)
        by = Appointment.objects.with_unit().get(pk=_poster(demo, unit).pk)
        given = {swim.field: str(2 + unit.pk % 3), warned.field: "yes"}
        answering.submit(answer, by=by, seen_version=answer.version, given=given)
    if others[1:]:
        back = DataAnswer.objects.with_all().get(request=request, unit=others[1])
        answering.send_back(back, by=clerk, seen_version=back.version, reason="会游泳的比上次少了，请核对")
    if others[2:]:
        DataAnswer.objects.filter(request=request, unit=others[2]).update(due_on=demo.today - 4 * DAY)


def _at_once(officer: Appointment, month: Period) -> None:
    """All that the city wanted to know was there."""
    request = drafting.save_request(
        by=officer, title="各县留守儿童和逾期走访", purpose="月度调度会用", document="", period=month.back(1), level=2,
        due_on=drafting.usual_answers(officer)["due_on"],
    )  # fmt: skip
    columns = ["registered", "left_behind", "visits_due", "visits_overdue"]
    request = drafting.set_columns(request, columns, by=officer, seen_version=request.version)
    asking.settle(request, by=officer, seen_version=request.version)


def _poster(demo: Demo, unit: OrgUnit) -> Any:
    return demo.posts.get((unit.pk, REPORTS[unit.level]))


def _at(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


MAKERS.add(make_requests, order=956)
