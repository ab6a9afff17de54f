"""The sheet of a request as a workbook: A4, ruled, with sums as formulas. The words on paper are Chinese."""

import datetime
from collections.abc import Callable
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from childwelfare.text.days import chinese_date
from reports.exports.excel.naming import full_name, sheet_name
from reports.exports.excel.paper import (
    Box,
    Look,
    lines_of,
    put,
    rule,
    set_up_print,
    write_head,
    write_line,
    write_seal_line,
)
from reports.exports.excel.results import save_with_results
from reports.indicators.templates import NOT_COUNTED
from reports.requests.columns import LIVE, REPORTED, full_label
from reports.requests.models import DataQuestion
from reports.requests.questions import in_words
from reports.requests.sheet import RequestSheet, Row
from reports.requests.states import QuestionKind

HEAD, FIRST = 3, 4  # rows
ON_ONE_PAGE = 25
SIZE = 12
BODY, STRONG, TEXT = Look(SIZE), Look(SIZE, bold=True), Look(SIZE, align="left")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
SAID = {REPORTED: "上报数", LIVE: "实时数（未上报）", "": "未统计"}


def plain_text(value: Any) -> Any:
    """For a cell of a CSV: a text that a spreadsheet would take for a formula gets a mark before it; blank for None."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def write_sheet(
    target: BinaryIO, sheet: RequestSheet, *, day: datetime.date, person: str, remark_of: Callable[[Row], str]
) -> None:
    """Write the workbook. ``day`` it is made on, by ``person``."""
    request, book = sheet.request, Workbook()
    page = book.active
    page.title = sheet_name(request.title, set())
    heads = ["序号", "单位", *(full_label(each) for each in sheet.indicators), *(each.head for each in sheet.questions)]
    heads.append("备注")
    widths = [6.0, 22.0, *(max(8.0, min(16.0, 2.1 * len(head))) for head in heads[2:-1]), 24.0]
    line = [
        f"要数单位：{request.unit.centre_name}",
        f"数据月份：{request.month_asked.label}",
        f"制表：{chinese_date(day)}",
    ]
    write_head(page, widths, f"{full_name(request.unit)}{request.title}", line, SIZE)
    for column, head in enumerate(heads, start=1):
        put(page, HEAD, column, head, STRONG)
    most = max(lines_of(head, width, SIZE) for head, width in zip(heads, widths, strict=True))
    page.row_dimensions[HEAD].height = 8 + 18 * most
    for row, each in enumerate(sheet.rows, start=FIRST):
        blank = NOT_COUNTED if each.held else ""
        numbers = [blank if number is None else number for number in sheet.numbers(each)]
        is_live = len(sheet.sources) > 1 and each.held and each.held.source == LIVE
        remark = "；".join(filter(None, [SAID[LIVE] if is_live else "", remark_of(each)]))
        cells = [row - FIRST + 1, each.place, *numbers, *_answers(sheet, each), remark]
        for column, value in enumerate(cells, start=1):
            put(page, row, column, value, TEXT if column in (2, len(heads)) else BODY)
        lines = max(lines_of(each.place, widths[1], SIZE), lines_of(remark, widths[-1], SIZE))
        page.row_dimensions[row].height = max(24, 8 + 17 * lines)
    last = FIRST + len(sheet.rows)
    results = _write_sums(page, sheet, last)
    rule(page, Box(HEAD, 1, last, len(heads)))
    note = _note(sheet)
    write_line(page, last + 1, widths, [note], [Look(11, align="left")])
    page.row_dimensions[last + 1].height = 8 + 16 * lines_of(note, sum(widths), 11)
    write_seal_line(page, last + 2, widths, person, SIZE)
    set_up_print(
        page, head=(HEAD, HEAD), last=(last + 2, len(heads)), period=f"数据月份 {request.month_asked.label}",
        one_page=len(sheet.rows) <= ON_ONE_PAGE, left=f"{request.unit.centre_name} {person}导出",
    )  # fmt: skip
    save_with_results(book, target, {1: results})


def _answers(sheet: RequestSheet, row: Row) -> list[Any]:
    """Numbers as numbers, anything else in its words; a dash where the unit did not answer."""
    if row.values is None:
        return [NOT_COUNTED if row.answer else "" for _each in sheet.questions]
    pairs = zip(sheet.questions, sheet.said(row), sheet.words(row), strict=True)
    return [value if each.kind == QuestionKind.NUMBER and value is not None else words for each, value, words in pairs]


def _write_sums(page: Any, sheet: RequestSheet, row: int) -> dict[str, int | float]:
    """Formulas, with what they come to beside them, for a preview computes nothing. Where a number is missing there is
    a dash: the sum would be too small."""
    put(page, row, 2, "合计", STRONG)
    results: dict[str, int | float] = {}
    first_answer = 3 + len(sheet.indicators)
    yes = in_words(DataQuestion(kind=QuestionKind.YES_NO), "yes")
    for column, total in enumerate([*sheet.number_totals, *sheet.answer_totals], start=3):
        if total is None:
            put(page, row, column, NOT_COUNTED if column < first_answer else "", STRONG)
            continue
        put(page, row, column, total, STRONG)
        letter = get_column_letter(column)
        cells, cell = f"{letter}{FIRST}:{letter}{row - 1}", page.cell(row, column)
        if column >= first_answer and sheet.questions[column - first_answer].kind == QuestionKind.YES_NO:
            cell.value, cell.number_format = f'=COUNTIF({cells},"{yes}")', f'"{yes} "0'
        else:
            cell.value = f"=SUM({cells})"
        results[f"{letter}{row}"] = total
    page.row_dimensions[row].height = 28
    return results


def _note(sheet: RequestSheet) -> str:
    """What the sheet leaves out, and where its figures come from."""
    said = []
    if sheet.indicators:
        said.append("已有的数：" + "、".join(SAID[each] for each in (REPORTED, LIVE, "") if each in sheet.sources))
    for indicator, signed, _total in sheet.apart_from_ledger:
        said.append(f"{full_label(indicator)}签过的台账为 {signed}，本表也列有未进台账合计的单位")
    if sheet.missing:
        said.append(f"{len(sheet.missing)} 个单位未答，未计入合计")
    if any(each.kind == QuestionKind.YES_NO for each in sheet.questions):
        said.append("是或否的合计为答“是”的单位数")
    if any(row.line.place and row.line.place.became for row in sheet.rows):
        said.append(f"单位按{sheet.request.month_asked.label}的建制，括号内为现在的")
    meanings = [f"{each.name}：{each.meaning}" for each in sheet.questions]
    return "说明：" + "；".join([*said, *meanings])
