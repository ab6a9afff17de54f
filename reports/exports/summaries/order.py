"""What an order of 汇总表 asks for."""

from collections.abc import Callable

from childwelfare.jobs.models import Job
from childwelfare.jobs.services import Progress
from orgs.units.models import OrgUnit
from reports.exports.kinds import REPORTED
from reports.exports.reported import parts_of, reported_at
from reports.exports.services import check_counted, day_of, orderer, unit_of_order
from reports.exports.summaries.reported import reported_summary
from reports.exports.summaries.summary import Summary
from reports.figures.queries import freshness, table_of
from reports.indicators import templates
from reports.indicators.templates import Scale
from reports.ledgers.services import templates_at
from reports.rollup.periods import Period


class SummaryOrder:
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

    def summaries(self, unit: OrgUnit, *, below: bool, told: Callable[[], None]) -> list[Summary]:
        """Of ``unit``, then, where asked, of those below."""
        found = []
        for each in [unit, *(self.below(unit) if below else [])]:
            found.append(self.summary_of(each))
            told()
        return found


class Steps:
    """How far the work of an order is, of ``total`` steps."""

    def __init__(self, progress: Progress, total: int):
        self.progress, self.total, self.done = progress, total, 0
        progress(0, total)

    def one(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)
