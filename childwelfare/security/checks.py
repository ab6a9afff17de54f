"""System checks that need the database: run by ``manage.py check --database default`` and after migrate."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from childwelfare.security.append_only import missing_guards
from childwelfare.security.proofs import compare_keys, words


@register(Tags.database)
def append_only_tables_are_guarded(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Every append-only table has its triggers."""
    return [
        Error(
            f"The append-only trigger {name} is missing.",
            hint="Run manage.py migrate: it installs the triggers again.",
            id="childwelfare.E001",
        )
        for using in databases or []
        for name in missing_guards(using)
    ]


@register(Tags.database)
def keys_are_those_of_the_database(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Each key that the database knows is here; ``migrate`` asks this before it writes."""
    if "default" not in (databases or []):
        return []
    try:
        failing = compare_keys()
    except DatabaseError:  # not migrated yet
        return []
    return [Error(words(failing), id="childwelfare.E002")] if failing else []
