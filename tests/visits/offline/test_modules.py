"""The scripts parse, every import finds its name, and collected files name each other with their hashes."""

import re
import subprocess

import pytest
from django.core.files.base import ContentFile

from childwelfare.runtime.static_files import HashedModulesStorage
from tests.visits.offline.scripts import ROOT, SCRIPTS, copy_of_scripts, imports_of
from visits.offline.views import WORKER

ALL = sorted(SCRIPTS.rglob("*.js"))
UNINSTALL = SCRIPTS / "offline/uninstall_worker.js"
CLASSIC = {ROOT / "static" / name for name in WORKER} | {UNINSTALL}
EXPORT = re.compile(r"^export (?:async )?(?:function|const|let) (?:(\w+)|\{([^}]*)\})", re.MULTILINE)


def exports_of(script) -> set[str]:
    return {name for pair in EXPORT.findall(script.read_text()) for name in re.findall(r"\w+", " ".join(pair))}


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return copy_of_scripts(tmp_path_factory.mktemp("scripts"))


@pytest.mark.parametrize("script", ALL, ids=lambda script: str(script.relative_to(SCRIPTS)))
def test_a_script_parses(copied, script):
    path = copied / script.relative_to(SCRIPTS)
    if script in CLASSIC:
        path = path.rename(path.with_suffix(".cjs"))
    done = subprocess.run(["node", "--check", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_each_import_finds_what_it_names():
    for script in ALL:
        for target, names in imports_of(script).items():
            assert target.exists() and script not in CLASSIC and target not in CLASSIC, (script, target)
            assert names <= exports_of(target), (script, target, names - exports_of(target))


def test_no_module_needs_itself():
    """Hashed names hold the hashes of what is imported: in a circle none would ever be right."""

    def follow(script, *before):
        assert script not in before, [str(one.relative_to(SCRIPTS)) for one in (*before, script)]
        if script in done:
            return
        for target in imports_of(script):
            follow(target, *before, script)
        done.add(script)

    done = set()
    for script in ALL:
        follow(script)


def test_collected_modules_import_each_other_by_hashed_names(tmp_path):
    storage = HashedModulesStorage(location=tmp_path, base_url="/static/")
    names = [str(script.relative_to(ROOT / "static")) for script in ALL]
    for name in names:
        storage.save(name, ContentFile((ROOT / "static" / name).read_bytes()))
    failures = [
        done for *_names, done in storage.post_process({name: (storage, name) for name in names}) if done is not True
    ]
    assert not failures
    hashed = {tmp_path / storage.stored_name(name) for name in names}
    imports = [target for path in hashed for target in imports_of(path)]
    assert len(imports) > 50 and set(imports) <= hashed
