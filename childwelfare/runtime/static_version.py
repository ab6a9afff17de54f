"""The version of the static files where they are served from their source folders, without hashed names."""

import hashlib
from pathlib import Path


def static_version(folder: Path) -> str:
    """Twelve hex digits that change with the name or the content of any file in ``folder``.

    They stand in the address of every static file, before its path: a service worker that an earlier version left in a
    browser may answer for the addresses that it knows, and must not answer with its own script for a page of this
    version. A query would not do, for workers compare paths. Modules import each other by relative addresses, and
    so within one version.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
