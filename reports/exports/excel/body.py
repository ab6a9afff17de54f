"""The rows of a long list, streamed into a workbook that XlsxWriter has written around them.

XlsxWriter makes an object, a list of attributes and a line of every cell: some sixty times the seconds of the csv
module (``./dev bench excel``). Here a row is filled into one template of bytes, with the cells in the looks that
XlsxWriter has numbered, and deflated as it goes. Text is written as text, so that nothing becomes a formula.
"""

import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from reports.exports.excel.paper import clean_cell

SHEET = "xl/worksheets/sheet1.xml"
ROWS_OF_EXCEL = 1_048_576
FAST = 1  # zlib's level: a higher one takes four times as long and saves a third
BATCH = 200  # rows that are deflated at once
APART = "\x1f"  # between the texts of a row while they are escaped together; clean_cell leaves none in a text
LONGEST = 32_767  # of a cell, in UTF-16 units
ZIP64_FROM = 10_000_000  # cells: Excel warns of a file that has it, so none has that may do without

LIKE_AN_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")  # so are characters written that XML can't hold
EDGED = re.compile(rb"<t>([ \t\r\n][^<]*|[^<]*[ \t\r\n])</t>")


def write_body(
    target: BinaryIO, frame: BinaryIO, rows: Iterable[Sequence[Any]], *, first: int, count: int | None
) -> None:
    """Write ``frame``, a workbook of one sheet, to ``target`` with ``rows`` from row ``first`` on.

    The last row of ``frame`` is ``first``: an empty cell in the look of each column, which the rows take over. An int
    becomes a number, whatever else text. ``count``: how many rows there are, for readers that ask for the size of a
    sheet; where nobody knows yet, None, the sheet does not say.
    """
    with (
        zipfile.ZipFile(frame) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as book,
    ):
        head, looks, foot = _opened(source.read(SHEET), first, count)
        is_large = (count or 0) * len(looks) > ZIP64_FROM
        for name in source.namelist():
            with book.open(name, "w", force_zip64=is_large and name == SHEET) as part:
                if name != SHEET:
                    part.write(source.read(name))
                    continue
                part.write(head)
                lines = _lines(rows, looks, first)
                while batch := b"".join(itertools.islice(lines, BATCH)):
                    part.write(batch)
                part.write(foot)


def _opened(sheet: bytes, first: int, count: int | None) -> tuple[bytes, list[bytes], bytes]:
    """(what stands before row ``first``, the number of each column's look, what stands after it)."""
    row = re.search(rb'<row r="%d"[^>]*>(.*?)</row>' % first, sheet)
    assert row, "the frame ends with a row of empty cells"
    looks = re.findall(rb'<c r="[A-Z]+\d+" s="(\d+)"/>', row[1])
    size = b""
    if count is not None:
        size = f'<dimension ref="A1:{get_column_letter(len(looks))}{first + count - 1}"/>'.encode()
    return re.sub(rb"<dimension[^>]*/>", size, sheet[: row.start()]), looks, sheet[row.end() :]


def _lines(rows: Iterable[Sequence[Any]], looks: list[bytes], first: int) -> Iterator[bytes]:
    templates: dict[tuple[type, ...], list[bytes]] = {}
    for number, row in enumerate(rows, start=first):
        kinds = tuple(map(type, row))
        if kinds not in templates:
            templates[kinds] = _template(kinds, looks)
        yield _line(templates[kinds], b"%d" % number, tuple(map(str, row)))


def _template(kinds: tuple[type, ...], looks: list[bytes]) -> list[bytes]:
    """A row of cells of ``kinds``, in pieces: the row's number stands between each two."""
    cells = [
        b'<c r="%s%s" s="%s"' % (get_column_letter(column).encode(), APART.encode(), look)
        + (b"><v>%s</v></c>" if kind is int else b' t="inlineStr"><is><t>%s</t></is></c>')
        for column, (kind, look) in enumerate(zip(kinds, looks, strict=True), start=1)
    ]
    return (b'<row r="%s">' % APART.encode() + b"".join(cells) + b"</row>").split(APART.encode())


def _line(template: list[bytes], number: bytes, texts: tuple[str, ...]) -> bytes:
    """The whole row is looked through and escaped at once; cell by cell only where something in it is no plain text."""
    whole = "".join(texts)
    is_plain = whole.isprintable()
    if not is_plain:
        texts = tuple(map(clean_cell, texts))
    if len(whole) > LONGEST // 2:
        texts = tuple(map(_cut, texts))
    joined = escape(APART.join(texts))
    if "_x" in joined:
        joined = LIKE_AN_ESCAPE.sub(r"_x005F\1", joined)
    if "\r" in joined:
        joined = joined.replace("\r", "_x000D_")  # a reader of XML takes it for a line's end
    filled = number.join(template) % tuple(joined.encode().split(APART.encode()))
    if not is_plain or b"<t> " in filled or b" </t>" in filled:
        return EDGED.sub(rb'<t xml:space="preserve">\1</t>', filled)
    return filled


def _cut(text: str) -> str:
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", errors="ignore")
