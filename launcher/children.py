"""Processes that ./dev starts, each in a group of its own, and how they are ended without leftovers."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from launcher.step import ROOT, Trouble, warn

GRACE = 5  # seconds between asking and killing
LOG_LIMIT = 10 * 2**20  # bytes; a longer log is kept as .1 and begun anew
BRIEF = 10  # seconds: a child that lived shorter than this did not come up


class Child:
    """One long-running process and its log; started again when it ends by itself."""

    def __init__(self, name: str, command: list, env: dict[str, str], log: Path):
        self.name, self.command, self.log = name, command, log
        self.env = env | {"CWR_LAUNCHER": str(os.getpid())}
        self.deaths = 0
        self.start()

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0
            )

    def watch(self):
        """Start it again when it has ended. Raises Trouble when it does not stay up."""
        if self.process.poll() is None:
            return
        self.signal(signal.SIGKILL)  # what it left in its group
        self.deaths = self.deaths + 1 if time.monotonic() - self.begun < BRIEF else 1
        if self.deaths >= 3:
            raise self.trouble()
        warn(f"{self.name} 意外结束（{self.process.returncode}），正在重新启动；日志见 {self.log}")
        time.sleep(1)
        self.start()

    def trouble(self) -> Trouble:
        tail = self.log.read_text(errors="replace")[-2000:]
        return Trouble(f"{self.name} 没能启动（{self.process.returncode}）。日志 {self.log} 的末尾：\n{tail}")

    def signal(self, number: int):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def running(self) -> bool:
        self.process.poll()
        try:
            os.killpg(self.process.pid, 0)
            return True
        except ProcessLookupError:
            return False


def stop(children: list[Child]):
    """Ask every group to end, then kill what is left after the grace. A second Ctrl-C kills at once."""
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    with suppress(KeyboardInterrupt):
        while time.monotonic() < deadline and any(child.running() for child in children):
            time.sleep(0.05)
    for child in children:
        child.signal(signal.SIGKILL)
        child.process.wait()
