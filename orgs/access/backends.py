"""``has_perm`` for templates and DRF: answered by the post in which the person acts."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class PostBackend:
    """Answers ``user.has_perm("orgs.view_child", record)`` for records that have a place.

    It raises PermissionDenied where nothing matches: otherwise Django goes on to the next backend, and each object
    asked for costs queries.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def has_perm(self, person: Any, permission: str, record: Any = None) -> bool:
        post = getattr(person, "acting_post", None)
        if record is None or not hasattr(record, "county_id"):
            return False
        if post and post.may(permission.removeprefix("orgs."), record):
            return True
        raise PermissionDenied
