"""Reasons offered when something is sent back: what the desk wrote last of this kind, then what its kind lacks most."""

from orgs.posts.models import Appointment
from orgs.review.kinds import ReviewKind

LATELY = 40  # returns that are looked through
OWN = 3
SHORT = 30  # letters: a longer one tells of one case


def reasons_of(kind: ReviewKind, post: Appointment) -> list[str]:
    """Without repetition, the newest first."""
    events = kind.model._meta.get_field("events").related_model.objects
    own = events.filter(action=kind.returning, post__unit=post.unit_id).order_by("-at")
    written = list(own.values_list("reason", flat=True)[:LATELY])
    short = [text for text in dict.fromkeys(written) if 0 < len(text) <= SHORT]
    return list(dict.fromkeys([*short[:OWN], *map(str, kind.reasons)]))
