"""花名册: a row for each child. Up to 2,000 children in the full look of the paper form, above that row by row."""

import datetime
from collections.abc import Callable, Iterator
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from childwelfare.text.days import chinese_date
from orgs.units.models import OrgUnit
from registry.child.codes import Sex
from reports.exports.excel.naming import roster_title
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
    write_seal_line,
)
from reports.exports.excel.people import ROSTER, columns_for, ordered_ids, roster_rows
from reports.exports.excel.writer import LongList, write_long

ON_PAPER = 2000  # children
HEAD, FIRST = 3, 4  # rows
CLOSING = 2  # rows after the last child of a long list: the total, the seal line
SIZE = 10.5
LOOKS = [Look(SIZE, align=column.align, indent=int(column.align == "left")) for column in ROSTER]
Progress = Callable[[int, int], None]


class Roster:
    """One roster that is to be written. ``files`` are those that the reader may see and wants; ``day`` is the
    填报日期. ``count`` is how many children it lists."""

    def __init__(self, files, *, unit: OrgUnit, category: str, day: datetime.date, person: str):
        self.unit, self.category, self.day, self.person = unit, category, day, person
        self.title = roster_title(unit, category)
        self.line = (f"填报单位：{unit.centre_name}（盖章）", f"填报日期：{chinese_date(day)}", "单位：人")
        self.wide = unit.level <= 2
        self.columns = columns_for(wide=self.wide, categories=not category)
        self.ids = ordered_ids(files)
        self.count = len(self.ids)
        self.by_sex = dict.fromkeys(Sex.values, 0)

    def write(self, target: BinaryIO, progress: Progress, *, long: bool = False) -> None:
        """``long``: row by row, as a list of more than ON_PAPER is written anyway."""
        if long or self.count > ON_PAPER:
            rows, length = self._long_rows(progress), self.count + CLOSING
            write_long(target, LongList("花名册", self.title, self.line, self.columns, rows, self.period, length))
        else:
            self._write_on_paper(target, progress)

    @property
    def period(self) -> str:
        return f"在册名单 {chinese_date(self.day)}"

    @property
    def totals(self) -> str:
        men, women = self.by_sex[Sex.MALE], self.by_sex[Sex.FEMALE]
        return f"共 {men + women} 人，其中男 {men} 人，女 {women} 人"

    def _rows(self, progress: Progress) -> Iterator[list]:
        """With serial numbers; counts the sexes and tells the progress by the way."""
        rows = roster_rows(self.ids, wide=self.wide, categories=not self.category, day=self.day)
        for number, (file, cells) in enumerate(rows, start=1):
            self.by_sex[file.sex] += 1
            if number % 100 == 0:
                progress(number, self.count)
            yield [number, *cells]

    def _long_rows(self, progress: Progress) -> Iterator[list]:
        yield from self._rows(progress)
        yield _long_row({0: "合计", 7: self.totals})
        yield _long_row({1: "制表人：", 2: self.person, 5: "审核人：", 7: "负责人：", 11: "（单位盖章）"})

    def _write_on_paper(self, target: BinaryIO, progress: Progress) -> None:
        book = Workbook()
        sheet = book.active
        sheet.title = "花名册"
        widths = [column.width for column in self.columns]
        write_head(sheet, widths, self.title, list(self.line), SIZE)
        for column, each in enumerate(ROSTER, start=1):
            put(sheet, HEAD, column, label_in_lines(each.label, each.width), Look(SIZE, bold=True))
        sheet.row_dimensions[HEAD].height = 34
        row = FIRST - 1
        for row, cells in enumerate(self._rows(progress), start=FIRST):  # noqa: B007
            _write_row(sheet, row, cells, widths)
        _write_totals(sheet, row + 1, self.totals)
        rule(sheet, Box(HEAD, 1, row + 1, len(ROSTER)))
        write_seal_line(sheet, row + 2, widths, self.person, SIZE)
        set_up_print(sheet, head=(HEAD, HEAD), last=(row + 2, len(ROSTER)), period=self.period, one_page=self.count < 8)
        book.save(target)


def _long_row(texts: dict[int, str]) -> list[str]:
    return [texts.get(position, "") for position in range(len(ROSTER))]


def _write_row(sheet: Worksheet, row: int, cells: list, widths: list[float]) -> None:
    lines = 1
    for column, (value, look, width) in enumerate(zip(cells, LOOKS, widths, strict=True), start=1):
        put(sheet, row, column, value, look)
        lines = max(lines, lines_of(str(value), width - look.indent, SIZE))
    sheet.row_dimensions[row].height = max(22, 14.5 * lines + 4)


def _write_totals(sheet: Worksheet, row: int, text: str) -> None:
    merge(sheet, row, 1, row, 2)
    put(sheet, row, 1, "合　计", Look(SIZE, bold=True))
    merge(sheet, row, 3, row, len(ROSTER))
    put(sheet, row, 3, text, Look(SIZE, bold=True, align="left", indent=1))
    sheet.row_dimensions[row].height = 24
