"""Long lists, written row by row in little memory. Short ones in the paper look: ``roster``, ``summary``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter

from reports.exports.excel.paper import A4, FONT, FOOTER_SIZE, MARGINS, PAGE, TITLE_FONT, clean_cell
from reports.exports.excel.people import Column

TITLE, LINE, HEAD = 0, 2, 3  # rows, counted from 0; the title takes two
SIZE = 10.5
HEIGHTS: dict[int, float] = {LINE: 22, HEAD: 34}  # points
LEFT_PARTS = 3


@dataclass(frozen=True)
class LongList:
    """``rows`` are lists as wide as ``columns``; ``line`` is what stands under the title: left, middle, right."""

    name: str
    title: str
    line: tuple[str, str, str]
    columns: tuple[Column, ...]
    rows: Iterable[list]
    period: str

    @property
    def footer(self) -> str:
        return f"&C&{FOOTER_SIZE}{PAGE}&R&{FOOTER_SIZE} {self.period}"

    @property
    def spans(self) -> list[tuple[int, int]]:
        third = len(self.columns) // LEFT_PARTS
        return [(0, third), (third + 1, 2 * third), (2 * third + 1, len(self.columns) - 1)]

    def clean_rows(self) -> Iterable[list]:
        return ([clean_cell(value) for value in row] for row in self.rows)


def write_long(target: BinaryIO, sheet: LongList) -> None:
    """Write the workbook, in some 30 MB of memory however long the list is."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    page = book.add_worksheet(sheet.name)

    def look(align: str, size: float = SIZE, **more):
        base = {"font_name": FONT, "font_size": size, "num_format": "@", "align": align, "valign": "vcenter"}
        return book.add_format(base | {"border": 1} | more)

    looks = [look(column.align) for column in sheet.columns]
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
    for row, height in HEIGHTS.items():
        page.set_row(row, height)
    _set_up_page(page, sheet)
    title = look("center", 20, border=0, bold=True, font_name=TITLE_FONT)
    page.merge_range(TITLE, 0, LINE - 1, len(looks) - 1, sheet.title, title)
    for (first, last), text, align in zip(sheet.spans, sheet.line, ("left", "center", "right"), strict=True):
        page.merge_range(LINE, first, LINE, last, text, look(align, 11, border=0))
    head = look("center", bold=True, text_wrap=True)
    for number, column in enumerate(sheet.columns):
        page.write_string(HEAD, number, column.label, head)
    for row, values in enumerate(sheet.clean_rows(), start=HEAD + 1):
        for number, value in enumerate(values):
            write = page.write_number if isinstance(value, int) else page.write_string
            write(row, number, value, looks[number])
    book.close()


def _set_up_page(page, sheet: LongList) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(**{side: MARGINS[side] for side in ("left", "right", "top", "bottom")})
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD, HEAD)
    page.center_horizontally()
    page.set_footer(sheet.footer, {"margin": MARGINS["footer"]})
    page.freeze_panes(HEAD + 1, 2)
