"""One 汇总表: a row for each unit of the next tier, the columns of a ledger template. The words on paper are Chinese
whatever the language of the screen."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from childwelfare.text.days import chinese_date
from childwelfare.text.words import Words
from orgs.units.models import OrgUnit
from reports.exports.excel.naming import summary_title
from reports.figures.queries import total_of
from reports.indicators.cross_checks import check_all
from reports.indicators.indicator import Indicator, Numbers
from reports.indicators.templates import SUMMARY, LedgerTemplate, Scale
from reports.rollup.periods import Period

Table = list[tuple[OrgUnit, Numbers]]
NOTE = (
    "说明：一人可兼几类，类别之和可大于合计。性别、年龄、监护、就学、风险各组之和均等于在册合计；"
    "期末＝期初＋增－减；应访＝已访＋未到期＋逾期。"
)
RECOUNTING = "【统计之后又有改动，正在重新统计，以重新统计的为准】"


@dataclass(frozen=True)
class Summary:
    """One sheet. ``table``: units with their figures, empty ones for who did not report; ``total``: what was signed,
    where it is no sum that is made here. ``day`` is the 填报日期; ``person`` exported it.

    ``hash``: of the snapshot, as it is printed, blank for live figures; ``standing``: what it is, where it is not
    simply valid. ``recounting``: some write has overtaken the live ones, which the sheet says. ``remarks``: {unit key:
    what stands beside it}; ``notes``: lines below.
    """

    unit: OrgUnit
    period: Period
    table: Table
    day: datetime.date
    person: str
    template: LedgerTemplate = SUMMARY
    scale: Scale = Scale.ONES
    total: Numbers | None = None
    hash: str = ""
    standing: Words = ""
    recounting: bool = False
    remarks: Mapping[int, str] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @property
    def columns(self) -> Sequence[Indicator]:
        return self.template.indicators

    @property
    def totals(self) -> Numbers:
        return self.total if self.total is not None else total_of([row for row in self.table if row[1]])

    @property
    def title(self) -> str:
        return summary_title(self.unit, self.template)

    @property
    def line(self) -> list[str]:
        """Under the title: who reports, when, in what unit."""
        said = f"填报单位：{self.unit.centre_name}（盖章）", f"填报日期：{chinese_date(self.day)}"
        return [*said, f"单位：{Scale(self.scale).label}"]

    @property
    def footer(self) -> str:
        """Who let it out of the registry, and by what the figures are told."""
        told = f"校验 {self.hash}　" if self.hash else ""
        return f"{told}{self.unit.centre_name} {self.person}导出"

    @property
    def said_of_period(self) -> str:
        if not self.hash:
            return f"实时数　报告期 {self.period.label}"
        return f"报告期 {self.period.label}　{self.standing or '已上报'}"

    @property
    def lines_below(self) -> list[str]:
        """What stands under the table."""
        template = self.template
        note = NOTE if template.key == SUMMARY.key else f"说明：{template.note}" if template.note else ""
        mark = RECOUNTING if self.recounting else f"【{self.standing}】" if self.standing else ""
        return [mark + note, *self.notes]

    def scaled(self, number: int) -> int | float:
        return number if self.scale == Scale.ONES else number / 10_000

    def remark_of(self, unit: OrgUnit, figures: Numbers) -> str:
        """That the unit was closed by the period's last day, and the relations that do not hold in a row, so that a
        wrong one does not go out unnoticed."""
        is_closed = unit.valid_to and unit.valid_to <= self.period.last
        said = [f"{chinese_date(unit.valid_to)}停用"] if is_closed and unit.valid_to else []
        if more := self.remarks.get(unit.pk, ""):
            said.append(more)
        own = [check for check in self.template.own_checks if check.difference(figures)]
        broken = [str(check.words) for check in [*(check for check, gap in check_all(figures) if gap), *own]]
        return "；".join([*said, *(["不符：" + "；".join(broken)] if broken else [])])
