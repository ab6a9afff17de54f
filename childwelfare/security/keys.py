"""The keys of encrypted fields and blind indexes: files of mode 0600, kept apart from the database.

``field-N.key`` (32 bytes, hex) encrypts; the highest N is used for new values, the others still open old ones.
``index.key`` makes the blind indexes that find an encrypted number again: it never rotates silently, since all
indexes would have to be made anew. ``envelope-N.key`` is the private key that phones seal their unsent work for
(childwelfare.security.envelope); the highest N is given out, the others still open what was sealed before.
``chain-N.key`` signs the seals of the audit trail and its anchors; without an older one these can't be verified.
Each leaves a proof in the database (childwelfare.security.proofs): where one fails it, none is used.
"""

import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FIRST_KEYS = ("field-1.key", "index.key", "envelope-1.key", "chain-1.key")


class OtherKeys(ImproperlyConfigured):
    """The database was sealed with other keys than those that lie here."""


_failing: list[str] = []  # of this process: the key files that fail the database's proofs


def make_keys(folder: Path) -> list[Path]:
    """Create the first field key and the index key where they are missing; return the new files. Safe to race."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [folder / name for name in FIRST_KEYS if create_key(folder / name)]


@lru_cache
def field_keys() -> dict[int, bytes]:
    """{key id: 32 bytes} of every field key on this installation."""
    return _numbered("field")


@lru_cache
def envelope_keys() -> dict[int, bytes]:
    """{key id: 32 bytes} of every key that phones seal for."""
    return _numbered("envelope")


@lru_cache
def chain_keys() -> dict[int, bytes]:
    """{key id: 32 bytes} of every key that sealed the audit trail."""
    return _numbered("chain")


@lru_cache
def index_key() -> bytes:
    """32 bytes for the blind indexes."""
    path = _folder() / "index.key"
    if not path.exists():
        raise ImproperlyConfigured(f"No {path}: run manage.py make_keys, then back the folder up.")
    return _read(path)


def use_none_because_of(names: list[str]) -> None:
    """From now on asking for any key raises OtherKeys; with no names all may be used (again)."""
    if names or _failing:
        for held in (field_keys, envelope_keys, chain_keys, index_key):
            held.cache_clear()
    _failing[:] = names


def failing() -> list[str]:
    """The key files that the database knows otherwise, as far as this process has compared."""
    return list(_failing)


def keys_in(folder: Path) -> dict[str, bytes]:
    """{name of the file: 32 bytes} of what seals, finds or signs."""
    kinds = ("field-*.key", "index.key", "envelope-*.key", "chain-*.key")
    return {path.name: _read(path) for kind in kinds for path in sorted(folder.glob(kind))}


def _numbered(kind: str) -> dict[int, bytes]:
    keys = {int(path.stem.split("-")[1]): _read(path) for path in _folder().glob(f"{kind}-*.key")}
    if not keys:
        raise ImproperlyConfigured(f"No {kind} key in {_folder()}: run manage.py make_keys, then back the folder up.")
    return keys


def _folder() -> Path:
    if _failing:
        raise OtherKeys(f"Not the keys of this database: {', '.join(_failing)} in {settings.CWR_KEYS}.")
    folder = Path(settings.CWR_KEYS)
    if settings.CWR_EMBEDDED:
        make_keys(folder)
    return folder


def _read(path: Path) -> bytes:
    key = bytes.fromhex(path.read_text().strip())
    if len(key) != 32:
        raise ImproperlyConfigured(f"{path} must hold 64 hexadecimal digits.")
    return key


def create_key(path: Path) -> bool:
    """Write a fresh 32-byte key in hex to ``path`` if there is none; say whether it was made. Safe to race."""
    if path.exists():
        return False
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    try:
        os.link(aside, path)  # fails if another process was first: then its key counts
        return True
    except FileExistsError:
        return False
    finally:
        os.unlink(aside)
