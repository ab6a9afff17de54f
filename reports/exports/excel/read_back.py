"""A workbook is read again before it is called done: one that a strict reader can't read whole is not given out.

Programs differ in what they forgive: of a workbook with one character that XML does not know, one shows nothing and
another the rows before it, without a word.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import BinaryIO
from xml.parsers import expat

from openpyxl import load_workbook

SHEET = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")
SUM = re.compile(r"=SUM\(([A-Z]+[0-9]+):([A-Z]+[0-9]+)\)")
NAMED_BY_HASH = re.compile(r"(?:content|rosters)/([0-9a-f]{64})\.json")
ROUNDING = 1e-9  # of numbers shown in tens of thousands


class DamagedWorkbook(Exception):
    """The workbook that was written can't be read, or lacks rows."""


def check_workbook(content: BinaryIO, *, rows: int | Sequence[int]) -> None:
    """Read ``content``, every part of it. Raises DamagedWorkbook unless it is whole and the first column of each sheet
    numbers its ``rows``: 1, 2, 3, … One number is of a workbook with one sheet."""
    content.seek(0)
    numbers: dict[int, list[int]] = {}
    try:
        with zipfile.ZipFile(content) as book:
            for name in book.namelist():
                if name.endswith((".xml", ".rels")):
                    sheet = SHEET.fullmatch(name)
                    reader = _NumberedRows() if sheet else None
                    _read(book, name, reader)
                    if sheet and reader:
                        numbers[int(sheet[1])] = reader.numbers
    except (zipfile.BadZipFile, expat.ExpatError) as error:
        raise DamagedWorkbook(str(error)) from error
    wanted = [rows] if isinstance(rows, int) else list(rows)
    if [numbers[place] for place in sorted(numbers)] != [list(range(1, each + 1)) for each in wanted]:
        read = sum(len(each) for each in numbers.values())
        raise DamagedWorkbook(f"{sum(wanted)} rows were to be written, {read} can be read")


def check_totals(content: BinaryIO) -> None:
    """Compute each SUM of a column anew. Raises DamagedWorkbook where it does not come to what stands beside it."""
    content.seek(0)
    formulas = load_workbook(content)
    content.seek(0)
    results = load_workbook(content, data_only=True)
    for sheet in formulas:
        values = results[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                asked = SUM.fullmatch(cell.value)
                if asked is None:
                    raise DamagedWorkbook(f"{sheet.title} {cell.coordinate}: {cell.value}")
                first, last = asked.groups()
                added = sum(each.value for (each,) in values[f"{first}:{last}"] if isinstance(each.value, int | float))
                told = values[cell.coordinate].value
                if told is None or abs(added - told) > ROUNDING:
                    raise DamagedWorkbook(f"{sheet.title} {cell.coordinate}: {added} is told as {told}")


def check_package(content: BinaryIO, *, files: int) -> None:
    """Read a package of reported figures. Raises DamagedWorkbook unless it has ``files`` parts that are named by their
    hash, each of which can be read and is what its name says."""
    content.seek(0)
    found = 0
    try:
        with zipfile.ZipFile(content) as package:
            for name in package.namelist():
                part = package.read(name)
                if not name.endswith(".json"):
                    continue
                json.loads(part)
                if named := NAMED_BY_HASH.fullmatch(name):
                    found += 1
                    if hashlib.sha256(part).hexdigest() != named[1]:
                        raise DamagedWorkbook(f"{name} is not what its name says")
    except (zipfile.BadZipFile, ValueError) as error:
        raise DamagedWorkbook(str(error)) from error
    if found != files:
        raise DamagedWorkbook(f"{files} files were to be packed, {found} can be read")


def check_books(content: BinaryIO, *, rows: Sequence[Sequence[int]]) -> None:
    """Read a package of workbooks, of each the rows of its sheets. Raises DamagedWorkbook."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            names = package.namelist()
            if len(names) != len(rows):
                raise DamagedWorkbook(f"{len(rows)} workbooks were to be packed, {len(names)} can be read")
            for name, of_book in zip(names, rows, strict=True):
                book = io.BytesIO(package.read(name))
                check_workbook(book, rows=of_book)
                check_totals(book)
    except zipfile.BadZipFile as error:
        raise DamagedWorkbook(str(error)) from error


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
