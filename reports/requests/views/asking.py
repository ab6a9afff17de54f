"""The requests of a unit, one of them with its sheet and who is behind, and how much is asked month by month."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.transitions import seen_version
from orgs.access.declarations import NUMBERS, needs
from orgs.audit.readings import note_reading
from orgs.drafts.services import drop_draft
from reports.exports.excel.naming import file_name, full_name
from reports.exports.serving import download
from reports.requests.columns import LIVE, REPORTED, full_label
from reports.requests.counts import SHOWN, asked_by, by_month, by_unit
from reports.requests.excel import plain_text, write_sheet
from reports.requests.models import DataAnswer, DataRequest, DataRequestEvent
from reports.requests.notices import left_to_remind
from reports.requests.services import asking, drafting
from reports.requests.sheet import RequestSheet, Row, sheet_of, with_progress
from reports.requests.states import QuestionKind, RequestState
from reports.requests.views.drafting import steps_at
from reports.requests.workbench import to_answer
from reports.requests.workflow import REQUEST, asks
from reports.rollup.periods import Period
from reports.submissions.people import people_at

ROWS = 100  # of a page of the sheet
BEHIND = 30  # of who is behind, beside it
LISTED = 60
SOURCES = {"reported": REPORTED, "live": LIVE, "none": ""}
BOM = "\ufeff"  # without it Excel reads the file in the machine's old encoding


@needs("ask_figures", "submit_ledger", reads=NUMBERS)
def request_list(request):
    """What one's unit is asked for, what it asks of others, and what units below ask."""
    post = request.post
    asked = DataRequest.objects.visible_to(post, "ask_figures").readable(post.unit).with_all()
    rows = beginning_of(asked.order_by("-made_at", "pk"), LISTED)
    with_progress(rows)
    given = DataAnswer.objects.visible_to(post, "submit_ledger").with_all().filter(unit__in=post.unit.own_keys)
    month = Period.of()
    context = {
        "waiting": _by_request(to_answer(post).with_all().order_by("due_on", "unit__level", "unit__code", "pk")),
        "given": list(given.filter(state="answered").order_by("-first_answered_at", "pk")[:10]),
        "listed": rows,
        "own": [each for each in rows if each.unit_id in post.unit.own_keys],
        "others": [each for each in rows if each.unit_id not in post.unit.own_keys],
        "may_ask": drafting.may_ask(post),
        "asked_now": by_month(asked_by(post, [month.key]), [month.key])[0] if post.holds("ask_figures") else None,
    }
    return render(request, "reports/requests/list.html", context)


def _by_request(rows: Iterable[DataAnswer]) -> list[tuple[DataRequest, list[DataAnswer]]]:
    """(request, what waits of it), what is due first before the rest: a station has many villages without people."""
    found: dict[Any, tuple[DataRequest, list[DataAnswer]]] = {}
    for row in rows:
        found.setdefault(row.request_id, (row.request, []))[1].append(row)
    return list(found.values())


@needs("ask_figures", reads=NUMBERS)
def request_detail(request, pk):
    return _page(request, _visible(request, pk))


@needs("ask_figures")
@require_POST
def request_move(request, pk, action):
    """Make a move, with what its form says."""
    record = _visible(request, pk)
    if action not in ACTS:
        raise Http404
    try:
        ACTS[action](record, request)
    except Refused as refusal:
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(request, _visible(request, pk), error=str(refusal), status=status)
    drop_draft(request)
    messages.success(request, _done(action) % {"n": record.asked_units})
    return redirect("request-list" if action == "discard" else "request-detail", **_way(action, record))


def _way(action: str, record: DataRequest) -> dict:
    return {} if action == "discard" else {"pk": record.pk}


@needs("ask_figures")
@require_POST
def request_remind(request, pk):
    record = _visible(request, pk)
    try:
        told = asking.remind(record, by=request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已催 %(n)s 个单位；同一天不重复发。") % {"n": told})
    return redirect("request-detail", pk=record.pk)


def _visible(request, pk) -> DataRequest:
    found = DataRequest.objects.visible_to(request.post, "ask_figures").readable(request.post.unit).with_all()
    return get_object_or_404(found, pk=pk)


def _page(request, record: DataRequest, *, error: str = "", status: int = 200):
    sheet = sheet_of(record)
    behind = sheet.behind
    start = ROWS * max(0, _page_number(request) - 1)
    shown = sheet.rows[start : start + ROWS]
    first_behind = Beginning(behind[:BEHIND], len(behind))
    people = people_at([row.unit.pk for row in first_behind])
    moves = [move.action for move in REQUEST.offered_to(request.post, record)]
    is_own = asks(request.post, record)
    context = {
        "record": record,
        "sheet": sheet,
        "heads": [(full_label(each), each.definition) for each in sheet.indicators],
        "rows": [(row, _cells(sheet, row)) for row in shown],
        "sums": [*sheet.number_totals],
        "number_asked": sheet.number_asked,
        "number_remarks": 0 if record.is_draft else 1,
        "first_row": start + 1,
        "older": f"?page={start // ROWS + 2}" if start + ROWS < len(sheet.rows) else "",
        "newer": f"?page={start // ROWS}" if start else "",
        "behind": Beginning([(row, people.get(row.unit.pk, [])) for row in first_behind], len(behind)),
        "number_behind": len(behind),
        "number_to_remind": left_to_remind(record.answers.expected().with_all()) if behind else 0,
        "sources": {name: sheet.counted[source] for name, source in SOURCES.items()},
        "moves": moves,
        "is_own": is_own,
        "steps": steps_at(2),
        "events": _events(record),
        "asked_now": by_month(asked_by(request.post, [Period.of().key]), [Period.of().key])[0],
        "may_repeat": is_own and record.state in (RequestState.SENT, RequestState.CLOSED),
        "error": error,
        "typed_reason": request.POST.get("reason", "") if error else "",
    }
    return render(request, "reports/requests/detail.html", context, status=status)


def _cells(sheet: RequestSheet, row: Row) -> dict:
    is_number = [each.kind == QuestionKind.NUMBER for each in sheet.questions]
    return {
        "numbers": sheet.numbers(row) if row.held else None,
        "said": list(zip(sheet.words(row), is_number, strict=True)),
    }


def _page_number(request) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _events(record: DataRequest) -> list[DataRequestEvent]:
    """The last first, each with the words of its move."""
    events = list(record.events.select_related("person").order_by("-at", "-id"))
    for event in events:
        move = REQUEST.transitions.get(event.action)
        event.label = move.label if move else _("拟要")
    return events


@needs("ask_figures", reads="export")
def request_csv(request, pk):
    """The sheet for who counts on in a spreadsheet; UTF-8 with a mark, so that a double click shows Chinese."""
    record = _visible(request, pk)
    sheet = sheet_of(record)
    if not sheet.has_columns:
        return _nothing_to_export(request, record)
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, _file_name(record, ".csv"))
    response["Cache-Control"] = "no-store, private"
    writer = csv.writer(response)
    heads = [*(full_label(each) for each in sheet.indicators), *(each.head for each in sheet.questions)]
    writer.writerow([_("单位"), *map(plain_text, heads), _("备注")])
    for row in sheet.rows:
        cells = [*sheet.numbers(row), *sheet.words(row)]
        writer.writerow([plain_text(cell) for cell in (row.place, *cells, remark_of(row))])
    sums = ["" if number is None else number for number in sheet.number_totals] + sheet.answer_totals_in_words
    writer.writerow([_("合计"), *sums, ""])
    note_reading(request, unit=record.unit, kind="csv", rows=len(sheet.rows))
    return response


@needs("ask_figures", reads="export")
def request_excel(request, pk):
    """The sheet on A4, its sums as formulas."""
    record = _visible(request, pk)
    sheet, target = sheet_of(record), io.BytesIO()
    if not sheet.has_columns:
        return _nothing_to_export(request, record)
    write_sheet(target, sheet, day=timezone.localdate(), person=request.post.person.name, remark_of=remark_of)
    note_reading(request, unit=record.unit, kind="xlsx", rows=len(sheet.rows))
    return download(target.getvalue(), _file_name(record, ".xlsx"))


def _nothing_to_export(request, record: DataRequest):
    messages.error(request, _("还没有选栏目。"))
    return redirect("request-detail", pk=record.pk)


def remark_of(row: Row) -> str:
    """What stands beside a unit: that it did not answer, or what it wrote."""
    if row.answer is None:
        return _("由%(units)s填") % {"units": row.answered_by} if row.answered_by else ""
    if not row.is_missing:
        return row.answer.note
    if row.answer.unit.valid_to:
        return _("单位已停用，未答")
    return _("退回未改，未计入合计") if row.answer.state == "returned" else _("未答，未计入合计")


def _file_name(record: DataRequest, suffix: str) -> str:
    return file_name(f"{full_name(record.unit)}{record.title}", timezone.localdate(), suffix)


@needs("ask_figures", reads=NUMBERS)
def request_late(request, pk):
    """Of one request, whoever asked: the units below the reader's that have not answered, the longest overdue first."""
    answers = DataAnswer.objects.visible_to(request.post, "ask_figures").filter(request=pk).with_all()
    first = answers.first()
    if first is None:
        raise Http404
    behind = beginning_of(answers.expected().order_by("due_on", "unit__township__code", "unit__code", "pk"), ROWS)
    people = people_at(row.unit_id for row in behind)
    context = {
        "record": first.request,
        "behind": [(row, people.get(row.unit_id, [])) for row in behind],
        "listed": behind,
    }
    return render(request, "reports/requests/late.html", context)


@needs("ask_figures", reads=NUMBERS)
def request_counts(request):
    """How much was asked, by month and by who asked."""
    months = Period.of().lately()[: SHOWN + 1]  # the last one only to compare with
    found = asked_by(request.post, months)
    context = {
        "months": by_month(found, months)[:SHOWN],
        "shown": [Period.of(key) for key in months[:SHOWN]],
        "units": by_unit(found, months[:SHOWN], request.post.unit),
        "unit": request.post.unit,
    }
    return render(request, "reports/requests/counts.html", context)


def _simple(service, *, reason: bool = False):
    def act(record: DataRequest, request) -> None:
        given = {"reason": request.POST.get("reason", "")} if reason else {}
        service(record, by=request.post, seen_version=seen_version(request.POST.get("version")), **given)

    return act


ACTS = {
    "send": _simple(asking.send),
    "settle": _simple(asking.settle),
    "discard": _simple(asking.discard),
    "close": _simple(asking.close),
    "withdraw": _simple(asking.withdraw, reason=True),
}


def _done(action: str) -> str:
    """What was done and what is next, in words."""
    return {
        "send": _("已发给 %(n)s 个单位；答了多少在这里看。"),
        "settle": _("表出好了，没有打扰下面；可以导出。"),
        "discard": _("这份草稿不要了。"),
        "close": _("已收结，答数不再变；可以导出。"),
        "withdraw": _("已撤销，下面不用再填。"),
    }[action]
