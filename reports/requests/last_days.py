"""The last days of requests that are open, where a holiday is written down or taken back."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from orgs.audit.services import record_act
from orgs.holidays.following import CalendarChange, Moved, first_working
from orgs.holidays.working_days import WorkingDays
from orgs.posts.models import Appointment
from reports.periods.models import first_day_to_come
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.querysets import DataRequestQuerySet
from reports.requests.states import RequestState
from reports.submissions.last_days import tell_moved

BEYOND = datetime.timedelta(days=90)  # so far ahead the calendar is read: later than any last day of a request
Dated = TypeVar("Dated", DataRequest, DataAnswer)


def foresee(change: CalendarChange, post: Appointment) -> list[Moved]:
    """What ``follow`` would move, by title where it was asked within the city of ``post``."""
    found: Counter[tuple[str, datetime.date, datetime.date]] = Counter()
    for request in _open_requests():
        is_own = (request.unit.city_id or request.unit.county_id) == (post.unit.city_id or post.unit_id)
        title = _("要数“%(title)s”") % {"title": request.title} if is_own else _("其他地市的要数")
        answers = _moving(request.answers.expected(), change)
        for answer, day in answers:
            found[title, answer.due_on, day] += 1
        for _request, day in _moving([request], change):
            found[title, request.due_on, day] += 0
    return [Moved(what, before, after, units) for (what, before, after), units in found.items()]


def follow(change: CalendarChange, by: Appointment, key: str) -> None:
    """Move the last day of every request that is open and of each answer that is expected; tell each unit once."""
    for request in _open_requests().select_for_update(no_key=True, of=("self",)):
        own = _moving([request], change)
        answers = _moving(request.answers.expected().with_all(), change)
        if not own and not answers:
            continue
        told: dict[str, Any] = {"before": request.due_on, "units": len(answers)}
        _move(own)
        _move(answers)
        DataRequest.objects.bulk_update([each for each, _day in own], ["due_on", "nominal_due_on"])
        DataAnswer.objects.bulk_update([each for each, _day in answers], ["due_on", "nominal_due_on"], batch_size=500)
        told |= {"after": request.due_on, "holiday": change.name, "document": change.document}
        record_act(by, "move_data_request", request, unit=request.unit, **told)
        tell_moved("data_moved", [answer for answer, _day in answers], by=by, key=key)


def _open_requests() -> DataRequestQuerySet:
    return DataRequest.objects.filter(state=RequestState.SENT).with_all().order_by("pk")


def _moving(rows: Iterable[Dated], change: CalendarChange) -> list[tuple[Dated, datetime.date]]:
    """[(row, its day after ``change``)] of those whose day is another one then."""
    today = first_day_to_come()
    calendar = WorkingDays(today, today + BEYOND, change)
    days = [
        (row, first_working(row.nominal_due_on or row.due_on, row.due_on, calendar.first_from, today=today))
        for row in rows
    ]
    return [(row, day) for row, day in days if day != row.due_on]


def _move(rows: Iterable[tuple[Dated, datetime.date]]) -> None:
    for row, day in rows:
        nominal = row.nominal_due_on or row.due_on
        row.nominal_due_on, row.due_on = (nominal if day != nominal else None), day
