"""The virtual environment and its exact pins, made once and kept until a pin changes."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from launcher.step import PYTHON, ROOT, VENV, Trouble, step

CORE, DEV = "requirements.txt", "requirements-dev.txt"
NEEDED = {CORE: 600, DEV: 1500}  # MB on disk, with room for pip's own work

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SYSTEM_PYTHONS = [Path("/usr/bin", f"python{VERSION}")]
CLEARLY_LESS = 0.9
WORK = """
import ensurepip, sys, venv
from time import process_time

class Row:
    def __init__(self, number):
        self.number, self.words = number, str(number)

def taken():
    start = process_time()
    rows = sorted((Row(number) for number in range(10_000)), key=lambda row: row.words)
    assert {row.words: row.number for row in rows}
    return process_time() - start

if ".".join(map(str, sys.version_info[:2])) != sys.argv[1]:
    sys.exit(1)
print(min(taken() for _time in range(5)))
"""

CAUSES = {
    "No space left on device": "磁盘已满。请腾出空间后重试（需要约 {needed} MB）。",
    "Temporary failure in name resolution": "连不上软件包源（域名解析失败）。请检查网络或 pip 源设置后重试。",
    "NewConnectionError": "连不上软件包源。请检查网络或 pip 源设置后重试。",
    "ConnectTimeout": "连接软件包源超时。请检查网络或 pip 源设置后重试。",
    "ReadTimeout": "软件包源没有应答。请稍后重试。",
    "No matching distribution": "软件包源里没有这个版本。请换用完整的 pip 源后重试。",
    "Permission denied": "没有写入 .venv 的权限。请用创建它的用户运行，或删除 .venv 后重试。",
}


def install(wanted: str = CORE):
    """Make .venv and install the pins of ``wanted`` (CORE or DEV). Does nothing when they are there already."""
    if _stamp(wanted).exists() and PYTHON.exists() and _stamp(wanted).read_text() == _digest(wanted):
        return
    if not _usable():
        _make_venv(wanted)
    with step(f"安装 {wanted} 中固定版本的软件包"):
        _pip(wanted)
    for installed in {CORE, wanted}:
        _stamp(installed).write_text(_digest(installed))


def _make_venv(wanted: str):
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Trouble(f"这台机器的 Python 缺少 venv。请先安装：apt-get install python{VERSION}-venv，然后重试。")
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < NEEDED[wanted]:
        raise Trouble(f"磁盘空间不足：{ROOT} 所在磁盘剩余 {free} MB，需要约 {NEEDED[wanted]} MB。")
    with step("创建虚拟环境 .venv"):
        try:
            made_by = _quickest([Path(sys.executable), *SYSTEM_PYTHONS])
            subprocess.run(
                [made_by, "-m", "venv", "--clear", "--symlinks", "--without-pip", VENV], check=True, capture_output=True
            )
            _add_pip()
        except subprocess.CalledProcessError as error:
            raise Trouble(f"创建虚拟环境失败：{error}。请删除 .venv 后重试。") from error


def _quickest(pythons: list[Path]) -> Path:
    """The first, unless another one of its version, which can make environments too, computes in clearly less time:
    what a version manager builds on the machine itself lacks the profile of distributions."""
    seconds = {python: taken for python in pythons if (taken := _seconds_of(python)) is not None}
    first = seconds.get(pythons[0], 0.0)
    best = min(seconds, key=seconds.__getitem__, default=pythons[0])
    return best if seconds.get(best, first) < first * CLEARLY_LESS else pythons[0]


def _seconds_of(python: Path) -> float | None:
    """What a small piece of work takes ``python`` (processor time, the best of five); None where it can't be used."""
    try:
        done = subprocess.run([python, "-I", "-c", WORK, VERSION], capture_output=True, text=True)
    except OSError:
        return None
    return float(done.stdout) if done.returncode == 0 else None


def _add_pip():
    """The pip that came with this Python, unpacked into .venv: what ensurepip does, in a tenth of its time. Where its
    wheel isn't found, ensurepip itself."""
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), Path(sysconfig.get_path("stdlib"), "ensurepip", "_bundled")]
    wheels = [wheel for folder in folders if folder for wheel in sorted(Path(folder).glob("pip-*.whl"))]
    if not wheels:
        subprocess.run([PYTHON, "-m", "ensurepip", "--default-pip"], check=True, capture_output=True)
        return
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(next(VENV.glob("lib/python*/site-packages")))


def _usable() -> bool:
    """Whether .venv works: one that was copied, or half made, does not."""
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def _pip(wanted: str):
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--retries", "2"]
    # the pins are complete, and Python compiles what it imports: together they save ten seconds of twenty-five
    command += ["--no-deps", "--no-compile"]
    done = subprocess.run([*command, "-r", ROOT / wanted], capture_output=True, text=True)
    if done.returncode:
        output = done.stdout + done.stderr
        cause = next((text for sign, text in CAUSES.items() if sign in output), "")
        raise Trouble(f"安装软件包失败。{cause.format(needed=NEEDED[wanted])}\n{output.strip()[-1500:]}")


def _stamp(wanted: str) -> Path:
    return VENV / f"{wanted}.stamp"


def _digest(wanted: str) -> str:
    """Changes with the pins and with the Python that they were installed for."""
    files = [VENV / "pyvenv.cfg", ROOT / CORE, ROOT / wanted]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
