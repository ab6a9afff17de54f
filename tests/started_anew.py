"""The program started anew with something more than it has: a package of the tests that adds it, looks, and prints."""

import json
import os
import subprocess
import sys
from pathlib import Path


def what_it_saw(package: str, *, root: Path, home: Path) -> dict:
    """What ``package``.look printed last, as JSON; run with ``package``.settings, on a database of its own in
    ``home``."""
    servers = ("DATABASE_URL", "REDIS_URL")  # of the tests; it has neither
    env = {name: value for name, value in os.environ.items() if name not in servers} | {
        "DJANGO_SETTINGS_MODULE": f"{package}.settings",
        "CWR_EMBEDDED": "1",
        "CWR_HOME": str(home),
    }
    command = [sys.executable, "-m", f"{package}.look"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
