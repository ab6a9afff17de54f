"""What a move needs to know of the record that is moved, and of who moves it. Both are kept by the apps above."""

from typing import Any, Protocol


class Post(Protocol):
    """Who acts: a person in a post."""

    person: Any
    person_id: Any

    def holds(self, permission: str) -> bool: ...

    def may(self, permission: str, record: Any) -> bool: ...


class Moving(Protocol):
    """A record with a state, a version that counts its moves, and the events that tell them."""

    pk: Any
    state: Any
    version: Any
    events: Any


def is_maker(post: Post, record: Any) -> bool:
    """Whether the person of ``post`` made ``record``: who may take it back (``Transition.only``)."""
    return bool(record.made_by_id == post.person_id)
