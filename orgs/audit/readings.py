"""What was read is recorded in one place, after the answer, by what the view declares (``reads``, orgs.access).

A page says which record it showed, or how many rows (``note_reading``); an answer of the API tells it by itself. A form
that was refused shows its record again and is recorded too; a way back to another page shows nothing. An answer whose
reading can't be recorded is not given.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from childwelfare.pages.searched import KEY, Searched
from orgs.access.declarations import READS, Reading, Reads
from orgs.audit.models import Audit
from orgs.audit.services import act_row, record_acts
from orgs.units.models import OrgUnit

# answers that show what was asked for: a form that was refused among them
SHOWING = {HTTPStatus.OK, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}
PAGING = {"page", "cursor", "format", KEY}
PARAMETER = re.compile(r"[a-z_]{1,30}")  # anything else in an address is none of ours, and could be a name


@dataclass(frozen=True)
class Noted:
    """One reading of a request, as its view notes it."""

    record: Model | None
    act: str
    unit: OrgUnit | None
    names: dict[str, Any]


def note_reading(
    request: Any, record: Model | None = None, *, act: str = "", unit: OrgUnit | None = None, **names: Any
) -> None:
    """Say what this request shows: ``record``, or of a list ``rows``. Written once the answer is there.

    ``act``: which of the declared ones; else the first. ``names`` and ``unit`` as of ``record_act``: no values.
    """
    asked = getattr(request, "_request", request)  # of the API: the request within
    asked.noted_readings = [*getattr(asked, "noted_readings", ()), Noted(record, act, unit, names)]


def declared_reading(request: HttpRequest) -> Reading | None:
    """What the page or the action of the API that answers ``request`` declares."""
    view: Any = request.resolver_match.func if request.resolver_match else None
    viewset = getattr(view, "cls", None)
    if viewset is None:
        return getattr(view, READS, None)
    method = (request.method or "").lower()
    action = (getattr(view, "actions", None) or {}).get(method, method)
    return getattr(viewset, READS, {}).get(action)


def as_reads(declared: Reading | None) -> Reads | None:
    """None where reading is not recorded."""
    if isinstance(declared, str):
        return Reads((declared,))
    return declared if isinstance(declared, Reads) else None


def record_readings(request: Any, response: HttpResponse) -> None:
    """Write what was noted; where nothing was, what the answer tells. Raises LookupError where a view notes what it
    does not declare."""
    if response.status_code not in SHOWING:
        return
    reads, rows = as_reads(declared_reading(request)), _rows_of(response)
    readings = getattr(request, "noted_readings", None)
    if reads is None:
        if readings:
            raise LookupError(f"{request.resolver_match.view_name} shows what it does not declare: reads=")
        return
    if readings is None:
        readings = _told_by(response) if response.status_code == HTTPStatus.OK else []
    written = [_row(request, reads, noted, rows) for noted in readings]
    if reads.once_within:
        since = (timezone.now() - reads.once_within).isoformat(timespec="microseconds")
        written = [row for row in written if not _is_recorded(row, since)]
    if written:
        record_acts(written)


def _row(request: Any, reads: Reads, noted: Noted, rows: int | None) -> Audit:
    names, record = dict(noted.names), noted.record
    if rows is not None:
        names.setdefault("rows", rows)
    if record is None or "rows" in names:
        names["list"] = request.resolver_match.url_name
        if filters := _filters_of(request):
            names["filters"] = filters
    act = noted.act or next(iter(reads.acts))
    if act not in reads.acts:
        raise LookupError(f"{request.resolver_match.view_name} notes {act!r}, which it does not declare")
    return act_row(
        request.post, act, record, unit=noted.unit, person=request.user if not request.post else None, **names
    )


def _filters_of(request: HttpRequest) -> list[str]:
    """Names of what narrows a list, never what was searched for."""
    asked = request.GET
    filled = [name for name in asked if any(asked.getlist(name)) and PARAMETER.fullmatch(name)]
    searched: Searched = getattr(request, "searched", Searched())
    return sorted({*filled, *searched.words} - PAGING)


def _told_by(response: Any) -> list[Noted]:
    """Of the API: the record that a serializer showed, or the rows of a list."""
    record = getattr(getattr(getattr(response, "data", None), "serializer", None), "instance", None)
    if isinstance(record, Model):
        return [Noted(record, "", None, {})]
    return [] if _rows_of(response) is None else [Noted(None, "", None, {})]


def _rows_of(response: Any) -> int | None:
    """How many rows a list of the API answers; None of anything else."""
    answered = getattr(response, "data", None)
    rows = answered.get("results") if isinstance(answered, dict) else answered
    return len(rows) if isinstance(rows, list) else None


def _is_recorded(row: Audit, since: str) -> bool:
    same = {"record": row.record, "person": row.person, "action": row.action}
    return bool(row.record) and Audit.objects.filter(**same, at__gte=since).exists()
