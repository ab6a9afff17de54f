"""A long list is the workbook that XlsxWriter would write cell by cell, at a fraction of its time."""

import io
import itertools
import zipfile

import pytest
import xlsxwriter
from openpyxl import load_workbook

from childwelfare.workflow.refusals import Refused
from reports.exports.excel import body
from reports.exports.excel.paper import clean_cell
from reports.exports.excel.people import ROSTER
from reports.exports.excel.read_back import check_workbook
from reports.exports.excel.writer import BODY, HEAD, SIZE, LongList, write_long

WIDTH = len(ROSTER)
LINE = ("填报单位：荥阳市儿童福利指导中心（盖章）", "填报日期：2026年11月25日", "单位：人")
TEXTS = [
    "张子涵", "", "410199201703150017", "0371-62345678", "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://x.y/z",
    "a & b < c > d \"e\" 'f'", "&lt;t&gt;", "<r><t>x</t></r>", "]]>", " 前", "后 ", "\t=1", "两\n行", "\n", "\r\n回\r",
    "　全角　", "_x0041_", "_x005F_", "a_x00e9_b", "_x1F_", "𠮷野家😀", "%s %d %%", "\x00\x08\x1f断\x0b", "\ud800孤",
    "\ufffe\uffff", "1" * 15, "2026-03-01", "TRUE", "长" * 40_000, "😀" * 20_000, "\x1f", " ", "\x7f\x85\u2028", "é",
]  # fmt: skip


def rows_of_everything():
    """Each text in each column in turn, beside numbers."""
    for number, start in enumerate(range(0, len(TEXTS) * 2, 3), start=1):
        yield [number, *itertools.islice(itertools.cycle(TEXTS), start, start + WIDTH - 1)]
    yield ["合计", *["共 3 人"] * (WIDTH - 2), 7]


def a_long_list(rows, count=None):
    content = io.BytesIO()
    write_long(content, LongList("花名册", "荥阳市花名册", LINE, ROSTER, rows, "在册名单", count))
    return content


def by_xlsxwriter(rows):
    """The same rows in the same looks, each cell written by XlsxWriter."""
    content = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    page = book.add_worksheet("花名册")
    look = {"font_name": "宋体", "font_size": SIZE, "num_format": "@", "valign": "vcenter", "border": 1}
    looks = [book.add_format(look | {"align": column.align}) for column in ROSTER]
    for row, values in enumerate(rows, start=BODY):
        for column, value in enumerate(map(clean_cell, values)):
            write = page.write_number if isinstance(value, int) else page.write_string
            write(row, column, value, looks[column])
    book.close()
    return content


def cells_of(content, **how):
    sheet = load_workbook(io.BytesIO(content.getvalue()), **how).active
    for row in sheet.iter_rows(min_row=BODY + 1):
        yield [
            (
                cell.value,
                cell.data_type,
                cell.number_format,
                cell.font.name,
                cell.font.sz,
                cell.font.b,
                cell.alignment.horizontal,
                cell.alignment.vertical,
                cell.border.left.style,
                cell.border.bottom.style,
            )
            for cell in row
        ]


@pytest.mark.parametrize("read_only", [False, True])
def test_every_cell_is_what_xlsxwriter_would_have_written(read_only):
    rows = list(rows_of_everything())
    # XlsxWriter takes a text that looks like its own mark-up for mark-up
    theirs_of = [[f"{value}." if value == "<r><t>x</t></r>" else value for value in row] for row in rows]
    ours = list(cells_of(a_long_list(theirs_of, len(rows)), read_only=read_only))
    theirs = list(cells_of(by_xlsxwriter(theirs_of), read_only=read_only))
    assert len(ours) == len(rows) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == other


def test_every_text_comes_back_as_it_was_meant():
    """As text, whatever it looks like; without what no XML can hold; the longest as long as a cell may be."""
    rows = list(rows_of_everything())
    found = [[cell[:2] for cell in row] for row in cells_of(a_long_list(rows))]
    for row, read in zip(rows, found, strict=True):
        for value, (told, kind) in zip(row, read, strict=True):
            if isinstance(value, int):
                assert (told, kind) == (value, "n")
            elif clean_cell(value):
                assert kind == "s"
            else:
                assert not told
    by_text = {}
    for row, read in zip(rows, found, strict=True):
        by_text |= {value: told for value, (told, _kind) in zip(row, read, strict=True)}
    for text in ("=1+1", "<r><t>x</t></r>", "&lt;t&gt;", " 前", "后 ", "两\n行", "𠮷野家😀", "%s %d %%", TEXTS[2]):
        assert by_text[text] == text
    assert (by_text["\x00\x08\x1f断\x0b"], by_text["\ud800孤"], by_text["长" * 40_000]) == ("断", "孤", "长" * 32_767)


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 450])
def test_however_many_rows_each_is_there_and_the_sheet_knows_its_size(count):
    content = a_long_list([[n, *["甲"] * (WIDTH - 1)] for n in range(1, count + 1)], count)
    check_workbook(content, rows=count)
    sheet = load_workbook(io.BytesIO(content.getvalue()), read_only=True).active
    assert (sheet.max_row, sheet.max_column) == (HEAD + 1 + count, WIDTH)
    assert [row[0] for row in sheet.iter_rows(min_row=BODY + 1, values_only=True)] == list(range(1, count + 1))


def test_of_a_list_whose_length_nobody_knew_every_row_is_read():
    content = a_long_list([1, *["甲"] * (WIDTH - 1)] for _ in range(3))
    assert len(list(cells_of(content, read_only=True))) == 3 == len(list(cells_of(content)))


def test_the_same_rows_give_the_same_file():
    first, second = (a_long_list(rows_of_everything(), 5) for _ in range(2))
    assert _parts(first) == _parts(second)


def _parts(content):
    with zipfile.ZipFile(content) as book:
        assert all(part.compress_type == zipfile.ZIP_DEFLATED for part in book.infolist())
        return {name: book.read(name) for name in book.namelist() if name != "docProps/core.xml"}  # has the time


def test_more_rows_than_a_sheet_has_are_refused_before_any_is_read():
    def rows():
        raise AssertionError("read")
        yield

    with pytest.raises(Refused, match="1048573"):
        a_long_list(rows(), body.ROWS_OF_EXCEL - BODY + 1)


def test_a_row_costs_no_call_for_each_cell(monkeypatch):
    """A plain row is looked through once; only what is no plain text is cleaned cell by cell."""
    cleaned = []
    monkeypatch.setattr(body, "clean_cell", lambda value: cleaned.append(value) or clean_cell(value))
    a_long_list([[n, *["甲 乙"] * (WIDTH - 1)] for n in range(1, 51)])
    assert not cleaned
    a_long_list([[1, "两\n行", *["甲"] * (WIDTH - 2)]])
    assert len(cleaned) == WIDTH
