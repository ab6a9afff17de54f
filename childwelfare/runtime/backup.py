"""Backup: database, sealed photos and papers, anchors of the audit trail, in one folder with its checksums.

The keys are not in it: kept apart from it, a stolen backup tells neither a number nor a photo. The database comes
first, so that a file added meanwhile is in excess, and none is missing.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

MANIFEST = "manifest.json"
MEDIA = "media.tar"
ANCHORS = "anchors.tar"
BLOCK = 1024 * 1024  # bytes


def make_backup(into: Path) -> Path:
    """A new folder below ``into``, its path. It has its name only once it is whole. Raises CommandError in words."""
    name = f"registry-{timezone.localtime():%Y%m%d-%H%M%S}"
    whole, unfinished = into / name, into / f"{name}.part"
    old_mask = os.umask(0o077)
    try:
        unfinished.mkdir(parents=True)
        database = _dump_database(unfinished)
        _pack(settings.MEDIA_ROOT, unfinished / MEDIA)
        _pack(settings.CWR_ANCHORS, unfinished / ANCHORS)
        files = {name: _sha256(unfinished / name) for name in (database, MEDIA, ANCHORS)}
        manifest = _about() | {"database": database, "files": files}
        (unfinished / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        unfinished.rename(whole)
    except OSError as error:
        raise CommandError(f"备份没有做完：{error}。写了一半的在 {unfinished}，可以删掉。") from error
    finally:
        os.umask(old_mask)
    return whole


def check_backup(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose files are as they were written. Raises CommandError for one that is not."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        wrong = [name for name, digest in manifest["files"].items() if _sha256(folder / name) != digest]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{folder} 不是一份完整的备份：{error}") from error
    if wrong:
        raise CommandError(f"备份里的文件和做备份时不一样，不能用来恢复：{'、'.join(wrong)}")
    return manifest


def _about() -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "keys": sorted(path.name for path in Path(settings.CWR_KEYS).glob("*.key")),  # names: which are needed
    }


def _dump_database(folder: Path) -> str:
    """Writes it into ``folder``, and gives the file's name."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        path = folder / "registry.sqlite3"
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
            closing(sqlite3.connect(path)) as copy,
        ):
            source.backup(copy)  # a reader among others: nobody waits for it
        return path.name
    path, target = folder / "registry.dump", connection.settings_dict
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={path}", f"--dbname={target['NAME']}"]
    places = {"HOST": "--host", "PORT": "--port", "USER": "--username"}
    command += [f"{option}={target[name]}" for name, option in places.items() if target[name]]
    program = shutil.which(command[0])
    if program is None:
        raise CommandError("找不到 pg_dump：请在数据库的机器上运行，或安装 postgresql-client。")
    password = {"PGPASSWORD": target["PASSWORD"]} if target["PASSWORD"] else {}
    done = subprocess.run(
        [program, *command[1:]], env=os.environ | password, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"pg_dump 没有做成：{done.stderr.strip()[-500:]}")
    return path.name


def _pack(folder: Path, into: Path) -> None:
    """Uncompressed: what is sealed can't be made smaller."""
    with tarfile.open(into, "w") as tar:
        for path in sorted(_files_of(Path(folder))):
            try:
                tar.add(path, arcname=path.relative_to(folder), recursive=False)
            except FileNotFoundError:
                continue  # an export that ended meanwhile


def _files_of(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
