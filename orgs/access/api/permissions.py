"""Each API action declares its permission in ``permissions`` on its viewset; an action without one is refused."""

from typing import Any

from rest_framework.permissions import BasePermission


def declared(view, action: str | None) -> tuple[str, ...]:
    """Codenames of which a post must hold one for ``action``."""
    found = getattr(view, "permissions", {}).get(action or "", ())
    return (found,) if isinstance(found, str) else tuple(found)


class DeclaredPermission(BasePermission):
    """Lets a post through that holds a declared permission; for a record, on that record."""

    def has_permission(self, request, view):
        post: Any = getattr(request._request, "post", None)
        if post and getattr(view, "action_map", None) and view.action is None:
            return True  # no action takes this method: 405 says so, 403 would send the reader to ask for a right
        return bool(post) and any(post.holds(name) for name in declared(view, self._action(request, view)))

    def has_object_permission(self, request, view, record):
        post = request._request.post
        return any(post.may(name, record) for name in declared(view, self._action(request, view)))

    @staticmethod
    def _action(request, view) -> str | None:
        return getattr(view, "action", None) or request.method.lower()
