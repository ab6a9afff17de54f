"""A form as PDF, by the same page and style sheet as the browser's print."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from childwelfare.typesetting.services import set_page
from registry.printing.pieces import Sheet, in_chinese

STYLE = Path(settings.ROOT) / "static" / "css" / "sheet.css"


def as_pdf(sheet: Sheet) -> bytes:
    """``sheet`` on A4. Raises NoTypesetting."""
    with in_chinese():
        page = render_to_string("registry/printing/pdf.html", {"sheet": sheet})
    return set_page(page, STYLE)
