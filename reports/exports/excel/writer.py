"""Long lists, written row by row in little memory. Short ones in the paper look: ``roster``, ``summary``.

XlsxWriter writes the workbook with title, head and page set-up; ``body`` the rows, which it would take long for.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from childwelfare.workflow.refusals import Refused
from reports.exports.excel.body import ROWS_OF_EXCEL, write_body
from reports.exports.excel.paper import A4, FONT, FOOTER_SIZE, MARGINS, PAGE, TITLE_FONT
from reports.exports.excel.people import Column

TITLE, LINE, HEAD, BODY = 0, 2, 3, 4  # rows, counted from 0; the title takes two
SIZE = 10.5
HEIGHTS: dict[int, float] = {LINE: 22, HEAD: 34}  # points
LEFT_PARTS = 3


@dataclass(frozen=True)
class LongList:
    """``rows`` are lists as wide as ``columns``, ``count`` of them where that is known before they are written;
    ``line`` is what stands under the title: left, middle, right."""

    name: str
    title: str
    line: tuple[str, str, str]
    columns: tuple[Column, ...]
    rows: Iterable[list]
    period: str
    count: int | None = None

    @property
    def footer(self) -> str:
        return f"&C&{FOOTER_SIZE}{PAGE}&R&{FOOTER_SIZE} {self.period}"

    @property
    def spans(self) -> list[tuple[int, int]]:
        third = len(self.columns) // LEFT_PARTS
        return [(0, third), (third + 1, 2 * third), (2 * third + 1, len(self.columns) - 1)]


def write_long(target: BinaryIO, sheet: LongList) -> None:
    """Write the workbook, in little more memory than it takes itself. Raises Refused for more rows than a sheet has."""
    if sheet.count and sheet.count > ROWS_OF_EXCEL - BODY:
        raise Refused(
            _("这份表有%(rows)s行，超过了一张Excel表能放的行数，请按下级单位分别导出。") % {"rows": sheet.count}
        )
    frame = io.BytesIO()
    _write_frame(frame, sheet)
    write_body(target, frame, sheet.rows, first=BODY + 1, count=sheet.count)


def _write_frame(target: BinaryIO, sheet: LongList) -> None:
    """All but the rows; of them an empty one, for its looks."""
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
    for number, look_of_column in enumerate(looks):
        page.write_blank(BODY, number, None, look_of_column)
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
