"""Exports: tables as Excel files, made beside the pages, kept sealed for KEPT_FOR, given out to the post that asked.

What a post may have is asked three times: when it orders, when the job runs, when the file is fetched.
"""

import datetime
import io
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.jobs.models import Job, JobState
from childwelfare.jobs.services import Progress, job, start
from childwelfare.security.sealing import Unsealable, seal_bytes, unseal_bytes
from childwelfare.text.words import Words
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.child.codes import Category
from registry.child.models import ChildFile
from registry.lists.search import narrow
from reports.exports.excel.naming import file_name, roster_title, summary_title
from reports.exports.excel.read_back import check_workbook
from reports.figures.queries import figures_of, freshness, table_of
from reports.rollup.periods import Period

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FOR = datetime.timedelta(days=7)
SUMMARY, ROSTER = "export_summary", "export_roster"


@dataclass(frozen=True)
class Kind:
    label: Words
    permission: str


EXPORT_KINDS = {
    SUMMARY: Kind(gettext_lazy("汇总表"), "export_figures"),
    ROSTER: Kind(gettext_lazy("花名册"), "export_roster"),
}


def kinds_for(post: Appointment) -> list[tuple[str, Words]]:
    """(kind, label) of what the post may order."""
    return [(key, kind.label) for key, kind in EXPORT_KINDS.items() if post.holds(kind.permission)]


def exports_of(post: Appointment) -> QuerySet[Job]:
    """The post's own orders, newest first. Served by job_of_post."""
    return Job.objects.filter(post=post, kind__in=EXPORT_KINDS).order_by("-created_at")


def order_export(*, by: Appointment, kind: str, unit: uuid.UUID | str, period: str = "", category: str = "") -> Job:
    """Start an export and return its job; asked again while it runs, the same job.

    Raises PermissionDenied for a kind that the post may not order, ValidationError by field for what can't be read or
    lies outside its scope, Refused for a period that is not counted yet.
    """
    if kind not in EXPORT_KINDS:
        raise ValidationError({"kind": [_("没有这种表，请选择汇总表或花名册。")]})
    if not by.holds(EXPORT_KINDS[kind].permission):
        raise PermissionDenied
    place = _unit(by, EXPORT_KINDS[kind].permission, unit)
    params = {"unit": str(place.uid)}
    if kind == SUMMARY:
        asked = _period(period)
        _check_counted(place, asked)
        params["period"] = asked.key
        title = f"{summary_title(place)}（{asked.label}）"
    else:
        if category and category not in Category.values:
            raise ValidationError({"category": [_("没有这个类别，请从列表中选择。")]})
        params["category"] = category
        title = roster_title(place, category)
    unfinished = exports_of(by).filter(kind=kind, state__in=(JobState.QUEUED, JobState.RUNNING), params=params)
    return unfinished.first() or start(kind, title=title[:120], post=by, **params)


def read_export(record: Job, *, by: Appointment) -> tuple[bytes, OrgUnit]:
    """The workbook of a finished export, for the post that ordered it, and the unit that it is of.

    Raises PermissionDenied when the post may have it no more, Refused when there is no file (yet, or any longer).
    """
    if record.post_id != by.pk:
        raise PermissionDenied
    unit = _permitted_unit(record, by)
    if record.state != JobState.DONE:
        raise Refused(_("这份表还没有做好，请稍后再下载。"))
    try:
        content = unseal_bytes(_path(record).read_bytes(), _context(record))
    except (FileNotFoundError, IsADirectoryError, Unsealable, IndexError):
        text = _("这份表已删除（导出的文件只保留 %(days)s 天），请重新导出。")
        raise Refused(text % {"days": KEPT_FOR.days}) from None
    return content, unit


def delete_old_exports(now: datetime.datetime | None = None) -> int:
    """Delete files that are older than KEPT_FOR, also those that a dead worker left half written; return how many."""
    limit = ((now or timezone.now()) - KEPT_FOR).timestamp()
    folder = Path(settings.MEDIA_ROOT) / "exports"
    old = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    Job.objects.filter(file__in=[f"exports/{path.name}" for path in old]).update(file="")
    return len(old)


@job(SUMMARY)
def export_summary(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered 汇总表: dated as it was ordered, so that a second run gives the same."""
    from reports.exports.excel.summary import write_summary

    unit = _unit_of_order(record)
    period = Period.of(record.params["period"])
    _check_counted(unit, period)
    progress(0, 2)
    stale = freshness(unit, period.key)[
        "stale"
    ]  # first: a recount that ends meanwhile leaves the mark, not old numbers
    table, then = table_of(unit, period.key), unit.as_of(period.last)
    progress(1, 2)
    content, day = io.BytesIO(), _day(record)
    with translation.override(settings.LANGUAGE_CODE):
        said = {"person": _orderer(record).person.name, "recounting": stale}
        write_summary(content, unit=then, period=period, table=table, day=day, **said)
        subject = f"{summary_title(then)}{period.label}_"
    progress(2, 2)
    return _keep(record, content, unit, len(table)), file_name(subject, day)


@job(ROSTER)
def export_roster(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered 花名册: the children who are in the registry when it runs."""
    from reports.exports.excel.roster import Roster

    unit, category = _unit_of_order(record), record.params["category"]
    files = ChildFile.objects.visible_to(record.post, "export_roster").within(unit).in_registry()
    content, day = io.BytesIO(), _day(record)
    with translation.override(settings.LANGUAGE_CODE):
        files = narrow(files, category=category)
        roster = Roster(files, unit=unit, category=category, day=day, person=_orderer(record).person.name)
        progress(0, roster.count)
        roster.write(content, progress)
    progress(roster.count, roster.count)
    return _keep(record, content, unit, roster.count), file_name(roster.title, day)


def _unit(post: Appointment, permission: str, uid: uuid.UUID | str) -> OrgUnit:
    try:
        return OrgUnit.objects.visible_to(post, permission).with_path().get(uid=uid)
    except (OrgUnit.DoesNotExist, ValueError, ValidationError):
        raise ValidationError({"unit": [_("没有这个单位，或它不在您的管辖范围内。")]}) from None


def _permitted_unit(record: Job, post: Appointment) -> OrgUnit:
    """The unit of an order, if the post is still held and may still have the table. Raises PermissionDenied."""
    permission = EXPORT_KINDS[record.kind].permission
    unit = OrgUnit.objects.visible_to(post, permission).with_path().filter(uid=record.params["unit"]).first()
    if unit is None or not post.person.is_active:
        raise PermissionDenied
    return unit


def _unit_of_order(record: Job) -> OrgUnit:
    """For the worker: nobody is there to be shown a 403, and trying again would not help."""
    try:
        return _permitted_unit(record, _orderer(record))
    except PermissionDenied:
        raise Refused(_("您现在的岗位不能导出这份表。")) from None


def _period(period: str) -> Period:
    try:
        return Period.of(period)
    except ValueError as error:
        raise ValidationError({"period": [str(error)]}) from None


def _check_counted(unit: OrgUnit, period: Period) -> None:
    if figures_of(unit, period.key) is None:
        raise Refused(_("%(period)s的数字还没有统计好，请过几分钟再导出。") % {"period": period.label})


def _orderer(record: Job) -> Appointment:
    assert record.post  # these jobs are ordered by somebody
    return record.post


def _day(record: Job) -> datetime.date:
    return timezone.localdate(record.created_at)


def _keep(record: Job, content: io.BytesIO, unit: OrgUnit, rows: int) -> str:
    """Seal the workbook, once it was read again, under the job's id; return its path under the media folder.

    Raises DamagedWorkbook where it does not hold ``rows`` rows that can be read; then nothing is kept.
    """
    check_workbook(content, rows=rows)
    path = _path(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(seal_bytes(content.getvalue(), _context(record)))
        os.rename(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    record_act(record.post, "export", record, unit=unit, kind=record.kind, rows=rows)
    return f"exports/{path.name}"


def _path(record: Job) -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / f"{record.pk}.sealed"


def _context(record: Job) -> str:
    return f"exports:{record.pk}"
