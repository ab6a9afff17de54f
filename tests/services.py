"""Early pytest plugin: throwaway PostgreSQL and Redis, there before pytest-django reads the settings.

conftest.py would be too late for that: the tests would silently run on SQLite. What DATABASE_URL or REDIS_URL name
already is used as it is. With CWR_EMBEDDED=1 (./dev test --sqlite) nothing is started.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest

from childwelfare.runtime.process import die_with_parent
from launcher.packages import postgres_binaries

PATIENCE = 20  # seconds for a server to answer
FAST = {  # a throwaway database needs no durability, and plans for tables of a few rows
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "120",
    # tables of a few rows are joined as the statement has them: to look for a better order took longer than the answer
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
}

_servers: list[subprocess.Popen] = []
_folders: list[Path] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests():
    """A wrapper runs before pytest-django's own hook, which imports the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _own_redis_database(worker)
    else:
        _prepare_environment()
    return (yield)


def pytest_unconfigure():
    """Stop what was started; also reached after Ctrl-C. A killed pytest takes the servers with it."""
    while _servers:
        server = _servers.pop()
        server.send_signal(signal.SIGINT)  # PostgreSQL: fast shutdown
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def _prepare_environment():
    os.environ["CWR_HOME"] = str(_folder())
    if os.environ.get("CWR_EMBEDDED") == "1":
        return
    os.environ |= {"SECRET_KEY": "only-for-tests-" + "x" * 50, "CWR_HTTPS": "0", "CWR_STATIC": "finders"}
    os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
    try:
        # both start at once; each URL is set when its server answers
        waits = []
        if not os.environ.get("DATABASE_URL"):
            waits.append(_start_postgres())
        if not os.environ.get("REDIS_URL"):
            waits.append(_start_redis())
        for wait in waits:
            wait()
    except (OSError, subprocess.SubprocessError) as error:
        pytest_unconfigure()
        raise pytest.UsageError(f"{error}\nRun ./dev test: it installs what is missing, or says what to do.") from error


def _start_postgres():
    binaries = postgres_binaries()
    if binaries is None:
        raise FileNotFoundError("No PostgreSQL on this machine (apt-get install postgresql).")
    owner = _unprivileged()
    folder, port = _folder(owner), _free_port()
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "cwr", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*initdb, "--locale=C.UTF-8", "--no-sync"], check=True, capture_output=True, text=True, cwd=folder, **owner
    )
    options = [word for name, value in FAST.items() for word in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder]
    _serve([*command, *options], folder, owner)
    os.environ["DATABASE_URL"] = f"postgres://cwr@127.0.0.1:{port}/postgres"
    return partial(_wait_until, partial(_postgres_answers, os.environ["DATABASE_URL"]), "PostgreSQL", folder)


def _start_redis():
    folder, port = _folder(), _free_port()
    binary = shutil.which("redis-server")
    if binary is None:
        raise FileNotFoundError("No Redis on this machine (apt-get install redis-server).")
    command = [binary, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
    _serve(command, folder, {})
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    return partial(_wait_until, partial(_port_answers, port), "Redis", folder)


def _serve(command: list, folder: Path, owner: dict):
    with open(folder / "log", "wb") as log:
        # a new group: Ctrl-C reaches pytest alone, which stops the servers after the last test's teardown
        _servers.append(
            subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=folder,
                process_group=0,
                preexec_fn=partial(die_with_parent, os.getpid()),
                **owner,
            )
        )


def _unprivileged() -> dict:
    """PostgreSQL refuses to run as root: then its processes belong to the user that Debian made for it."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise FileNotFoundError("No unprivileged user to run PostgreSQL as.")


def _folder(owner: dict | None = None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cwr-"))
    _folders.append(folder)
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _own_redis_database(worker: str):
    """Each xdist worker gets a Redis database of its own, so that queues and caches don't mix."""
    url = os.environ.get("REDIS_URL", "")
    if url.endswith("/0"):
        os.environ["REDIS_URL"] = f"{url[:-1]}{int(worker.removeprefix('gw')) % 15 + 1}"


def _wait_until(answers, name: str, folder: Path):
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if _died() or time.monotonic() > deadline:
            raise OSError(f"{name} did not start:\n{(folder / 'log').read_text(errors='replace')[-1500:]}")
        time.sleep(0.02)


def _died() -> bool:
    return any(server.poll() is not None for server in _servers)


def _port_answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _postgres_answers(url: str) -> bool:
    import psycopg2

    try:
        psycopg2.connect(url).close()
        return True
    except psycopg2.OperationalError:
        return False
