"""Sealed files on disk: written aside and renamed, opened only for the record they were sealed for."""

import uuid
from pathlib import Path

from django.conf import settings

from childwelfare.security.sealing import seal_bytes, unseal_bytes


def keep(folder: str, clear: bytes, context: str) -> str:
    """Seal ``clear`` for ``context`` into a new file under ``folder`` of MEDIA_ROOT; the path to ask for it by.

    The name is made here, never taken from a sender. Aside and renamed: a full disk raises OSError and leaves no half
    file under the real name.
    """
    name = uuid.uuid4()
    place = f"{folder}/{name.hex[:2]}/{name}.sealed"
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    try:
        aside.write_bytes(seal_bytes(clear, context))
        aside.chmod(0o600)
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
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
