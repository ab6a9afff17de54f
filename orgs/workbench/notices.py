"""What stands above a director's day besides visits and what came back: one line each, while it is to be done."""

from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from orgs.posts.models import Appointment


@dataclass(frozen=True)
class Notice:
    """``tone``: warm where its last day has come or passed."""

    text: str
    url: str
    action: Words
    tone: str = ""


# notice(post) → what is to be done, None where nothing is
NOTICES: Registry[Callable[[Appointment], Notice | None]] = Registry("notices above a director's day")


def notices_for(post: Appointment) -> list[Notice]:
    return [notice for make in NOTICES if (notice := make(post))]
