"""Sealed files on disk: written aside and renamed, opened only for the record they were sealed for."""

import contextlib
import logging
import uuid
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from childwelfare.security.sealing import seal_bytes, unseal_bytes
from childwelfare.workflow.refusals import Refused

log = logging.getLogger(__name__)


class NoRoom(Refused):
    """The server's disk takes no more files. The database may have room: what needs no file can still be kept."""


def keep(folder: str, clear: bytes, context: str) -> str:
    """Seal ``clear`` for ``context`` into a new file under ``folder`` of MEDIA_ROOT; the path to ask for it by.

    The name is made here, never taken from a sender. Aside and renamed: a full disk leaves no half file under the real
    name. Raises NoRoom then.
    """
    name = uuid.uuid4()
    place = f"{folder}/{name.hex[:2]}/{name}.sealed"
    path = _path(place)
    aside = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(seal_bytes(clear, context))
        aside.chmod(0o600)
        aside.rename(path)
    except OSError as error:
        log.exception("no room for %s", place)  # for who runs the server
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise NoRoom(_("服务器的存储满了，这个文件没有存上。请告诉管理员，稍后再试。")) from error
    return place


def fetch(place: str, context: str) -> bytes:
    """The clear bytes of ``place``. Raises Unsealable, or FileNotFoundError where the file was taken away."""
    return unseal_bytes(_path(place).read_bytes(), context)


def drop(*places: str) -> None:
    """Take away files whose record was not saved after all."""
    for place in filter(None, places):
        _path(place).unlink(missing_ok=True)


def _path(place: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place
