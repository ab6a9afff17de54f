"""Ties a child process to its parent's life (Linux; elsewhere it does nothing)."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None):
    """Have the kernel send this process SIGTERM when its parent dies, however the parent dies.

    ``parent`` is the parent's pid as the parent saw it; when it is already gone, this process ends at once.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
