"""汇总表 as a workbook."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.excel.naming import sheet_name
from reports.exports.excel.paper import (
    Box,
    Look,
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
from reports.exports.excel.results import save_with_results
from reports.exports.summaries.summary import Summary
from reports.indicators.columns import header_groups
from reports.indicators.templates import NOT_COUNTED, Scale

HEAD, SUBHEAD, FIRST = 3, 4, 5  # rows
ON_ONE_PAGE = 20  # rows; more go on to further pages, under the same head
SIZE = 13.5
NARROWEST = 72  # of a sheet: as wide as its title
BODY, STRONG, HEADING = Look(SIZE), Look(SIZE, bold=True), Look(12, bold=True)
COLUMN, PLACE, REMARK = Look(12), Look(SIZE, align="left", indent=1), Look(10.5)


def write_summary(target: BinaryIO, **facts: Any) -> None:
    """Write the workbook of one ``Summary``."""
    write_summaries(target, [Summary(**facts)])


def write_summaries(target: BinaryIO, summaries: Sequence[Summary]) -> None:
    """Write a workbook with a sheet for each of ``summaries``."""
    book, results = Workbook(), {}
    names: set[str] = set()
    for place, summary in enumerate(summaries):
        sheet = book.active if not place else book.create_sheet()
        about = f"汇总表{summary.period.key}" if not place else summary.unit.short_name
        sheet.title = sheet_name(about, names)
        results[place + 1] = _Sheet(sheet, summary).write()
    save_with_results(book, target, results)


class _Sheet:
    def __init__(self, sheet: Worksheet, summary: Summary):
        self.sheet, self.summary = sheet, summary
        self.columns = summary.template.indicators
        self.totals = summary.totals
        self.widths = self._widths()

    def write(self) -> dict[str, int | float]:
        """Fill the sheet; returns {cell: what its formula comes to}."""
        sheet, summary, widths = self.sheet, self.summary, self.widths
        write_head(sheet, widths, summary.title, summary.line, SIZE)
        self._write_columns()
        self._write_rows()
        last = FIRST + len(summary.table)
        results = self._write_totals(last)
        rule(sheet, Box(HEAD, 1, last, len(widths)))
        row = last
        for row, text in enumerate(self.summary.lines_below, start=last + 1):
            write_line(sheet, row, widths, [text], [Look(11, align="left")])
            sheet.row_dimensions[row].height = 8 + 16 * lines_of(text, sum(widths), 11)
        write_seal_line(sheet, row + 1, widths, summary.person, SIZE)
        set_up_print(
            sheet,
            head=(HEAD, SUBHEAD),
            last=(row + 1, len(widths)),
            period=summary.said_of_period,
            one_page=len(summary.table) <= ON_ONE_PAGE,
            left=summary.footer,
        )
        return results

    def _widths(self) -> list[float]:
        """Wide enough for the longest number of a column, and for a band of ages that must not break; of a few columns
        all of them wider, for title and seals stand on the paper too."""
        more = 3 if self.summary.scale == Scale.TEN_THOUSANDS else 0
        numbers = [1.3 * (len(str(self.totals[each.key] or 0)) + more) + 0.9 for each in self.columns]
        bands = [1.2 * len(each.label) + 0.3 if "–" in str(each.label) else 0 for each in self.columns]
        widths = [4.9, 18, *(max(4.9, *pair) for pair in zip(numbers, bands, strict=True)), 9]
        more_for_each = max(0.0, NARROWEST - sum(widths)) / (len(widths) - 1)
        return [widths[0], *(width + more_for_each for width in widths[1:])]

    def _write_columns(self) -> None:
        """Two rows of heads: groups above their columns; a column without a group takes both rows."""
        sheet, template = self.sheet, self.summary.template
        for column, text in ((1, "序号"), (2, "单　位"), (len(self.widths), "备注")):
            put(sheet, HEAD, column, text, HEADING)
            merge(sheet, HEAD, column, SUBHEAD, column)
        column = 3
        for group, members in header_groups(self.columns):
            labels = [label_in_lines(template.head_of(indicator)) for indicator in members]
            if group:
                merge(sheet, HEAD, column, HEAD, column + len(labels) - 1)
                put(sheet, HEAD, column, str(group), HEADING)
            for offset, label in enumerate(labels):
                put(sheet, SUBHEAD if group else HEAD, column + offset, label, COLUMN if group else HEADING)
                if not group:
                    merge(sheet, HEAD, column + offset, SUBHEAD, column + offset)
            column += len(labels)
        sheet.row_dimensions[HEAD].height, sheet.row_dimensions[SUBHEAD].height = 34, 60

    def _write_rows(self) -> None:
        for row, (unit, figures) in enumerate(self.summary.table, start=FIRST):
            remark = self.summary.remark_of(unit, figures)
            put(self.sheet, row, 1, row - FIRST + 1, BODY)
            put(self.sheet, row, 2, unit.short_name, PLACE)
            for column, indicator in enumerate(self.columns, start=3):
                self._put_number(row, column, figures.get(indicator.key), BODY)
            put(self.sheet, row, len(self.columns) + 3, remark, REMARK)
            lines = max(lines_of(unit.short_name, 16, SIZE), lines_of(remark, self.widths[-1], REMARK.size))
            self.sheet.row_dimensions[row].height = max(36, 22 * lines)

    def _write_totals(self, row: int) -> dict[str, int | float]:
        """Formulas where the rows come to what is told; the number itself where they do not, or one is missing. What a
        formula comes to is written beside it, for a preview computes nothing."""
        merge(self.sheet, row, 1, row, 2)
        put(self.sheet, row, 1, "合　计", STRONG)
        results: dict[str, int | float] = {}
        for column, indicator in enumerate(self.columns, start=3):
            total = self.totals.get(indicator.key)
            rows = [figures.get(indicator.key) for _unit, figures in self.summary.table if figures]
            if total is None or None in rows or sum(number or 0 for number in rows) != total or not rows:
                self._put_number(row, column, total, STRONG)
                continue
            self._put_number(row, column, total, STRONG)
            letter = get_column_letter(column)
            self.sheet.cell(row, column).value = f"=SUM({letter}{FIRST}:{letter}{row - 1})"
            results[f"{letter}{row}"] = self.summary.scaled(total)
        self.sheet.row_dimensions[row].height = 37
        return results

    def _put_number(self, row: int, column: int, number: int | None, look: Look) -> None:
        """A dash where the figure was not counted then, or not reported."""
        put(self.sheet, row, column, NOT_COUNTED if number is None else self.summary.scaled(number), look)
        if number is not None and self.summary.scale == Scale.TEN_THOUSANDS:
            self.sheet.cell(row, column).number_format = "0.0000"
