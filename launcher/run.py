"""``./dev run``: the whole product on this machine, with nothing else installed."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from launcher import pins
from launcher.children import Child, stop
from launcher.step import FOR_ITS_OWNER, PYTHON, ROOT, Trouble, embedded, home, say, step

WAIT_FOR_PAGES = 60  # seconds
FILLING = "filling"  # while this file is there, pages say that data are being loaded (childwelfare/runtime/filling.py)
LEAST_FREE = 200  # MB that the database, logs and exports need to work at all
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def run(host: str, port: int, children: int) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code."""
    begun = time.monotonic()
    _check_port(host, port)
    with _stop_signals(), _only_one(home()):
        pins.install()
        _keep_to_oneself()
        env = embedded()
        if host not in LOOPBACK:
            env.setdefault("ALLOWED_HOSTS", "*")
            say("注意：其他电脑可以通过明文 http 访问，请勿在此录入真实儿童的信息。")
        _serve(host, port, env, children, begun)
    return 0


def _serve(host: str, port: int, env: dict[str, str], children: int, begun: float):
    logs = home() / "logs"
    started: list[Child] = []
    try:
        stamp, digest = home() / "prepared", _digest()
        prepared = (home() / "registry.sqlite3").exists() and stamp.exists() and stamp.read_text() == digest
        # an earlier start may have been cut off while it filled
        fills = not prepared and (not (home() / "registry.sqlite3").exists() or (home() / FILLING).exists())
        if fills:
            (home() / FILLING).touch()
        if not prepared:
            with step("准备数据库（建表）"):
                _prepare(env, *(["--only-tables"] if fills else ["--children", str(children)]))
        with step("启动网页"):
            web = [PYTHON, "-m", "childwelfare.runtime.serve", "--host", host, "--port", str(port)]
            started.append(Child("网页服务", web, env, logs / "web.log"))
            _wait_for_pages(started[0], host, port)
        if fills:
            say(f"  {_address(host, port)} 已能打开，载入完以后自动进入（{time.monotonic() - begun:.1f} 秒）")
            with step("载入郑州市区划和演示数据"):
                _prepare(env, "--children", str(children))
        (home() / FILLING).unlink(missing_ok=True)
        stamp.write_text(digest)
        # second, so that the first page does not share two cores with it
        worker = [PYTHON, "-m", "celery", "-A", "childwelfare", "worker", "-P", "solo"]
        started.append(Child("后台任务", worker, env | {"C_FORCE_ROOT": "1"}, logs / "worker.log"))
        _welcome(host, port, time.monotonic() - begun)
        while True:
            time.sleep(0.5)
            for child in started:
                child.watch()
    except KeyboardInterrupt:
        say("\n正在停止 …", end="")
    finally:
        stop(started)
    say(" 已停止。")


def _prepare(env: dict[str, str], *options: str):
    """Migrate, and fill an empty database: ``manage.py prepare``."""
    command = [PYTHON, ROOT / "manage.py", "prepare", *options]
    env = env | {"CWR_LAUNCHER": str(os.getpid())}
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        full = "磁盘已满，请腾出空间后重试。\n" if "disk is full" in done.stderr else ""
        raise Trouble(f"准备数据库失败。{full}\n{done.stderr.strip().removeprefix('CommandError: ')[-3000:]}")


def _digest() -> str:
    """Of all migrations (ours, and by the pins the libraries'), of the division data and of what refuses a database."""
    refusal = ROOT / "childwelfare" / "runtime" / "tables.py"
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("data/*.csv"), ROOT / pins.CORE, refusal]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _check_port(host: str, port: int):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"端口 {port} 已被占用。请换一个端口：./dev run --port {port + 1}，或先停止占用它的程序。"
                ) from error
            raise Trouble(f"不能使用地址 {host}:{port}：{error.strerror}。请换一个地址或端口。") from error


@contextmanager
def _only_one(folder: Path):
    """Hold the folder of state for this launcher. The kernel drops the lock with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        lock = open(folder / "lock", "a")  # noqa: SIM115  (held until the with block ends)
    except PermissionError as error:
        raise Trouble(f"没有写入 {folder} 的权限。请用创建它的用户运行，或用 CWR_HOME 另指一个文件夹。") from error
    free = shutil.disk_usage(folder).free // 2**20
    if free < LEAST_FREE:
        raise Trouble(f"磁盘空间不足：{folder} 所在磁盘只剩 {free} MB，至少需要 {LEAST_FREE} MB。请腾出空间后重试。")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(
                f"{folder} 正被另一个 ./dev run 使用。请先停止它，或用 CWR_HOME 另指一个文件夹再启动一份。"
            ) from error
        yield


def _keep_to_oneself():
    """Database, logs, exports are for their owner alone, also those that an earlier version has left."""
    os.umask(FOR_ITS_OWNER)
    for left in [*home().glob("registry.sqlite3*"), *home().glob("logs/*")]:
        left.chmod(0o600)


@contextmanager
def _stop_signals():
    """SIGTERM ends it as Ctrl-C does."""

    def interrupt(*_):
        raise KeyboardInterrupt

    former = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _wait_for_pages(web: Child, host: str, port: int):
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # an office's proxy can't reach this machine
    deadline = time.monotonic() + WAIT_FOR_PAGES
    while time.monotonic() < deadline:
        if web.process.poll() is not None:
            raise web.trouble()
        try:
            with opener.open(f"http://{shown}:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise Trouble(f"{WAIT_FOR_PAGES} 秒内网页没有应答。日志见 {web.log}")


def _demo_accounts() -> list[dict]:
    """What ``manage.py demo_accounts`` prints; read here, since another process would hold the first page up."""
    try:
        return json.loads((home() / "demo.json").read_text())
    except (OSError, ValueError):
        return []


def _welcome(host: str, port: int, seconds: float):
    rows = _demo_accounts()
    say(f"\n  打开 {_address(host, port)}    （{seconds:.1f} 秒就绪；Ctrl-C 停止）\n")
    if rows:
        say("  演示账号（数据均为虚构）：")
        for row in rows:
            say(f"    {row['username']:<16} {row['password']:<20} {row['role']}  {row['unit']}")
    say(f"\n  数据、密钥和日志都在 {os.path.relpath(home())}\n")


def _address(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host
    return f"http://{shown}:{port}/"
