"""Formulas with what they come to beside them: openpyxl writes none, and whatever shows a sheet without computing it
would show blanks in their place."""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from openpyxl import Workbook

Results = Mapping[str, int | float]  # {cell: what its formula comes to}
CELL = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v ?/?>(?:</v>)?')


def save_with_results(book: Workbook, target: BinaryIO, results: Mapping[int, Results]) -> None:
    """Write ``book``; ``results``: those of each sheet, by its number from 1."""
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            number = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", name)
            if number and (of_sheet := results.get(int(number[1]))):
                content = _with(content.decode(), of_sheet).encode()
            copy.writestr(name, content)


def _with(xml: str, results: Results) -> str:
    def filled(found: re.Match[str]) -> str:
        return f"{found[1]}<v>{results[found[2]]}</v>" if found[2] in results else found[0]

    return CELL.sub(filled, xml)
