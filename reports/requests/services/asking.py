"""Sending a request down, taking the sheet at once, reminding, closing, withdrawing."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from reports.requests.models import DataRequest, DataRequestEvent
from reports.requests.notices import tell_again
from reports.requests.states import RequestState
from reports.requests.workflow import REQUEST, asks


def send(request: DataRequest, *, by: Appointment, seen_version: int) -> DataRequestEvent:
    """Ask every unit for the columns that are missing. Raises PermissionDenied, Refused, Stale; then nobody is
    asked."""
    return REQUEST.apply("send", request, by=by, seen_version=seen_version)


def settle(request: DataRequest, *, by: Appointment, seen_version: int) -> DataRequestEvent:
    """All that is wanted is there: take the sheet, and ask nobody."""
    return REQUEST.apply("settle", request, by=by, seen_version=seen_version)


def discard(request: DataRequest, *, by: Appointment, seen_version: int) -> DataRequestEvent:
    return REQUEST.apply("discard", request, by=by, seen_version=seen_version)


def close(request: DataRequest, *, by: Appointment, seen_version: int) -> DataRequestEvent:
    """No more answers are taken; who did not answer is named so."""
    return REQUEST.apply("close", request, by=by, seen_version=seen_version)


def withdraw(request: DataRequest, *, by: Appointment, seen_version: int, reason: str) -> DataRequestEvent:
    return REQUEST.apply("withdraw", request, by=by, seen_version=seen_version, reason=reason)


def remind(request: DataRequest, *, by: Appointment) -> int:
    """Remind the units that have not answered, each once a day, whoever reminded them of it. Returns how many. Raises
    PermissionDenied, Refused where nobody is left to be reminded today."""
    if not (asks(by, request) and by.may("ask_figures", request)):
        raise PermissionDenied
    if request.state != RequestState.SENT:
        raise Refused(_("没有在收数，不用催。"))
    with transaction.atomic():
        expected = request.answers.expected()
        if not expected.exists():
            raise Refused(_("都已经答了，没有可以催的。"))
        told = tell_again(expected.with_all(), by=by)
        if not told:
            raise Refused(_("今天都提醒过了，或者还没有人在岗；同一天不重复发。"))
        record_act(by, "remind_data_request", request, unit=request.unit, units=told)
    return told
