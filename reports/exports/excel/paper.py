"""The paper look of official tables: A4 landscape, ruled by hand, with title, head, seal line and page footer.

The words on paper are Chinese whatever language the reader's screen has: these are official forms.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")  # XML knows none of them
TITLE_FONT, FONT = "方正小标宋简体", "宋体"
THIN, THICK = Side(style="thin"), Side(style="medium")
FOOTER_SIZE = 12  # points: some programs scale the footer with the sheet, whatever the file says
PAGE = "第 &P 页，共 &N 页"
A4 = 9
APART = "　　"
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.65, "header": 0.3, "footer": 0.3}  # inches


@dataclass(frozen=True)
class Look:
    """How the cells of one kind are written; ``align`` is left, center or right."""

    size: float
    bold: bool = False
    align: str = "center"
    font: str = FONT
    wrap: bool = True
    indent: int = 0


@dataclass(frozen=True)
class Box:
    """A block of cells that is ruled inside and framed outside; rows and columns are counted from 1."""

    top: int
    left: int
    bottom: int
    right: int


def clean_cell(value):
    """What may stand in a cell: text without the control characters that make a workbook unreadable."""
    if isinstance(value, int | float):
        return value
    text = str(value)
    if text.isprintable():  # nearly all are: the quick way
        return text
    return NO_CHARACTERS.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))


def put(sheet: Worksheet, row: int, column: int, value, look: Look) -> None:
    """Write one cell. Text stays text, also when it begins like a formula or is all digits."""
    cell = sheet.cell(row, column)
    if value not in ("", None):
        cell.value = clean_cell(value)
        if isinstance(cell.value, str):
            cell.data_type, cell.number_format = "s", "@"
    cell.font, cell.alignment = _font(look), _alignment(look)


def rule(sheet: Worksheet, box: Box) -> None:
    """Thin lines inside ``box``, thick ones around it; every cell of a merge needs its own."""
    for row in range(box.top, box.bottom + 1):
        for column in range(box.left, box.right + 1):
            edges = row == box.top, row == box.bottom, column == box.left, column == box.right
            sheet.cell(row, column).border = _border(*edges)


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def stretches(widths: list[float], parts: int) -> list[tuple[int, int]]:
    """(first, last) column of ``parts`` stretches that are about equally wide, each of at least one column: there are
    no fewer columns than parts."""
    total, passed = sum(widths), 0.0
    ends: list[int] = []
    for column, width in enumerate(widths, start=1):
        passed += width
        to_come = parts - len(ends) - 1
        is_wide = passed >= total * (len(ends) + 1) / parts
        if to_come and (is_wide or len(widths) - column == to_come):
            ends.append(column)
    starts = [1, *(end + 1 for end in ends)]
    return list(zip(starts, [*ends, len(widths)], strict=True))


def write_line(sheet: Worksheet, row: int, widths: list[float], texts: list[str], looks: list[Look]) -> None:
    """Texts side by side in equal stretches: the line under the title, the seal line. On a sheet of so few columns that
    they would be cut they follow each other in one cell."""
    if len(widths) < 2 * len(texts):
        texts, looks = [APART.join(texts)], [looks[0]]
        needed = lines_of(texts[0], sum(widths), looks[0].size)
        sheet.row_dimensions[row].height = 1.6 * (needed + 1) * looks[0].size
    spans = stretches(widths, len(texts))
    for (first, last), text, look in zip(spans, texts, looks, strict=True):
        merge(sheet, row, first, row, last)
        put(sheet, row, first, text, look)


def write_head(sheet: Worksheet, widths: list[float], title: str, line: list[str], size: float) -> None:
    """Rows 1 and 2: the title; who reports, when, in what unit."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    merge(sheet, 1, 1, 1, len(widths))
    look = Look(24 if size > 12 else 20, bold=True, font=TITLE_FONT)
    put(sheet, 1, 1, title, look)
    sheet.row_dimensions[1].height = 16 + 32 * lines_of(title, sum(widths), look.size)
    sheet.row_dimensions[2].height = 2 * size
    write_line(sheet, 2, widths, line, [Look(size, align=align) for align in ("left", "center", "right")])


def write_seal_line(sheet: Worksheet, row: int, widths: list[float], person: str, size: float) -> None:
    texts = [f"制表人：{person}", "审核人：", "负责人：", "（单位盖章）"]
    sheet.row_dimensions[row].height = 56 if size > 12 else 40
    write_line(sheet, row, widths, texts, [Look(size, align="left")] * 3 + [Look(size)])


def set_up_print(
    sheet: Worksheet,
    *,
    head: tuple[int, int],
    last: tuple[int, int],
    period: str,
    one_page: bool,
    left: str = "",
) -> None:
    """A4 landscape as wide as the paper; ``head`` rows repeat on each page; ``last`` is the (row, column) at the
    seal line's end; ``period`` stands in the footer at the right, ``left`` on the other side."""
    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # without it the two numbers below do nothing
    setup.fitToWidth, setup.fitToHeight = 1, int(one_page)
    for side, inches in MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{head[0]}:{head[1]}"
    sheet.print_area = f"A1:{get_column_letter(last[1])}{last[0]}"
    sheet.freeze_panes = sheet.cell(head[1] + 1, 3)
    footer = sheet.oddFooter
    for part, text in ((footer.left, left.replace("&", "&&")), (footer.center, PAGE), (footer.right, period)):
        if text:
            part.text, part.size = text, FOOTER_SIZE


def lines_of(text: str, width: float, size: float) -> int:
    """How many lines ``text`` takes in a column of ``width``: no program grows a row for a wrapped cell by itself."""
    units = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text) * size / 10.5
    return max(1, math.ceil(units / max(1, width - 0.5)))


def label_in_lines(label: str, width: float = 0) -> str:
    """A head of four characters as two lines of two, where the column is too narrow for one."""
    return f"{label[:2]}\n{label[2:]}" if len(label) == 4 and width < 9 and "–" not in label else label


@lru_cache
def _font(look: Look) -> Font:
    return Font(name=look.font, size=look.size, bold=look.bold)


@lru_cache
def _alignment(look: Look) -> Alignment:
    return Alignment(horizontal=look.align, vertical="center", wrap_text=look.wrap, indent=look.indent)


@lru_cache
def _border(top: bool, bottom: bool, left: bool, right: bool) -> Border:
    sides = {"top": top, "bottom": bottom, "left": left, "right": right}
    return Border(**{name: THICK if outer else THIN for name, outer in sides.items()})
