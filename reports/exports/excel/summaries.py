"""The work of ordered summary sheets: one, one with a sheet for each unit below, or a workbook for each county."""

import io
import zipfile
from collections.abc import Callable

from django.conf import settings
from django.utils import translation

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from orgs.units.models import OrgUnit
from reports.exports.excel.naming import file_name, full_name, summary_title
from reports.exports.excel.read_back import check_books, check_totals, check_workbook
from reports.exports.excel.summary import write_summaries
from reports.exports.keeping import keep
from reports.exports.kinds import ZIP
from reports.exports.summaries.order import Steps, SummaryOrder


def _workbook(
    order: SummaryOrder, unit: OrgUnit, *, below: bool, told: Callable[[], None]
) -> tuple[io.BytesIO, list[int]]:
    """(the workbook, how many rows each of its sheets has)."""
    summaries, content = order.summaries(unit, below=below, told=told), io.BytesIO()
    write_summaries(content, summaries)
    return content, [len(each.table) for each in summaries]


def export_summary(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered 汇总表, live or as it was reported."""
    order, below = SummaryOrder(record), bool(record.params.get("below"))
    steps = Steps(progress, 2 + (len(order.below(order.unit)) if below else 0))
    with translation.override(settings.LANGUAGE_CODE):
        content, rows = _workbook(order, order.unit, below=below, told=steps.one)
        subject = f"{summary_title(order.unit, order.template)}{order.period.label}_"

    def check() -> None:
        check_workbook(content, rows=rows)
        check_totals(content)

    kept = keep(record, content, order.unit, rows=sum(rows), check=check)
    steps.one()
    return kept, file_name(subject, order.day)


def export_counties(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered package: a workbook for each county, with a sheet for each of its townships."""
    order = SummaryOrder(record)
    counties = order.below(order.unit)
    steps = Steps(progress, len(counties) + 1)
    packed, rows = io.BytesIO(), []
    with translation.override(settings.LANGUAGE_CODE), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for number, county in enumerate(counties, start=1):
            content, of_sheets = _workbook(order, county, below=True, told=lambda: None)
            name = file_name(f"{number:02}{summary_title(county, order.template)}{order.period.label}_", order.day)
            package.writestr(name, content.getvalue())
            rows.append(of_sheets)
            steps.one()
        subject = f"{full_name(order.unit)}各县{order.template.title}{order.period.label}_"
    kept = keep(record, packed, order.unit, rows=sum(map(sum, rows)), check=lambda: check_books(packed, rows=rows))
    steps.one()
    return kept, file_name(subject, order.day, ZIP)
