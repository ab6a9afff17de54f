"""A workbook is read again before it is called done: one that a strict reader can't read whole is not given out.

Programs differ in what they forgive: of a workbook with one character that XML does not know, one shows nothing and
another the rows before it, without a word.
"""

import zipfile
from typing import BinaryIO
from xml.parsers import expat

SHEETS = "xl/worksheets/"


class DamagedWorkbook(Exception):
    """The workbook that was written can't be read, or lacks rows."""


def check_workbook(content: BinaryIO, *, rows: int) -> None:
    """Read ``content``, every part of it. Raises DamagedWorkbook unless it is whole and its first column numbers
    ``rows`` rows: 1, 2, 3, …"""
    content.seek(0)
    numbers: list[int] = []
    try:
        with zipfile.ZipFile(content) as book:
            for name in book.namelist():
                if name.endswith((".xml", ".rels")):
                    reader = _NumberedRows() if name.startswith(SHEETS) else None
                    _read(book, name, reader)
                    numbers += reader.numbers if reader else []
    except (zipfile.BadZipFile, expat.ExpatError) as error:
        raise DamagedWorkbook(str(error)) from error
    if numbers != list(range(1, rows + 1)):
        raise DamagedWorkbook(f"{rows} rows were to be written, {len(numbers)} can be read")


def _read(book: zipfile.ZipFile, name: str, reader: "_NumberedRows | None") -> None:
    parser = expat.ParserCreate()
    if reader:
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
    with book.open(name) as part:
        parser.ParseFile(part)


class _NumberedRows:
    """Gathers the whole numbers of column A while a sheet is parsed."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._in_first, self._value = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = attributes.get("r", "")
            self._in_first = place[:1] == "A" and place[1:].isdigit() and attributes.get("t", "n") == "n"
            self._value = ""

    def text(self, text: str) -> None:
        if self._in_first:
            self._value += text

    def end(self, tag: str) -> None:
        if tag == "c" and self._in_first:
            self._in_first = False
            if self._value.isdigit():
                self.numbers.append(int(self._value))
