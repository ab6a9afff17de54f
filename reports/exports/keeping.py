"""The files of exports: read again before they are kept, sealed on disk, each under the key of its job."""

import io
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from childwelfare.jobs.models import Job
from childwelfare.security.sealing import Unsealable, seal_bytes, unseal_bytes
from childwelfare.workflow.refusals import Refused
from orgs.audit.services import record_act
from orgs.units.models import OrgUnit


def keep(record: Job, content: io.BytesIO, unit: OrgUnit, *, rows: int, check: Callable[[], None]) -> str:
    """Seal ``content`` once ``check`` has read it again; return its path under the media folder. ``rows``: how many it
    lists, for the trail. What ``check`` raises goes on; then nothing is kept."""
    check()
    path = path_of(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(seal_bytes(content.getvalue(), _context(record)))
        os.rename(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    record_act(record.post, "export", record, unit=unit, kind=record.kind, rows=rows)
    return f"exports/{path.name}"


def fetch(record: Job, *, kept_days: int) -> bytes:
    """The file of a finished export. Raises Refused where it was deleted."""
    try:
        return unseal_bytes(path_of(record).read_bytes(), _context(record))
    except (FileNotFoundError, IsADirectoryError, Unsealable, IndexError):
        text = _("这份表已删除（导出的文件只保留 %(days)s 天），请重新导出。")
        raise Refused(text % {"days": kept_days}) from None


def path_of(record: Job) -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / f"{record.pk}.sealed"


def _context(record: Job) -> str:
    return f"exports:{record.pk}"
