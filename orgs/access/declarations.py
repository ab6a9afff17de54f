"""What a page demands of its reader, and what reading it records. Every view carries one of these; a test fails on any
URL without."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from childwelfare.pages.searched import address_without_words

View = Callable[..., HttpResponse]
DECLARED = "permissions"  # the attribute of a view that holds what it asks for
READS = "reads"  # the one that holds what reading it records; of a viewset, by its action
SIGNED_IN, PUBLIC = "signed in", "public"


@dataclass(frozen=True)
class Reads:
    """Reading it is recorded as one of ``acts``: the first where the view names none (orgs.audit.readings).

    ``once_within``: for what a page loads by the dozen, one event of a person and a record in this time is enough.
    """

    acts: Collection[str]
    once_within: datetime.timedelta | None = None


@dataclass(frozen=True)
class ReadsNothing:
    """Reading it is not recorded, and ``why``."""

    why: str


Reading = str | Reads | ReadsNothing  # a text is the one act
NO_CHILD = ReadsNothing("names no child")
NUMBERS = ReadsNothing("numbers alone")


def picture_of(act: str) -> Reads:
    """A page shows several pictures, and again with each way back to it."""
    return Reads((act,), once_within=datetime.timedelta(minutes=10))


def needs(*permissions: str, reads: Reading | None = None) -> Callable[[View], View]:
    """Only for posts that hold one of ``permissions`` somewhere; the view still asks for each record.

    ``reads``: what reading the page records. Only a page that takes nothing but POST needs none: its service records.
    """
    return needs_one_of(permissions, reads=reads)


def needs_one_of(permissions: Collection[str], *, reads: Reading | None = None) -> Callable[[View], View]:
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
        setattr(guarded, READS, reads)
        return guarded

    return declare


def signed_in(view: View) -> View:
    """For anybody with an account, in whatever post: shows what is the person's own, the account and its drafts."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return _turned_away(request) or view(request, *args, **kwargs)

    setattr(guarded, DECLARED, (SIGNED_IN,))
    setattr(guarded, READS, ReadsNothing("shows what is the reader's own"))
    return guarded


def public(view: View) -> View:
    """For everybody: must show nothing of the registry."""
    setattr(view, DECLARED, (PUBLIC,))
    setattr(view, READS, ReadsNothing("shows nothing of the registry"))
    return view


def demanded_by(request: HttpRequest) -> tuple[str, ...]:
    """The permissions of which the page, or the action of the API, that ``request`` asks for demands one; none where
    anybody may."""
    view: Any = request.resolver_match.func if request.resolver_match else None
    viewset = getattr(view, "cls", None)
    if viewset is None:
        found = getattr(view, DECLARED, ())
    else:
        method = (request.method or "").lower()
        found = getattr(viewset, DECLARED, {}).get((getattr(view, "actions", None) or {}).get(method, method), ())
    permissions = (found,) if isinstance(found, str) else tuple(found)
    return tuple(permission for permission in permissions if permission not in (SIGNED_IN, PUBLIC))


def _turned_away(request: Any) -> HttpResponse | None:
    """To the sign-in page, or to the password page where one was set for the person."""
    if not request.user.is_authenticated:
        return redirect_to_login(address_without_words(request), settings.LOGIN_URL)
    if request.user.must_change_password and request.resolver_match.url_name not in ("password", "sign-out"):
        return redirect("password")
    return None
