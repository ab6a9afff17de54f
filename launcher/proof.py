"""``./dev test``, ``./dev lint`` and ``./dev bench``."""

import os
import signal
import subprocess
import tempfile
from contextlib import suppress

from launcher import mistakes, packages, pins
from launcher.step import PYTHON, ROOT, VENV, embedded, say, step

NOTHING_COLLECTED = 5  # pytest's exit code
SEEDED = "--seeded-mistakes"
ALONE = ("-n", "--pdb", "--trace")  # options that don't go with our own -n
CORES = min(5, os.cpu_count() or 1)

CHECKS = {
    "ruff check": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "lint-imports": ["lint-imports", "--no-cache"],
    "djlint": ["djlint", "--lint", "--quiet", "templates"],
    "mypy": ["mypy"],
    "makemigrations --check": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "manage.py check": ["python", "manage.py", "check", "--fail-level", "WARNING"],
}


def test(arguments: list[str]) -> int:
    """Both rounds: first what is marked ``both`` on SQLite, then everything on PostgreSQL and Redis.

    ``--sqlite`` runs the first alone, ``--quick`` the second. PostgreSQL comes last, so that its summary is the last
    line. ``--quick`` and ``--long`` go on to pytest (tests/depth.py). ``--seeded-mistakes`` asks whether the tests find
    what they should.
    """
    pins.install(pins.DEV)
    packages.provide()
    if SEEDED in arguments:
        return mistakes.seeded([word for word in arguments if word != SEEDED])
    sqlite_alone = "--sqlite" in arguments
    arguments = [word for word in arguments if word != "--sqlite"]
    codes = []
    if sqlite_alone or not (_has_option(arguments, ("-m",)) or "--quick" in arguments):
        with tempfile.TemporaryDirectory(prefix="cwr-") as folder:
            say("· SQLite")
            codes.append(_pytest(["-m", "both", *arguments], embedded(CWR_HOME=folder), workers=CORES))
    if not sqlite_alone:
        # nothing of it may be meant for both engines: the round on PostgreSQL says whether anything was found
        codes = [0 if code == NOTHING_COLLECTED else code for code in codes]
        say("· PostgreSQL, Redis")
        # one more than there are cores: some wait for a browser
        env = {name: value for name, value in os.environ.items() if name != "CWR_EMBEDDED"}
        codes.append(_pytest(arguments, env, workers=CORES + 1))
    return next((code for code in codes if code), 0)


def lint(_arguments: list[str]) -> int:
    """Every check, also after one has failed."""
    pins.install(pins.DEV)
    failed = False
    with tempfile.TemporaryDirectory(prefix="cwr-") as folder:
        for name, (program, *rest) in CHECKS.items():
            with step(name):
                command = [VENV / "bin" / program, *rest]
                done = subprocess.run(command, cwd=ROOT, env=embedded(CWR_HOME=folder), capture_output=True, text=True)
            if done.returncode:
                failed = True
                say(done.stdout + done.stderr)
    return int(failed)


def bench(arguments: list[str]) -> int:
    """The ratios of benchmarks/, each on a database of its own."""
    pins.install(pins.DEV)
    with tempfile.TemporaryDirectory(prefix="cwr-") as folder:
        command = [PYTHON, "-m", "benchmarks", *arguments]
        return subprocess.run(command, cwd=ROOT, env=embedded(CWR_HOME=folder)).returncode


def _pytest(arguments: list[str], env: dict[str, str], *, workers: int) -> int:
    # who is done takes over from who has the slow ones: without it two waited minutes for the third, in the browser
    spread = [] if _has_option(arguments, ALONE) else ["-n", str(workers), "--dist", "worksteal"]
    process = subprocess.Popen([PYTHON, "-m", "pytest", *spread, *arguments], cwd=ROOT, env=env)
    signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
    while True:
        with suppress(KeyboardInterrupt):  # the terminal told pytest as well: it stops its servers, then ends
            code = process.wait()
            return code if code >= 0 else 128 - code  # ended by a signal: as a shell tells it


def _has_option(arguments: list[str], options: tuple[str, ...]) -> bool:
    return any(
        word == option or (word.startswith(option) and option != "-m") for word in arguments for option in options
    )
