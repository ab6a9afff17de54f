"""The demo's accounts: known only where the demo was loaded, from a file beside the database."""

import json

from django.conf import settings


def demo_file():
    return settings.CWR_HOME / "demo.json"


def demo_accounts() -> list[dict]:
    """[{role, username, password, unit}], empty where no demo was loaded, and in production whatever lies there."""
    if not settings.CWR_EMBEDDED:
        return []
    try:
        return json.loads(demo_file().read_text())
    except (FileNotFoundError, ValueError):
        return []


def demo_loaded() -> bool:
    return demo_file().exists()


def write_accounts(accounts: list[dict]) -> None:
    """The accounts' passwords lie beside the database, readable by its owner alone."""
    path = demo_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=1))
