"""汇总表: a row for each unit of the next tier, the columns as the indicators are declared."""

import datetime
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from orgs.units.models import OrgUnit
from reports.exports.excel.naming import summary_title
from reports.exports.excel.paper import (
    Box,
    Look,
    chinese_date,
    label_in_lines,
    lines_of,
    merge,
    put,
    rule,
    set_up_print,
    write_head,
    write_line,
    write_seal_line,
)
from reports.figures.queries import total_of
from reports.indicators.columns import header_groups
from reports.indicators.cross_checks import check_all
from reports.indicators.table import INDICATORS, Numbers
from reports.rollup.periods import Period

Table = list[tuple[OrgUnit, Numbers]]
HEAD, SUBHEAD, FIRST = 3, 4, 5  # rows
ON_ONE_PAGE = 20  # rows; more go on to further pages, under the same head
SIZE = 13.5
NOTE = (
    "说明：一人可兼几类，类别之和可大于合计。性别、年龄、监护、就学、风险各组之和均等于在册合计；"
    "期末＝期初＋增－减；应访＝已访＋未到期＋逾期。"
)
RECOUNTING = "【统计之后又有改动，正在重新统计，以重新统计的为准】"
BODY, STRONG, HEADING = Look(SIZE), Look(SIZE, bold=True), Look(12, bold=True)
COLUMN, PLACE, REMARK = Look(12), Look(SIZE, align="left", indent=1), Look(10.5)


def write_summary(
    target: BinaryIO,
    *,
    unit: OrgUnit,
    period: Period,
    table: Table,
    day: datetime.date,
    person: str,
    recounting: bool = False,
) -> None:
    """Write the workbook. ``table`` as ``reports.figures.queries.table_of`` gives it; ``day`` is the 填报日期;
    ``recounting``: some write has overtaken the figures, which the sheet says."""
    book = Workbook()
    sheet = book.active
    sheet.title = f"汇总表{period.key}"
    totals = total_of(table)
    widths = _widths(totals)
    line = [f"填报单位：{unit.centre_name}（盖章）", f"填报日期：{chinese_date(day)}", "单位：人"]
    write_head(sheet, widths, summary_title(unit), line, SIZE)
    _write_columns(sheet, len(widths))
    _write_rows(sheet, table, widths[-1], period.last)
    last = FIRST + len(table)
    _write_totals(sheet, last, totals)
    rule(sheet, Box(HEAD, 1, last, len(widths)))
    write_line(sheet, last + 1, widths, [(RECOUNTING if recounting else "") + NOTE], [Look(11, align="left")])
    sheet.row_dimensions[last + 1].height = 24
    write_seal_line(sheet, last + 2, widths, person, SIZE)
    one_page = len(table) <= ON_ONE_PAGE
    end = (last + 2, len(widths))
    set_up_print(sheet, head=(HEAD, SUBHEAD), last=end, period=f"报告期 {period.label}", one_page=one_page)
    book.save(target)


def _widths(totals: Numbers) -> list[float]:
    """Wide enough for the longest number of a column, and for a band of ages that must not break."""
    numbers = [1.3 * len(str(totals[each.key] or 0)) + 0.9 for each in INDICATORS]
    bands = [1.2 * len(each.label) + 0.3 if "–" in str(each.label) else 0 for each in INDICATORS]
    return [4.9, 18, *(max(4.9, *pair) for pair in zip(numbers, bands, strict=True)), 9]


def _write_columns(sheet: Worksheet, count: int) -> None:
    """Two rows of heads: groups above their columns; a column without a group takes both rows."""
    for column, text in ((1, "序号"), (2, "单　位"), (count, "备注")):
        put(sheet, HEAD, column, text, HEADING)
        merge(sheet, HEAD, column, SUBHEAD, column)
    column = 3
    for group, members in header_groups():
        labels = [label_in_lines(str(indicator.label)) for indicator in members]
        if group:
            merge(sheet, HEAD, column, HEAD, column + len(labels) - 1)
            put(sheet, HEAD, column, str(group), HEADING)
        for offset, label in enumerate(labels):
            put(sheet, SUBHEAD if group else HEAD, column + offset, label, COLUMN if group else HEADING)
            if not group:
                merge(sheet, HEAD, column + offset, SUBHEAD, column + offset)
        column += len(labels)
    sheet.row_dimensions[HEAD].height, sheet.row_dimensions[SUBHEAD].height = 34, 60


def _write_rows(sheet: Worksheet, table: Table, remark_width: float, last: datetime.date) -> None:
    for row, (unit, figures) in enumerate(table, start=FIRST):
        remark = _remark(unit, figures, last)
        put(sheet, row, 1, row - FIRST + 1, BODY)
        put(sheet, row, 2, unit.short_name, PLACE)
        for column, indicator in enumerate(INDICATORS, start=3):
            put(sheet, row, column, _shown(figures[indicator.key]), BODY)
        put(sheet, row, len(INDICATORS) + 3, remark, REMARK)
        lines = max(lines_of(unit.short_name, 16, SIZE), lines_of(remark, remark_width, REMARK.size))
        sheet.row_dimensions[row].height = max(36, 22 * lines)


def _write_totals(sheet: Worksheet, row: int, totals: Numbers) -> None:
    """Values, not formulas: a preview shows no result of a formula that was never opened."""
    merge(sheet, row, 1, row, 2)
    put(sheet, row, 1, "合　计", STRONG)
    for column, indicator in enumerate(INDICATORS, start=3):
        put(sheet, row, column, _shown(totals[indicator.key]), STRONG)
    sheet.row_dimensions[row].height = 37


def _shown(number: int | None) -> int | str:
    """A dash where the figure was not counted then."""
    return "—" if number is None else number


def _remark(unit: OrgUnit, figures: Numbers, last: datetime.date) -> str:
    """That the unit was closed by the period's ``last`` day, and the relations that do not hold in a row, so that a
    wrong one does not go out unnoticed."""
    said = [f"{chinese_date(unit.valid_to)}停用"] if unit.valid_to and unit.valid_to <= last else []
    broken = [str(check.words) for check, gap in check_all(figures) if gap]
    return "；".join([*said, *(["不符：" + "；".join(broken)] if broken else [])])
