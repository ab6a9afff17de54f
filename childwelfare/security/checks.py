"""System checks that need the database: run by ``manage.py check --database default`` and after migrate."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from childwelfare.security.append_only import missing_guards


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
