"""Drafts of forms: each person reads and writes nobody's but the own, from pages made for a post that she holds."""

import datetime
import json
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import JsonResponse
from django.utils.translation import gettext as _

from childwelfare.text.nested import read_json, without_lone_surrogates
from orgs.access.declarations import signed_in
from orgs.access.page_post import HEADER, own_post
from orgs.drafts.models import FormDraft
from orgs.drafts.services import LARGEST, find_draft, forget_draft, keep_draft

VERSION_LENGTH = 100  # characters at most
OTHERS_AT_MOST = 3
PAGES_AT_MOST = 200  # that wrote one draft
BLANK: dict[str, Any] = {"given": {}, "version": "", "seen": {}, "others": []}


class Given(NamedTuple):
    """What a page gives to keep: ``content`` is None where the draft is thrown away; ``served_at``: when the server
    made the page, by its own clock."""

    key: str
    content: dict | None
    served_at: datetime.datetime


@signed_in
def draft(request):
    """GET ?key= → {at, values, given, version, seen, others}, {dropped_at, seen} or {}; POST the same with key and
    served_at keeps it, with ``values`` null drops it and answers {dropped_at, seen}. ``given``: what the page gave in
    those fields when they were written in; ``seen``: {page: count} of the drafts that are in this one; ``others``:
    drafts that came about beside it. Moments are milliseconds since 1970.

    HTTP 409 for a page of a post that the person who is signed in doesn't hold (any more), or that does not say its
    post: left open while another person signed in, it would write into that person's draft."""
    post = own_post(request, request.headers.get(HEADER, ""))
    if post is None:
        words = _("这一页不是为现在登录的账号和岗位打开的，没有保存任何内容。请用原来的账号登录，或刷新页面。")
        return _private({"detail": str(words)}, status=HTTPStatus.CONFLICT)
    if request.method == "GET":
        return _private(_told(find_draft(post, request.GET.get("key", "")[:100])))
    given = _read(request.body)
    if given is None:
        return _private({"detail": str(_("草稿太长或格式不对，没有保存。"))}, status=422)
    if given.content is None:
        return _private(_told(forget_draft(post, given.key)))
    kept = keep_draft(post, given.key, given.content, written_since=given.served_at)
    return _private(_told(kept) if kept.dropped_at else {"at": _milliseconds(kept.kept_at)})


def _told(draft: FormDraft | None) -> dict:
    if draft is None:
        return {}
    if draft.dropped_at:
        return {"dropped_at": _milliseconds(draft.dropped_at)} | json.loads(draft.body)
    content = json.loads(draft.body)
    if "version" not in content:  # of the version before: the values alone
        content = {"values": content, "given": {}, "version": None, "seen": {}, "others": []}
    return {"at": _milliseconds(draft.kept_at)} | content


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _read(body: bytes) -> Given | None:
    """None for anything that is no draft. What is no character in a text is replaced, not refused: half an emoji is no
    reason to lose a draft."""
    if len(body) > LARGEST:
        return None
    try:
        given = without_lone_surrogates(read_json(body))
        key, content = given["key"], BLANK | {name: given[name] for name in (*BLANK, "values") if name in given}
        served_at = datetime.datetime.fromtimestamp(given.get("served_at", 0) / 1000, datetime.UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return None
    if not isinstance(key, str) or not 0 < len(key) <= 100 or "\x00" in key:
        return None
    if content["values"] is None:
        return Given(key, None, served_at)
    others = content["others"]
    if not isinstance(others, list) or len(others) > OTHERS_AT_MOST:
        return None
    each_has = ("values", "given", "version", "seen")
    others_are_whole = all(isinstance(other, dict) and {"at", *each_has} <= other.keys() for other in others)
    if not others_are_whole or not all(map(_is_draft, [content, *others])):
        return None
    return Given(key, content, served_at)


def _is_draft(content: dict) -> bool:
    version, seen = content["version"], content["seen"]
    is_seen = isinstance(seen, dict) and len(seen) <= PAGES_AT_MOST and all(type(n) is int for n in seen.values())
    is_version = isinstance(version, str) and len(version) <= VERSION_LENGTH
    return is_seen and is_version and _are_texts(content["values"]) and _are_texts(content["given"])


def _are_texts(values: Any) -> bool:
    """Whether it is {field: [texts]}."""
    return isinstance(values, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in values.values()
    )


def _private(answer: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response
