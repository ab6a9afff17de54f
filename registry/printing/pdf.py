"""A form as PDF, by the same page and style sheet as the browser's print."""

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from childwelfare.runtime.file_lock import Busy, file_lock
from registry.printing import typesetting
from registry.printing.pieces import Sheet, in_chinese

STYLE = Path(settings.ROOT) / "static" / "css" / "sheet.css"
LONGEST = 30  # seconds; a form takes one
LONGEST_WAIT = 10  # seconds for others' forms
WAITING = 2  # threads of a process; there are four in production

log = logging.getLogger(__name__)


class NoTypesetting(Exception):
    """No PDF can be set now: others are being set, the system's libraries for it (Pango) are missing, or it failed.

    ``advice``: what its reader can do.
    """

    def __init__(self, complaint: str, *, in_a_moment: bool = True):
        super().__init__(complaint)
        if in_a_moment:
            self.advice = _("暂时不能生成 PDF，请过几秒再试；也可以按“打印”，在打印机里选“另存为 PDF”。")
        else:
            self.advice = _("这台服务器还不能生成 PDF，请告诉系统管理员。现在可以按“打印”，在打印机里选“另存为 PDF”。")


def as_pdf(sheet: Sheet) -> bytes:
    """``sheet`` on A4. Raises NoTypesetting.

    In a process of its own, one at a time on a machine: each takes a second and 180 MB, and as many as are asked for at
    once would take the machine's memory.
    """
    with in_chinese():
        page = render_to_string("registry/printing/pdf.html", {"sheet": sheet})
    command = [sys.executable, "-m", typesetting.__name__, str(STYLE)]
    try:
        with file_lock(settings.CWR_HOME / "typesetting.lock", most=WAITING, longest=LONGEST_WAIT):
            made = subprocess.run(
                command, input=page.encode(), capture_output=True, timeout=LONGEST, cwd=settings.ROOT, check=False
            )
    except (subprocess.TimeoutExpired, Busy) as error:
        log.warning("no PDF was set: %s", error)
        raise NoTypesetting(str(error)) from None
    if made.returncode:
        complaint = made.stderr.decode(errors="replace")[-2000:]
        log.error("no PDF was set (status %s): %s", made.returncode, complaint)
        raise NoTypesetting(complaint, in_a_moment=made.returncode != typesetting.NO_LIBRARIES)
    return made.stdout
