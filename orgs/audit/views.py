"""The auditor's page: who read or changed what; no content of any file."""

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from childwelfare.pages.searched import searched_by
from orgs.access.declarations import ReadsNothing, needs
from orgs.audit.filters import OF_A_CHILD, SEARCHED, AuditFilter
from orgs.audit.models import Audit, AuditPending, AuditSeal
from orgs.audit.presentation import Names, Told, as_text, details_of, name_of_record, names_in
from orgs.audit.readings import note_reading
from orgs.audit.words import AUDIT_ACTS, label_of_act

PAGE = 50
EXPORTED = 10_000
BOM = "\ufeff"  # without it Excel reads the file in the machine's old encoding
NO_CHILD_NAMED = ReadsNothing("names records by their keys, and no child")


@needs("view_audit", reads=NO_CHILD_NAMED)
@searched_by(*SEARCHED)
def audit_list(request):
    """Newest first; ``before`` pages by key."""
    asked = AuditFilter.of(request.GET, request.searched)
    rows = asked.narrow(_rows(request))
    before = request.GET.get("before", "").strip()
    if re.fullmatch(r"[0-9]{1,18}", before):
        rows = rows.filter(pk__lt=int(before))
    shown = _shown(rows.order_by("-id")[: PAGE + 1])
    for row in shown:
        row.same_record = asked.of_record(row.record)
        row.details_shown = _linked(row.details, asked)
    context = {
        "rows": shown[:PAGE],
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "subjects": AUDIT_ACTS.by_subject(),
        "asked": asked,
        # of its own rows alone: an address may name anybody
        "record_name": next((row.name for row in shown if row.record == asked.record), name_of_record(asked.record)),
        "months": asked.months(localdate()),
        "most": EXPORTED,
        "most_of_a_child": OF_A_CHILD if asked.leaves_out(_rows(request)) else None,
        "seal": AuditSeal.objects.order_by("-id").values("hash", "at").first(),
        "waiting": AuditPending.objects.count(),
    }
    return render(request, "orgs/audit/list.html", context)


@needs("view_audit", reads="export_audit")
@searched_by(*SEARCHED)
def audit_csv(request):
    """What the page shows, the newest EXPORTED of it. That it was taken out is in the trail as well."""
    asked = AuditFilter.of(request.GET, request.searched)
    if request.searched.lost:  # the page says so; a table of everything is not what was asked for
        return redirect("audit-list")
    rows = _shown(asked.narrow(_rows(request)).order_by("-id")[:EXPORTED])
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, _("操作留痕") + f"{localdate():%Y%m%d}.csv")
    response["Cache-Control"] = "no-store, private"
    writer = csv.writer(response)
    writer.writerow([_("时间"), _("人员"), _("操作"), _("单位"), _("对象"), _("对象编号"), _("说明")])
    for row in rows:
        unit = row.unit.path_label if row.unit else ""
        cells = [row.local_time, row.person.name if row.person else "", row.label, unit, row.name, row.record]
        writer.writerow([_as_text(cell) for cell in (*cells, as_text(row.details))])
    note_reading(request, rows=len(rows))
    return response


def _rows(request):
    rows = Audit.objects.visible_to(request.post, "view_audit")
    return rows.select_related("person", "unit__county", "unit__township", "unit__city")


def _shown(asked: QuerySet[Audit]) -> list[Any]:
    """The rows with their words."""
    rows = list(asked)
    names = names_in(rows)
    return [_in_words(row, names) for row in rows]


def _in_words(row: Any, names: Names) -> Any:
    row.label = label_of_act(row.action)
    row.name = name_of_record(row.record, names)
    row.details = details_of(row, names)
    at = localtime(datetime.fromisoformat(row.at))
    row.local_time = at.strftime("%Y-%m-%d %H:%M:%S")  # a table that is taken out is sorted by it
    row.shown_time = f"{date_format(at, 'DATE_FORMAT')} {at:%H:%M:%S}"
    return row


def _linked(details: Iterable[Told], asked: AuditFilter) -> SafeString:
    """A file among them leads to what was done to it, as the row's own record does."""
    shown = []
    for each in details:
        query = asked.of_record(each.record)
        link = format_html('<a href="?{}" title="{}">{}</a>', query, each.record, each.what) if query else each.what
        shown.append((each.head, link))
    return format_html_join(_("；"), "{}{}", shown)


def _as_text(cell: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
