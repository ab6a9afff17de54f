"""The list behind a figure that counts no children: reports of danger, activities, posts, villages, and what is done
for children (``help_lists``)."""

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from childwelfare.tables.keyset import page_of
from orgs.access.scope import ScopedQuerySet
from orgs.audit.readings import note_reading
from orgs.posts.models import Appointment
from orgs.publicity.models import Publicity
from orgs.units.models import OrgUnit
from registry.help_status.models import HelpStatus
from reports.figures.views.help_lists import HELP_LIST
from reports.figures.views.scope import names_for, path_to
from reports.figures.views.work_rows import WorkList, WorkRow
from reports.indicators.indicator import Indicator
from reports.rollup.periods import Period
from reports.snapshots.models import Snapshot
from reports.submissions.official import rows_behind
from visits.alerts.models import Alert

PAGE = 50


def work_list(request, unit: OrgUnit, period: Period, indicator: Indicator):
    """Of a report of danger its number alone, which leads on for who has the duty; of help whose it is."""
    rows = indicator.rows(period).within(unit)
    kind = WORK_LISTS[rows.model]
    if kind.of_children:
        names_for(request.post, unit)
    count = rows.count()
    page = page_of(_fetched(rows, kind), kind.order, request.GET.get("page", ""))
    page.rows = kind.about(page.rows, request.post)
    note_reading(request, rows=len(page), unit=unit, indicator=indicator.key, period=period.key, count=count)
    context = {
        "unit": unit,
        "period": period,
        "above": [*path_to(unit, request.post), unit],
        "indicator": indicator,
        "count": count,
        "page": page,
        "rows": page.rows,
    }
    return render(request, "reports/figures/work.html", context)


def reported_work(request, unit: OrgUnit, period: Period, indicator: Indicator, snapshot: Snapshot):
    """What was counted when ``snapshot`` was signed, from the sealed rosters; of each what is known of it now."""
    rows = indicator.rows(period)
    kind, name = WORK_LISTS[rows.model], indicator.fact.key
    if kind.of_children:
        names_for(request.post, unit)
    page = Paginator(rows_behind(snapshot, indicator), PAGE).get_page(request.GET.get("page"))
    keys = [key for _village, key in page.object_list]
    found = _fetched(rows.model._default_manager.filter(**{f"{name}__in": keys}), kind).order_by(*kind.order)
    entries = kind.about(list(found), request.post)
    count = page.paginator.count
    note_reading(
        request, rows=len(entries), unit=unit, indicator=indicator.key, period=period.key, count=count,
        snapshot=snapshot.hash,
    )  # fmt: skip
    context = {
        "unit": unit,
        "period": period,
        "above": [*path_to(unit, request.post), unit],
        "indicator": indicator,
        "count": count,
        "rows": entries,
        "pages": page,
        "snapshot": snapshot,
    }
    return render(request, "reports/figures/work.html", context)


def _fetched(rows: ScopedQuerySet, kind: WorkList) -> ScopedQuerySet:
    found: ScopedQuerySet = rows.select_related(*kind.fetched)
    return found


def _of_alerts(rows: list[Any], post: Appointment) -> list[WorkRow]:
    open_here = set(Alert.objects.open_to(post).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [
        WorkRow(
            row.number,
            row.village.path_label,
            _day(timezone.localdate(row.made_at)),
            str(row.get_state_display()),
            reverse("alert-detail", args=[row.pk]) if row.pk in open_here else "",
        )
        for row in rows
    ]


def _of_activities(rows: list[Any], _post: Appointment) -> list[WorkRow]:
    return [WorkRow(row.topic, row.unit.path_label, _day(row.held_on), row.where) for row in rows]


def _of_posts(rows: list[Any], _post: Appointment) -> list[WorkRow]:
    return [
        WorkRow(row.person.name, row.unit.path_label, _day(row.valid_from), str(row.get_role_display())) for row in rows
    ]


def _of_units(rows: list[Any], _post: Appointment) -> list[WorkRow]:
    return [WorkRow(row.name, row.path_label, _day(row.valid_from) if row.valid_from else "") for row in rows]


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT")


def _path(way: str) -> tuple[str, ...]:
    return tuple(f"{way}{tier}" for tier in ("city", "county", "township"))


WORK_LISTS: dict[type, WorkList] = {
    Alert: WorkList(("made_at", "id"), _of_alerts, ("village", *_path("village__"))),
    Publicity: WorkList(("held_on", "id"), _of_activities, ("unit", *_path("unit__"))),
    Appointment: WorkList(("valid_from", "id"), _of_posts, ("person", "unit", *_path("unit__"))),
    OrgUnit: WorkList(("level", "id"), _of_units, _path("")),
    HelpStatus: HELP_LIST,
}
