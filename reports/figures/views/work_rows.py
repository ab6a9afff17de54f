"""How the lists behind figures that count no children say what they say of each row."""

from collections.abc import Callable
from dataclasses import dataclass

from orgs.posts.models import Appointment


@dataclass(frozen=True)
class WorkRow:
    """``url``: blank where the reader may not open it."""

    title: str
    place: str
    day: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class WorkList:
    """How rows of one model are listed. ``about(rows, post)`` tells each row; ``fetched``: the way to what a shown path
    reads; ``of_children``: they name children, for who may read names, or masked ones."""

    order: tuple[str, str]
    about: Callable[[list, Appointment], list[WorkRow]]
    fetched: tuple[str, ...]
    of_children: bool = False
