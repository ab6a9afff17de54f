"""A form as PDF, by the same page and style sheet as the browser's print."""

import logging
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from PIL import ImageFile

from registry.printing.pieces import Sheet, in_chinese


class NoTypesetting(Exception):
    """The system's libraries for setting text (Pango) are not on this machine."""


def as_pdf(sheet: Sheet) -> bytes:
    """``sheet`` on A4. Fetches nothing, neither from the network nor from the disk. Raises NoTypesetting."""
    weasyprint = _weasyprint()
    with in_chinese():
        page = render_to_string("registry/printing/pdf.html", {"sheet": sheet})
    style = weasyprint.CSS(string=_style(), url_fetcher=_fetch_nothing)
    return weasyprint.HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(stylesheets=[style])


def _weasyprint():
    """Loaded when the first PDF is asked for: it costs most of a second and needs the system's Pango."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise NoTypesetting(str(error)) from error
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process: half a photo would pass then
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # seven lines a page otherwise
    return weasyprint


def _fetch_nothing(url, *args, **kwargs):
    raise ValueError(f"a form holds all it shows: {url}")


@cache
def _style() -> str:
    return (Path(settings.ROOT) / "static" / "css" / "sheet.css").read_text()
