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
from reports.exports.excel.reported import reported_summary
from reports.exports.excel.summary import Summary, write_summaries
from reports.exports.keeping import keep
from reports.exports.kinds import REPORTED, ZIP
from reports.exports.reported import parts_of, reported_at
from reports.exports.services import check_counted, day_of, orderer, unit_of_order
from reports.figures.queries import freshness, table_of
from reports.indicators import templates
from reports.indicators.templates import Scale
from reports.ledgers.services import templates_at
from reports.rollup.periods import Period


class _Order:
    """An order as its job says it: dated as it was ordered, so that a second run gives the same."""

    def __init__(self, record: Job):
        self.period = Period.of(record.params["period"])
        self.unit = unit_of_order(record).as_of(self.period.last)
        self.reported = record.params.get("source") == REPORTED
        self.template = templates_at(self.unit).get(record.params.get("sheet", ""), templates.SUMMARY)
        self.scale = self.template.scale_of(record.params.get("scale", Scale.ONES))
        self.day, self.person = day_of(record), orderer(record).person.name

    def summary_of(self, unit: OrgUnit) -> Summary:
        if self.reported:
            return reported_summary(
                reported_at(unit, self.period.key),
                template=self.template,
                scale=self.scale,
                person=self.person,
            )
        check_counted(unit, self.period)
        # first: a recount that ends meanwhile leaves the mark, not old numbers
        stale = freshness(unit, self.period.key)["stale"]
        return Summary(
            unit=unit,
            period=self.period,
            table=table_of(unit, self.period.key),
            day=self.day,
            person=self.person,
            template=self.template,
            scale=self.scale,
            recounting=stale,
        )

    def below(self, unit: OrgUnit) -> list[OrgUnit]:
        """Those of the next tier that have units below themselves, each of which has a sheet; of reported figures those
        that reported."""
        if self.reported:
            found = [part.unit for part in parts_of(reported_at(unit, self.period.key))]
        else:
            found = [each for each, _figures in table_of(unit, self.period.key)]
        return [each for each in found if each.level < 4 and each.pk != unit.pk]

    def workbook(self, unit: OrgUnit, *, below: bool, told: Callable[[], None]) -> tuple[io.BytesIO, list[int]]:
        """(the workbook, how many rows each of its sheets has)."""
        summaries = []
        for each in [unit, *(self.below(unit) if below else [])]:
            summaries.append(self.summary_of(each))
            told()
        content = io.BytesIO()
        write_summaries(content, summaries)
        return content, [len(each.table) for each in summaries]


def export_summary(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered 汇总表, live or as it was reported."""
    order, below = _Order(record), bool(record.params.get("below"))
    steps = _Steps(progress, 2 + (len(order.below(order.unit)) if below else 0))
    with translation.override(settings.LANGUAGE_CODE):
        content, rows = order.workbook(order.unit, below=below, told=steps.one)
        subject = f"{summary_title(order.unit, order.template)}{order.period.label}_"

    def check() -> None:
        check_workbook(content, rows=rows)
        check_totals(content)

    kept = keep(record, content, order.unit, rows=sum(rows), check=check)
    steps.one()
    return kept, file_name(subject, order.day)


def export_counties(record: Job, progress: Progress) -> tuple[str, str]:
    """The work of an ordered package: a workbook for each county, with a sheet for each of its townships."""
    order = _Order(record)
    counties = order.below(order.unit)
    steps = _Steps(progress, len(counties) + 1)
    packed, rows = io.BytesIO(), []
    with translation.override(settings.LANGUAGE_CODE), zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for number, county in enumerate(counties, start=1):
            content, of_sheets = order.workbook(county, below=True, told=lambda: None)
            name = file_name(f"{number:02}{summary_title(county, order.template)}{order.period.label}_", order.day)
            package.writestr(name, content.getvalue())
            rows.append(of_sheets)
            steps.one()
        subject = f"{full_name(order.unit)}各县{order.template.title}{order.period.label}_"
    kept = keep(record, packed, order.unit, rows=sum(map(sum, rows)), check=lambda: check_books(packed, rows=rows))
    steps.one()
    return kept, file_name(subject, order.day, ZIP)


class _Steps:
    def __init__(self, progress: Progress, total: int):
        self.progress, self.total, self.done = progress, total, 0
        progress(0, total)

    def one(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)
