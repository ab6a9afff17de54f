"""Telling the units of a request: their own people; where nobody holds the post, the next unit above that has people,
once of all that is left to it."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from orgs.inbox.models import Message
from orgs.inbox.services import Author, Holders, notify, notify_about
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from reports.requests.models import DataAnswer, DataRequest
from reports.requests.querysets import DataAnswerQuerySet
from reports.submissions.people import in_office, offices_of


def tell_asked(answers: Iterable[DataAnswer], *, by: Appointment) -> None:
    """That they are asked. Four queries, however many units."""
    _tell("data_asked", list(answers), by=by, key="")


def tell_again(answers: DataAnswerQuerySet, *, by: Appointment) -> int:
    """That they have not answered; who was reminded of it today, by whomever, is not told again. Returns for how many
    units somebody was told."""
    day = timezone.localdate()
    return _tell("data_due", list(answers.exclude(reminded_today())), by=by, key=f"remind:{day}")


def left_to_remind(answers: DataAnswerQuerySet) -> int:
    """Of how many units ``tell_again`` would tell somebody now. Three queries."""
    rows = list(answers.exclude(reminded_today()))
    offices = offices_of([row.unit for row in rows])
    pairs = [(offices[row.unit_id][0], row) for row in rows if offices[row.unit_id]]
    told = _stations_reminded_today({(office, row.request_id) for office, row in pairs if office != row.unit_id})
    return sum((office, row.request_id) not in told for office, row in pairs)


def reminded_today() -> Exists:
    """Of answers: somebody was reminded of it today, who is to answer for it."""
    today = {"sent_at__date": timezone.localdate()}
    return Exists(Message.objects.filter(kind="data_due", record=OuterRef("pk"), **today))


def _tell(kind: str, rows: list[DataAnswer], *, by: Appointment, key: str) -> int:
    own = notify_about(kind, [(row.unit_id, row) for row in rows], permission="submit_ledger", key=key, by=by)
    offices = offices_of([row.unit for row in rows if row.unit_id not in own])
    left = [(office, row) for row in rows if (office := next(iter(offices.get(row.unit_id, ())), None))]
    stations = {(office, row.request_id): row.request for office, row in left}
    told = _stations_reminded_today(stations) if key else set()
    in_place: list[tuple[int, Any]] = [(pair[0], each) for pair, each in stations.items() if pair not in told]
    reached = notify_about("data_in_place", in_place, permission="submit_ledger", key=key, by=by)
    return len(own) + sum(office in reached for office, _row in left)


def _stations_reminded_today(stations: Collection[tuple[int, Any]]) -> set[tuple[int, Any]]:
    today = Message.objects.filter(kind="data_in_place", sent_at__date=timezone.localdate())
    here = today.filter(recipient__unit__in={unit for unit, _request in stations})
    return set(here.filter(record__in={key for _unit, key in stations}).values_list("recipient__unit", "record"))


def tell_complete(request: DataRequest, *, key: str, by: Appointment | None = None) -> None:
    """Who asked, that nobody is left to answer ``request``; where nobody is in post there, the tier above, who closes
    it in its place. Does nothing while an answer is expected."""
    if request.answers.expected().exists():
        return
    office = next(iter(in_office(request.unit)), None)
    its_own = office is None or office == request.unit.office_id
    to = Author(request.made_in_id, "ask_figures") if its_own else Holders(office, "ask_figures")
    notify("data_complete", request, to=to, key=key, by=by)


def above_of(unit: OrgUnit) -> OrgUnit | None:
    """The next unit over it that really exists. Of one read with its path asks nothing."""
    above = unit.chain()[:-1]
    return above[-1] if above else None


def tell_left() -> None:
    """Tell who answers in their place of units whose people left after they were asked, once each. Idempotent."""
    asked = Message.objects.filter(kind="data_asked", record=OuterRef("pk"), recipient__unit=OuterRef("unit"))
    for row in DataAnswer.objects.expected().vacant().filter(Exists(asked)).with_all():
        if row.in_office:
            notify("data_left", row, to=Holders(row.in_office[0], "submit_ledger"))
