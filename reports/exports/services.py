"""Exports: tables as files, made beside the pages, kept sealed for KEPT_FOR, given out to the post that asked.

What a post may have is asked three times: when it orders, when the job runs, when the file is fetched. The work of each
kind stands in ``reports.exports.excel``: ``summaries``, ``rosters``, ``registers``, ``packages``,
of a PDF in ``reports.exports.pdf``.
"""

import datetime
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.services import start
from childwelfare.workflow.refusals import Refused, Stale
from orgs.posts.models import Appointment
from orgs.stale_figures.keys import Kind as PeriodKind
from orgs.units.models import OrgUnit
from registry.child.codes import Category
from reports.exports.excel.naming import full_name, roster_title, summary_title
from reports.exports.keeping import fetch
from reports.exports.kinds import COUNTIES, EXPORT_KINDS, LIVE, REPORTED, ROSTER, SOURCES, SUMMARY, SUMMARY_PDF, Kind
from reports.exports.reported import reported_at
from reports.figures.queries import figures_of
from reports.indicators import templates
from reports.ledgers.services import templates_at
from reports.rollup.periods import Period

KEPT_FOR = datetime.timedelta(days=7)
MOST_UNFINISHED = 5  # orders of one post that wait or are under way at once
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class TooManyOrders(Stale):
    """A post has as many orders waiting as it may: the next one has to wait for one of them."""


def exports_of(post: Appointment) -> QuerySet[Job]:
    """The post's own orders, newest first. Served by job_of_post."""
    return Job.objects.filter(post=post, kind__in=EXPORT_KINDS).order_by("-created_at")


def order_export(
    *,
    by: Appointment,
    kind: str,
    unit: uuid.UUID | str,
    period: str = "",
    category: str = "",
    sheet: str = "",
    scale: str = "",
    source: str = LIVE,
    below: bool = False,
) -> Job:
    """Start an export and return its job; asked again while it runs, the same job.

    ``sheet``: key of a ledger template, ``scale`` in what it is shown, ``source``: LIVE or REPORTED figures; ``below``:
    with a sheet for each unit below. What a kind does not ask for is left unread. Raises PermissionDenied for a kind
    that the post may not order, ValidationError by field for what can't be read or lies outside its scope, Refused for
    a period that is not counted yet, or not reported; TooManyOrders where MOST_UNFINISHED are not made yet.
    """
    declared = EXPORT_KINDS.get(kind)
    if declared is None:
        raise ValidationError({"kind": [_("没有这种表，请从列表中选择。")]})
    permission = declared.permission_of(by)
    if not permission:
        raise PermissionDenied
    place = _unit(by, permission, unit)
    if declared.level and place.level != declared.level:
        raise ValidationError({"unit": [_("这种表只有市级可以导出。")]})
    params: dict[str, Any] = {"unit": str(place.uid)}
    if "category" in declared.asks:
        params["category"] = _category(category)
    if "period" in declared.asks:
        asked = _period(period, declared)
        params["period"] = asked.key
    if "sheet" in declared.asks:
        params |= _sheet(place, asked, sheet=sheet, scale=scale, source=source)
    if "below" in declared.asks and below and place.level < 4:
        params["below"] = True
    if declared.monthly:
        reported_at(place, asked.key)
    title = _title(kind, place, params)[:120]
    with transaction.atomic():
        # two orders of one post at once: one after the other, so that both are counted
        Appointment.objects.select_for_update(no_key=True).get(pk=by.pk)
        unfinished = list(exports_of(by).filter(state__in=UNFINISHED))
        same = next((each for each in unfinished if each.kind == kind and each.params == params), None)
        if same is None and len(unfinished) >= MOST_UNFINISHED:
            words = {"n": len(unfinished), "titles": _("、").join(f"“{each.title}”" for each in reversed(unfinished))}
            raise TooManyOrders(_("您还有 %(n)s 份没有做好：%(titles)s。做好一份才能再要一份，请稍后再导出。") % words)
        return same or start(kind, title=title, post=by, **params)


def read_export(record: Job, *, by: Appointment) -> tuple[bytes, OrgUnit]:
    """The file of a finished export, for the post that ordered it, and the unit that it is of.

    Raises PermissionDenied when the post may have it no more, Refused when there is no file (yet, or any longer).
    """
    if record.post_id != by.pk:
        raise PermissionDenied
    unit = permitted_unit(record, by)
    if record.state != JobState.DONE:
        raise Refused(_("这份表还没有做好，请稍后再下载。"))
    return fetch(record, kept_days=KEPT_FOR.days), unit


def delete_old_exports(now: datetime.datetime | None = None) -> int:
    """Delete files that are older than KEPT_FOR, also those that a dead worker left half written; return how many."""
    limit = ((now or timezone.now()) - KEPT_FOR).timestamp()
    folder = Path(settings.MEDIA_ROOT) / "exports"
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    Job.objects.filter(file__in=[f"exports/{path.name}" for path in old]).update(file="")
    return len(old)


def permitted_unit(record: Job, post: Appointment) -> OrgUnit:
    """The unit of an order, if the post is still held and may still have the table. Raises PermissionDenied."""
    permission = EXPORT_KINDS[record.kind].permission_of(post)
    unit = OrgUnit.objects.visible_to(post, permission).with_path().filter(uid=record.params["unit"]).first()
    if not permission or unit is None or not post.person.is_active:
        raise PermissionDenied
    return unit


def unit_of_order(record: Job) -> OrgUnit:
    """For the worker: nobody is there to be shown a 403, and trying again would not help."""
    try:
        return permitted_unit(record, orderer(record))
    except PermissionDenied:
        raise Refused(_("您现在的岗位不能导出这份表。")) from None


def orderer(record: Job) -> Appointment:
    assert record.post  # these jobs are ordered by somebody
    return record.post


def day_of(record: Job) -> datetime.date:
    return timezone.localdate(record.created_at)


def check_counted(unit: OrgUnit, period: Period) -> None:
    """Raises Refused for a period without figures."""
    if figures_of(unit, period.key) is None:
        raise Refused(_("%(period)s的数字还没有统计好，请过几分钟再导出。") % {"period": period.label})


def _unit(post: Appointment, permission: str, uid: uuid.UUID | str) -> OrgUnit:
    try:
        return OrgUnit.objects.visible_to(post, permission).with_path().get(uid=uid)
    except (OrgUnit.DoesNotExist, ValueError, ValidationError):
        raise ValidationError({"unit": [_("没有这个单位，或它不在您的管辖范围内。")]}) from None


def _category(category: str) -> str:
    if category and category not in Category.values:
        raise ValidationError({"category": [_("没有这个类别，请从列表中选择。")]})
    return category


def _period(key: str, kind: Kind) -> Period:
    try:
        period = Period.of(key)
    except ValueError as error:
        raise ValidationError({"period": [str(error)]}) from None
    if kind.monthly and period.kind != PeriodKind.MONTH:
        raise ValidationError({"period": [_("上报是按月的，请选一个月。")]})
    return period


def _sheet(place: OrgUnit, period: Period, *, sheet: str, scale: str, source: str) -> dict[str, str]:
    """What is printed, of which figures; each default is left out, so that orders of the same are the same."""
    found = templates_at(place)
    if sheet and sheet not in found:
        raise ValidationError({"sheet": [_("没有这种表样，请从列表中选择。")]})
    if source not in dict(SOURCES):
        raise ValidationError({"source": [_("请选实时数或上报数。")]})
    template = found[sheet or templates.SUMMARY.key]
    if scale and scale not in template.scales:
        raise ValidationError({"scale": [_("这张表不能用这个单位。")]})
    said = {"sheet": template.key, "scale": scale, "source": source if source == REPORTED else ""}
    if source == REPORTED:
        if period.kind != PeriodKind.MONTH:
            raise ValidationError({"period": [_("上报是按月的，请选一个月。")]})
        reported_at(place, period.key)
    else:
        check_counted(place, period)
    usual = {"sheet": templates.SUMMARY.key}
    return {name: value for name, value in said.items() if value and value != usual.get(name)}


def _title(kind: str, place: OrgUnit, params: dict[str, Any]) -> str:
    if kind == ROSTER:
        return roster_title(place, params["category"])
    label = str(EXPORT_KINDS[kind].label)
    if kind in (SUMMARY, SUMMARY_PDF, COUNTIES):
        template = templates_at(place)[params.get("sheet", templates.SUMMARY.key)]
        label = f"{full_name(place)}{label}" if kind == COUNTIES else summary_title(place, template)
        label = f"{label} PDF" if kind == SUMMARY_PDF else label
        if params.get("source") == REPORTED:
            standing = reported_at(place, params["period"]).standing
            words = {"table": label, "standing": standing}
            label = _("%(table)s %(standing)s") % words if standing else _("%(table)s 已上报") % words
    else:
        label = f"{full_name(place)}{label}"
    return f"{label}（{Period.of(params['period']).label}）"
