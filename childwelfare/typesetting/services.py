"""Setting a page, by the same style sheet as the browser's print where there is one."""

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from childwelfare.runtime.file_lock import Busy, file_lock
from childwelfare.typesetting import process

LONGEST = 30  # seconds; a form takes one
LONGEST_WAIT = 10  # seconds for others' pages
LONGEST_IN_BACKGROUND = 240  # seconds: a sheet takes two, a city has 200
WAITING = 2  # threads of a process; there are four in production

log = logging.getLogger(__name__)


class NoTypesetting(Exception):
    """No PDF can be set now: others are being set, the system's libraries for it (Pango) are missing, or it failed.

    ``advice``: what its reader can do.
    """

    def __init__(self, complaint: str, *, in_a_moment: bool = True):
        super().__init__(complaint)
        self.in_a_moment = in_a_moment

    @property
    def advice(self) -> str:
        if self.in_a_moment:
            return _("暂时不能生成 PDF，请过几秒再试；也可以按“打印”，在打印机里选“另存为 PDF”。")
        return _("这台服务器还不能生成 PDF，请告诉系统管理员。现在可以按“打印”，在打印机里选“另存为 PDF”。")


def set_page(page: str, style: Path, *, scale: float = 1, in_background: bool = False) -> bytes:
    """``page``, HTML that holds all it shows, as PDF by the style sheet ``style``; ``scale``: the paper is so much of
    the size that the style sheet names; ``in_background``: nobody sits before it, so it has minutes, and waits for no
    reader's page, nor lets one wait. Raises NoTypesetting.

    In a process of its own, one at a time on a machine, and one more in the background: a form takes a second and
    180 MB, a sheet of a county with all its townships 500 MB, and as many as are asked for at once would take the
    machine's memory.
    """
    lock, longest, longest_wait = "typesetting.lock", LONGEST, LONGEST_WAIT
    if in_background:
        lock, longest, longest_wait = "typesetting-in-background.lock", LONGEST_IN_BACKGROUND, LONGEST_IN_BACKGROUND
    command = [sys.executable, "-m", process.__name__, str(style), str(scale)]
    try:
        with file_lock(settings.CWR_HOME / lock, most=WAITING, longest=longest_wait):
            made = subprocess.run(
                command,
                input=page.encode(),
                capture_output=True,
                timeout=longest,
                cwd=settings.ROOT,
                check=False,
            )
    except (subprocess.TimeoutExpired, Busy) as error:
        log.warning("no PDF was set: %s", error)
        raise NoTypesetting(str(error)) from None
    if made.returncode:
        complaint = made.stderr.decode(errors="replace")[-2000:]
        log.error("no PDF was set (status %s): %s", made.returncode, complaint)
        raise NoTypesetting(complaint, in_a_moment=made.returncode != process.NO_LIBRARIES)
    return made.stdout
