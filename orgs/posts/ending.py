"""What rooms above want to be known before a post is ended. Each tells (post) → a sentence, "" for nothing."""

from collections.abc import Callable

from orgs.posts.models import Appointment

CONCERNS: list[Callable[[Appointment], str]] = []


def concerns_of(post: Appointment) -> list[str]:
    return [said for told in CONCERNS if (said := told(post))]
