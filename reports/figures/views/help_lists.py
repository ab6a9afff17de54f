"""The list behind a figure of help: whose assessment, need or plan it is, as it counted in the period."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.help_status.models import HelpStatus, Kind
from registry.needs.models import Need
from registry.plans.models import Goal, Plan
from reports.figures.views.scope import child_of_row
from reports.figures.views.work_rows import WorkList, WorkRow

Addresses = dict[uuid.UUID, str]


def _about(rows: list[Any], post: Appointment) -> list[WorkRow]:
    """A record that has several rows, as in a list of what was signed, is told once, by the latest."""
    latest = {row.record: row for row in sorted(rows, key=lambda row: row.since)}
    shown = [row for row in rows if latest[row.record] is row]
    addresses = _addresses(shown, post)
    return [_work_row(row, post, addresses.get(row.record, "")) for row in shown]


def _work_row(row: HelpStatus, post: Appointment, address: str) -> WorkRow:
    child = child_of_row(row.child, row, post)
    return WorkRow(child["name"], child["place"], _day(row.begun_on), _note(row), address)


def _note(row: HelpStatus) -> str:
    """What it is, how far it went, and until when."""
    if row.kind == Kind.ASSESSMENT:
        said = [row.get_kind_display(), (row.get_level_display() or _("未完成")) if row.ended_on else _("待确认")]
    else:
        said = [row.get_system_display() or row.get_kind_display(), row.get_outcome_display()]
        said.append(_("%(tier)s在办") % {"tier": row.get_tier_display()} if row.tier and not row.ended_on else "")
    if row.due_on and not row.ended_on:
        said.append(_("%(day)s前") % {"day": _day(row.due_on)})
    return _("，").join(str(each) for each in said if each)


def _addresses(rows: list[HelpStatus], post: Appointment) -> Addresses:
    """{record: its page}, of those that ``post`` may open. A query for each kind that is among them."""
    found: Addresses = {}
    for kind, name, opened in _PAGES:
        keys = {row.record for row in rows if row.kind == kind}
        found |= {record: reverse(name, args=[key]) for record, key in opened(post, keys)} if keys else {}
    return found


def _pairs(rows: Any, *columns: str) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    return list(rows.order_by().values_list(*columns))


def _assessments(post: Appointment, keys: set[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    return _pairs(Assessment.objects.visible_to(post, "view_assessment").filter(pk__in=keys), "pk", "pk")


def _needs(post: Appointment, keys: set[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    return _pairs(Need.objects.open_to(post).filter(pk__in=keys), "pk", "pk")


def _plans(post: Appointment, keys: set[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    return _pairs(Plan.objects.visible_to(post, "view_plan").filter(pk__in=keys), "pk", "pk")


def _goals(post: Appointment, keys: set[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID]]:
    plans = Plan.objects.visible_to(post, "view_plan").order_by().values("pk")
    return _pairs(Goal.objects.filter(pk__in=keys, plan__in=plans), "pk", "plan_id")


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT")


_PAGES: tuple[tuple[Kind, str, Callable[..., Iterable[tuple[uuid.UUID, uuid.UUID]]]], ...] = (
    (Kind.ASSESSMENT, "assessment-detail", _assessments),
    (Kind.PLAN_DUE, "assessment-detail", _assessments),
    (Kind.NEED, "need-detail", _needs),
    (Kind.PLAN, "plan-detail", _plans),
    (Kind.GOAL, "plan-detail", _goals),
)
HELP_LIST = WorkList(("begun_on", "id"), _about, ("child", "village", "township"), of_children=True)
