"""A lock between all processes of a machine, by a file."""

import fcntl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOKS_AGAIN_AFTER = 0.05  # seconds

MOST_THREADS = 3  # of a process, over all paths that have a limit: a web process of production has four
_at_it: Counter[Path] = Counter()  # how many threads of this process hold or await the lock of a path with a limit
_counting = threading.Lock()


class Busy(Exception):
    """As many are at it already as may be: nothing was done, and the same will go through in a moment."""


@contextmanager
def file_lock(path: Path, *, most: int = 0, longest: float = 0) -> Iterator[None]:
    """Wait until nobody else holds the lock of ``path``, which is made where it is missing. The kernel drops the lock
    with the process that holds it, however it ends.

    Whoever waits in a web process holds one of its threads. So there ``most`` threads of a process hold or await it at
    once, MOST_THREADS of all such locks, and none waits longer than ``longest`` seconds; 0: no limit. Raises Busy.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _counted(path, most), open(path, "a") as file:
        until = time.monotonic() + longest
        while not _taken(file, waits=not longest):
            if time.monotonic() > until:
                raise Busy(f"{path.name} was held for {longest} s")
            time.sleep(LOOKS_AGAIN_AFTER)
        yield


@contextmanager
def _counted(path: Path, most: int) -> Iterator[None]:
    if not most:
        yield
        return
    with _counting:
        if _at_it[path] >= most or _at_it.total() >= MOST_THREADS:
            raise Busy(f"enough threads of this process await {path.name}")
        _at_it[path] += 1
    try:
        yield
    finally:
        with _counting:
            _at_it[path] -= 1


def _taken(file, *, waits: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
