"""The demo's accounts: known only where the demo was loaded, from a file beside the database."""

import json

from django.conf import settings


def demo_file():
    return settings.CWR_HOME / "demo.json"


def demo_accounts() -> list[dict]:
    """[{role, username, password, unit}], empty where no demo was loaded."""
    try:
        return json.loads(demo_file().read_text())
    except (FileNotFoundError, ValueError):
        return []


def demo_loaded() -> bool:
    return demo_file().exists()
