"""What every command shares: where things lie, steps with their seconds, and trouble in plain words."""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FOR_ITS_OWNER = 0o077  # umask of whatever makes files of state


class Trouble(Exception):
    """Something the reader has to do first; the text says what."""


def home() -> Path:
    """The folder of all state: CWR_HOME, by default var/ in the project."""
    return Path(os.environ.get("CWR_HOME") or ROOT / "var").resolve()


def embedded(**more: str) -> dict[str, str]:
    """The environment of the embedded mode for a child process."""
    # glibc keeps memory apart for each of the web process's threads: 80 MB after a day, for nothing
    defaults = {"MALLOC_ARENA_MAX": "2"}
    return defaults | os.environ | {"CWR_EMBEDDED": "1", "CWR_HOME": str(home()), "PYTHONUNBUFFERED": "1"} | more


def keep_bytecode():
    """Let each Python that is started from here keep what it compiles, also in a shell that forbids it, as in many
    containers: the packages come without bytecode, and every process would compile them anew, for seconds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@contextmanager
def step(name: str):
    """Print ``name`` and, when done, the seconds it took."""
    start = time.monotonic()
    say(f"· {name} …", end="")
    try:
        yield
    except BaseException:
        say("")
        raise
    took(time.monotonic() - start)


def took(seconds: float):
    say(f" {seconds:.1f} 秒")


def say(text: str, end: str = "\n"):
    print(text, end=end, flush=True)


def warn(text: str):
    print(text, file=sys.stderr, flush=True)
