"""A backup brings back files, photos and anchors on another machine that has the keys; half of one or a changed one is
told."""

import json
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from childwelfare.runtime.backup import MANIFEST, MEDIA, check_backup
from childwelfare.security.vault import keep
from registry.child.models import ChildFile
from tests.builders import a_village, an_approved_file


@pytest.fixture
def made(tmp_path, settings, capsys):
    settings.MEDIA_ROOT, settings.CWR_ANCHORS = tmp_path / "media", tmp_path / "anchors"
    settings.CWR_ANCHORS.mkdir()
    (settings.CWR_ANCHORS / "audit.jsonl").write_text("{}\n")
    keep("papers", b"a birth certificate", "paper:1")
    call_command("backup", str(tmp_path / "backups"))
    (folder,) = (tmp_path / "backups").iterdir()
    assert str(folder) in capsys.readouterr().out
    return folder


@pytest.fixture
def child(transactional_db):
    return an_approved_file(a_village(), name="张子涵")


def restored_names(folder, tmp_path) -> list[str]:
    """Of the children in the database of the backup, put back as docs/operation.md says."""
    database = json.loads((folder / MANIFEST).read_text())["database"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / database)) as copy:
            return [name for (name,) in copy.execute("SELECT name FROM registry_childfile")]
    done = subprocess.run(
        [shutil.which("pg_restore"), "--data-only", "--table=registry_childfile", "--file=-", str(folder / database)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line for line in done.stdout.split() if line == "张子涵"]


@pytest.mark.both
def test_a_backup_holds_files_papers_and_anchors_and_no_key(child, made, tmp_path, settings):
    manifest = check_backup(made)
    assert restored_names(made, tmp_path) == ["张子涵"] and ChildFile.objects.count() == 1
    with tarfile.open(made / MEDIA) as tar:
        (paper,) = tar.getmembers()
        assert paper.name.startswith("papers/") and b"certificate" not in tar.extractfile(paper).read()
    assert "registry.0001_initial" in manifest["migrations"] and manifest["keys"]
    assert not list(made.rglob("*.key"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in (made, *made.iterdir())), "for the operator alone"
    call_command("check_backup", str(made))


def test_a_backup_that_was_changed_or_cut_is_not_taken_for_whole(child, made):
    with (made / MEDIA).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match="media.tar"):
        call_command("check_backup", str(made))
    (made / MANIFEST).write_text("{")
    with pytest.raises(CommandError, match="不是一份完整的备份"):
        call_command("check_backup", str(made))


def test_a_backup_that_can_not_be_written_has_no_name_of_a_whole_one(child, tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("childwelfare.runtime.backup._pack", full_disk)
    with pytest.raises(CommandError, match="没有做完"):
        call_command("backup", str(tmp_path / "backups"))
    assert [path.suffix for path in (tmp_path / "backups").iterdir()] == [".part"]


def full_disk(*_given):
    raise OSError("No space left on device")
