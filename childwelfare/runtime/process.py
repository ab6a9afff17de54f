"""Ties a child process to its parent's life (Linux; elsewhere it does nothing)."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None):
    """Have the kernel kill this process when its parent dies, however the parent dies.

    ``parent`` is the pid that must be the parent's; when that one is already gone, this process ends at once.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def die_with_launcher():
    """The same for a child of ./dev, which passes its pid in ``CWR_LAUNCHER``; nothing where there is none."""
    if launcher := os.environ.get("CWR_LAUNCHER"):
        die_with_parent(int(launcher))
