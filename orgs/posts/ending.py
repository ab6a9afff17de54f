"""What other concepts want to be known before a post is ended: each adds (post) → a sentence, "" for nothing."""

from collections.abc import Callable

from django.db.models import Prefetch

from childwelfare.hooks import Registry
from orgs.posts.models import Appointment

CONCERNS: Registry[Callable[[Appointment], str]] = Registry("concerns before a post ends")

FETCHED: Registry[str | Prefetch] = Registry("what concerns read of a post, fetched for many posts at once")


def concerns_of(post: Appointment) -> list[str]:
    return [sentence for concern in CONCERNS if (sentence := concern(post))]
