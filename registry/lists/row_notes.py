"""What a phone's list says of a child beside name, age and category: when it was seen, what is due, whom to call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from orgs.posts.models import Appointment
from registry.child.models import ChildFile


@dataclass(frozen=True)
class RowNote:
    """``last``: in words; ``due`` with its ``tone`` is a chip, "" where nothing is due: then the file's state stands
    there; ``call``: a telephone number, recorded as shown."""

    last: Words
    due: Words
    tone: str
    call: str = ""


# concepts above know it: query(files, post) → {key of the file: note}
ROW_NOTES: Registry[Callable[[Sequence[ChildFile], Appointment], dict[Any, RowNote]]] = Registry(
    "notes of a list's rows"
)


def notes_of(files: Sequence[ChildFile], post: Appointment) -> dict[Any, RowNote]:
    """The notes of the files on one page of the list, by their keys."""
    notes: dict[Any, RowNote] = {}
    for query in ROW_NOTES:
        notes |= query(files, post)
    return notes
