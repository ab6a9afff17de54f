"""What a move comes to where its table can't say it beforehand, and how a move is written in the record's row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F


@dataclass(frozen=True)
class Attempt:
    """One move as somebody makes it: ``by`` is the post, ``payload`` what the move takes besides a reason."""

    action: str
    by: Any
    reason: str
    payload: Any


@dataclass(frozen=True)
class Outcome:
    """``state``: where the record is afterwards, for a move that names several targets; one of them.

    ``columns``: what is written in the record in the same UPDATE as its state. ``facts``: what the event says besides,
    the columns that its model names in ``Event.facts``.
    """

    state: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def claim_row(record: Any, states: tuple[str, ...], version: int) -> bool:
    """Count the record's version on, where it is still in one of ``states`` at ``version``: of two at once one does."""
    here = type(record)._base_manager.filter(pk=record.pk, state__in=states, version=version)
    return bool(here.update(version=F("version") + 1))


def write_row(record: Any, state: str, version: int, columns: dict[str, Any]) -> None:
    """Write what a move comes to, in the claimed row and in ``record``. A state that the database works out from other
    columns (GeneratedField) follows them by itself."""
    written = columns if record._meta.get_field("state").generated else columns | {"state": state}
    if written:
        type(record)._base_manager.filter(pk=record.pk).update(**written)
    for name, value in (columns | {"state": state, "version": version}).items():
        setattr(record, name, value)


@contextmanager
def put_back_on_failure(record: Any) -> Iterator[None]:
    """A move that was not made leaves the record in memory as it was, as it leaves the row."""
    state, version = record.state, record.version
    try:
        yield
    except Exception:
        record.state, record.version = state, version
        raise
