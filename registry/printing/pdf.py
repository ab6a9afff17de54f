"""A form as PDF, by the same page and style sheet as the browser's print."""

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from childwelfare.runtime.file_lock import file_lock
from registry.printing import typesetting
from registry.printing.pieces import Sheet, in_chinese

STYLE = Path(settings.ROOT) / "static" / "css" / "sheet.css"
LONGEST = 60  # seconds; a form takes one

log = logging.getLogger(__name__)


class NoTypesetting(Exception):
    """This machine can't set a PDF: the system's libraries for it (Pango) are missing, or setting it failed."""


def as_pdf(sheet: Sheet) -> bytes:
    """``sheet`` on A4. Raises NoTypesetting.

    In a process of its own, one at a time on a machine: each takes a second and 180 MB, and as many as are asked for at
    once would take the machine's memory.
    """
    with in_chinese():
        page = render_to_string("registry/printing/pdf.html", {"sheet": sheet})
    command = [sys.executable, "-m", typesetting.__name__, str(STYLE)]
    with file_lock(settings.CWR_HOME / "typesetting.lock"):
        try:
            made = subprocess.run(
                command, input=page.encode(), capture_output=True, timeout=LONGEST, cwd=settings.ROOT, check=False
            )
        except subprocess.TimeoutExpired:
            log.error("setting a PDF took more than %d seconds", LONGEST)
            raise NoTypesetting("timeout") from None
    if made.returncode:
        complaint = made.stderr.decode(errors="replace")[-2000:]
        log.error("no PDF was set (status %s): %s", made.returncode, complaint)
        raise NoTypesetting(complaint)
    return made.stdout
