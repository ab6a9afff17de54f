"""What somebody searches for stands in no address, and so in no history, log or link: it names a child.

A search is sent as a form is. The server keeps its words in the sender's session, sealed, under a random key, and leads
on to the same page with that key; paging, order and filters carry the key along. It opens nothing in another account's
session, and nothing once it has run out.
"""

import datetime
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.security.sealing import Unsealable, seal, unseal
from childwelfare.templatetags.form_start import PAGE_POST, SWITCH_BACK

SEARCH_FIELDS = "search_fields"  # the attribute of a view that names the fields of its form which hold words
FIND = "find"  # the field that a search sends (components/_find.html)
KEY = "s"  # the parameter of an address that holds the key
IN_SESSION = "searched"
LASTING = datetime.timedelta(hours=2)
AT_MOST = 30  # searches of a session that are kept: the newest
LONGEST = 60  # characters of one word
# of a form; a new search begins on its first page
NOT_CARRIED = {"csrfmiddlewaretoken", PAGE_POST, SWITCH_BACK, FIND, KEY, "page", "before"}

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Searched:
    """The words of one search by their fields, and the key that an address carries for them; ``lost``: the key opens
    nothing (any more)."""

    words: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    lost: bool = False

    def get(self, name: str) -> str:
        """The word of a field, "" where none was typed."""
        return self.words.get(name, "")

    def pairs(self) -> list[tuple[str, str]]:
        """What an address needs to ask for the same words."""
        return [(KEY, self.key)] if self.key else []


def searched_by(*fields: str) -> Callable[[View], View]:
    """For a page with a search form, of which ``fields`` hold words. It reads them from ``request.searched``; inside
    ``needs``, so that nobody keeps words who may not open the page."""

    def declare(view: View) -> View:
        @wraps(view)
        def searching(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            is_search = request.method == "POST" and FIND in request.POST
            if is_search and not _wants_a_piece(request):
                return _led_on(request, fields)
            if any(name in request.GET for name in fields):
                return _without_words(request, fields)
            request.searched = Searched(_words(request.POST, fields)) if is_search else open_search(request)
            if request.searched.lost:
                messages.warning(request, _("查找的内容已经过期，现在没有按它筛选。请重新输入。"))
            return view(request, *args, **kwargs)

        setattr(searching, SEARCH_FIELDS, fields)
        return searching

    return declare


def address_without_words(request: Any) -> str:
    """Where ``request`` leads, to come back to after signing in, without the words that somebody put into it."""
    fields = getattr(request.resolver_match.func, SEARCH_FIELDS, ()) if request.resolver_match else ()
    if not any(name in request.GET for name in fields):
        return request.get_full_path()
    return _address(request, _filled(request.GET, set(fields)))


def open_search(request: HttpRequest, key: str | None = None) -> Searched:
    """The search that the address names, or ``key``."""
    key = request.GET.get(KEY, "") if key is None else key
    if not key:
        return Searched()
    kept = request.session.get(IN_SESSION, {}).get(key)
    if not kept or kept["until"] < timezone.now().timestamp():
        return Searched(lost=True)
    try:
        words = json.loads(unseal(bytes.fromhex(kept["words"]), _context(request, key)))
    except (Unsealable, ValueError):
        return Searched(lost=True)
    return Searched(words, key)


def keep_search(request: HttpRequest, words: dict[str, str]) -> Searched:
    """Keep ``words`` in the session. Without any there is nothing to keep."""
    if not any(words.values()):
        return Searched()
    now, key = timezone.now(), secrets.token_urlsafe(12)
    others = request.session.get(IN_SESSION, {})
    live = {each: kept for each, kept in others.items() if kept["until"] >= now.timestamp()}
    newest = dict(list(live.items())[1 - AT_MOST :])
    sealed = seal(json.dumps(words), _context(request, key)).hex()
    request.session[IN_SESSION] = newest | {key: {"words": sealed, "until": (now + LASTING).timestamp()}}
    return Searched(words, key)


def _led_on(request: HttpRequest, fields: tuple[str, ...]) -> HttpResponse:
    """To the page by its address: with the key of the words, and the rest of the form as it was filled."""
    searched = keep_search(request, _words(request.POST, fields))
    return redirect(_address(request, searched.pairs() + _filled(request.POST, {*fields, *NOT_CARRIED})))


def _without_words(request: HttpRequest, fields: tuple[str, ...]) -> HttpResponse:
    """An address that somebody made by hand, or kept from before: the words are not taken from it."""
    messages.warning(request, _("查找的内容不能写在网址里，这样会留在浏览记录中。请在查找框里输入。"))
    return redirect(_address(request, _filled(request.GET, set(fields))))


def _words(form: QueryDict, fields: tuple[str, ...]) -> dict[str, str]:
    words = {name: form.get(name, "").strip()[:LONGEST] for name in fields}
    return {name: word for name, word in words.items() if word}


def _filled(form: QueryDict, left_out: set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in form.lists() if name not in left_out for value in values if value]


def _address(request: HttpRequest, pairs: list[tuple[str, str]]) -> str:
    return request.path + ("?" + urlencode(pairs) if pairs else "")


def _wants_a_piece(request: Any) -> bool:
    """A box that shows its results while one types needs no address."""
    return bool(request.htmx) and not request.htmx.boosted


def _context(request: HttpRequest, key: str) -> str:
    return f"childwelfare.pages.searched:{request.user.pk}:{key}"
