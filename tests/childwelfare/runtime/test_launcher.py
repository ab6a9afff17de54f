"""./dev tells what is in the way before it starts anything, and leaves nothing behind."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db.migrations.loader import MigrationLoader

from launcher import children, pins
from launcher.step import Trouble, embedded, keep_bytecode

UP = 240  # seconds to wait for the pages on a busy machine


@pytest.fixture
def port():
    """A free port whose neighbour is free too, below those that the system hands out to other tests meanwhile."""
    while True:
        first = random.randrange(20_000, 32_000)
        try:
            for number in (first, first + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", number))
        except OSError:
            continue
        return first


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder of state; one for all, since filling it takes seconds."""
    return tmp_path_factory.mktemp("launcher") / "home"


@pytest.fixture
def dev(pytestconfig, tmp_path, home):
    """``dev("run", …)`` → the running process, with ``said()`` for what it wrote until now."""
    started = []

    def start(*arguments, home=home):
        output = tmp_path / f"said-{len(started)}"
        with open(output, "wb") as file:
            process = subprocess.Popen(
                [sys.executable, "dev", *map(str, arguments)],
                cwd=pytestconfig.rootpath,
                env=os.environ | {"CWR_HOME": str(home)},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        process.said = output.read_text
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(20)


def processes_of(home: Path) -> set[int]:
    """Processes whose environment names ``home``: the launcher's children and theirs."""
    wanted, found = f"CWR_HOME={home}".encode(), set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and b"manage.py" not in _command(folder):
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def _command(folder: Path) -> bytes:
    return (folder / "cmdline").read_bytes()


def wait_for(condition, seconds=UP):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def keeps_its_schedule(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return json.load(answer)["beat"] == "ok"


@pytest.mark.exhaustive
def test_it_serves_a_second_one_is_refused_and_it_ends_without_a_trace(dev, port, home):
    first = dev("run", "--port", port, "--children", 0)
    wait_for(lambda: "Ctrl-C" in first.said() or first.poll() is not None)
    assert first.poll() is None and answers(port), first.said()
    state = [home / "registry.sqlite3", *(home / "logs").glob("*")]
    assert [path.name for path in state if path.stat().st_mode & 0o077] == [] and len(state) > 1
    wait_for(lambda: keeps_its_schedule(port), 60)

    second = dev("run", "--port", port + 1, "--children", 0)
    assert second.wait(20) == 1 and "正被另一个 ./dev run 使用" in second.said() and "CWR_HOME" in second.said()

    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 0 and f"http://127.0.0.1:{port}/" in first.said() and "已停止" in first.said()
    wait_for(lambda: not processes_of(home), 30)


def test_a_killed_launcher_takes_its_children_along(dev, port, home):
    launcher = dev("run", "--port", port, "--children", 0)
    wait_for(lambda: answers(port) or launcher.poll() is not None)
    wait_for(lambda: len(processes_of(home) - {launcher.pid}) >= 2)
    launcher.kill()
    launcher.wait()
    wait_for(lambda: not processes_of(home), 30)
    assert not answers(port)


def test_a_taken_port_is_named_before_anything_is_started(dev, home):
    before = processes_of(home), home.exists() and sorted(home.rglob("*"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        process = dev("run", "--port", taken)
        assert process.wait(20) == 1
    assert f"端口 {taken} 已被占用" in process.said() and f"--port {taken + 1}" in process.said()
    assert (processes_of(home), home.exists() and sorted(home.rglob("*"))) == before


def test_a_folder_of_an_earlier_version_is_refused_and_left_as_it_is(dev, port, tmp_path):
    folder = tmp_path / "earlier"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "registry.sqlite3")) as database:
        # as the earlier version left it: our migrations are applied by name, the tables are others
        database.execute("CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)")
        for row in MigrationLoader(None).disk_migrations:
            database.execute("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')", row)
        database.execute("CREATE TABLE registry_childfile (id integer PRIMARY KEY, name text)")
        database.commit()
        before = list(database.iterdump())
    process = dev("run", "--port", port, home=folder)
    assert process.wait(UP) == 1
    for words in (str(folder), "较早的版本", "移到别处或删除"):
        assert words in process.said()
    with closing(sqlite3.connect(folder / "registry.sqlite3")) as database:
        assert list(database.iterdump()) == before


@pytest.mark.parametrize(
    "output, advice",
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("NameResolutionError: Temporary failure in name resolution", "检查网络"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 111]", "检查网络"),
        ("ERROR: No matching distribution found for Django==5.2.19", "没有这个版本"),
    ],
)
def test_a_failed_installation_says_what_to_do(monkeypatch, output, advice):
    failed = SimpleNamespace(returncode=1, stdout="", stderr=output)
    monkeypatch.setattr(pins.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(Trouble, match=advice):
        pins._pip(pins.CORE)


def test_a_python_without_venv_names_the_package(monkeypatch):
    monkeypatch.setattr(pins.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Trouble, match=r"apt-get install python3\.\d+-venv"):
        pins._make_venv(pins.CORE)


def test_a_new_environment_has_the_pip_of_its_python(monkeypatch, tmp_path):
    monkeypatch.setattr(pins, "VENV", tmp_path / "venv")
    monkeypatch.setattr(pins, "PYTHON", tmp_path / "venv" / "bin" / "python")
    pins._make_venv(pins.CORE)
    assert pins._usable()


@pytest.mark.parametrize(
    ("seconds", "taken"),
    [
        ({"managed": 0.05, "system": 0.03}, "managed→system"),
        ({"managed": 0.03, "system": 0.029}, "managed"),
        ({"managed": 0.03, "system": None}, "managed"),
        ({"managed": None, "system": 0.03}, "managed"),
    ],
)
def test_the_environment_is_made_by_the_python_that_computes_in_clearly_less_time(monkeypatch, seconds, taken):
    monkeypatch.setattr(pins, "_seconds_of", lambda python: seconds[python.name])
    chosen = pins._quickest([Path("managed"), Path("system")])
    assert chosen.name == taken.rpartition("→")[2]


def test_a_python_that_is_not_there_or_of_another_version_makes_no_environment(monkeypatch, tmp_path):
    assert pins._seconds_of(Path(sys.executable)) > 0
    assert pins._seconds_of(tmp_path / "python3") is None
    monkeypatch.setattr(pins, "VERSION", "2.7")
    assert pins._seconds_of(Path(sys.executable)) is None


def test_a_full_disk_is_named_before_the_installation(monkeypatch):
    monkeypatch.setattr(pins.shutil, "disk_usage", lambda _: SimpleNamespace(free=100 * 2**20))
    with pytest.raises(Trouble, match="磁盘空间不足.*剩余 100 MB"):
        pins._make_venv(pins.CORE)


def test_unchanged_pins_are_not_installed_again(monkeypatch, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2")
    monkeypatch.setattr(pins, "VENV", tmp_path)
    monkeypatch.setattr(pins, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(pins, "_usable", lambda: True)
    installed = []
    monkeypatch.setattr(pins, "_pip", installed.append)
    for wanted in (pins.DEV, pins.DEV, pins.CORE):
        pins.install(wanted)
    assert installed == [pins.DEV]  # which includes the core
    (tmp_path / "pyvenv.cfg").write_text("version = 3.12.0")
    pins.install(pins.CORE)
    assert installed == [pins.DEV, pins.CORE]


def test_what_python_compiles_is_kept_where_the_shell_forbids_it(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    keep_bytecode()
    code = "import sys; sys.exit(sys.dont_write_bytecode)"
    assert subprocess.run([sys.executable, "-c", code], env=embedded()).returncode == 0


def test_a_child_that_ends_is_started_again_and_one_that_never_stays_up_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(children.time, "sleep", lambda _: None)
    child = children.Child("后台任务", [sys.executable, "-c", "print('缺少密钥')"], dict(os.environ), tmp_path / "log")
    for _ in range(2):
        child.process.wait()
        child.watch()
    child.process.wait()
    with pytest.raises(Trouble, match="(?s)后台任务 没能启动.*缺少密钥"):
        child.watch()
