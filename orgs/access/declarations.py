"""What a page demands of its reader. Every view carries one of these; a test fails on any URL without."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]
DECLARED = "permissions"  # the attribute of a view that holds what it asks for
SIGNED_IN, PUBLIC = "signed in", "public"


def needs(*permissions: str) -> Callable[[View], View]:
    """Only for posts that hold one of ``permissions`` somewhere; the view still asks for each record."""
    return needs_one_of(permissions)


def needs_one_of(permissions: Collection[str]) -> Callable[[View], View]:
    """As ``needs``, of a collection that may grow while the program starts."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if turned_away := _turned_away(request):
                return turned_away
            if request.post is None:
                return redirect("post-choose")
            if not any(request.post.holds(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        setattr(guarded, DECLARED, permissions)
        return guarded

    return declare


def signed_in(view: View) -> View:
    """For anybody with an account, in whatever post."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return _turned_away(request) or view(request, *args, **kwargs)

    setattr(guarded, DECLARED, (SIGNED_IN,))
    return guarded


def public(view: View) -> View:
    """For everybody: must show nothing of the registry."""
    setattr(view, DECLARED, (PUBLIC,))
    return view


def _turned_away(request: Any) -> HttpResponse | None:
    """To the sign-in page, or to the password page where one was set for the person."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if request.user.must_change_password and request.resolver_match.url_name not in ("password", "sign-out"):
        return redirect("password")
    return None
