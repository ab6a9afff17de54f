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


class Given(NamedTuple):
    """What a page gives to keep: ``content`` is None where the draft is thrown away; ``served_at``: when the server
    made the page, by its own clock."""

    key: str
    content: dict | None
    served_at: datetime.datetime


@signed_in
def draft(request):
    """GET ?key= → {at, values, given, version}, {dropped_at} or {}; POST {key, values, given, version, served_at} keeps
    them, with ``values`` null drops them. ``given``: what the page gave in those fields, when they were written in.
    Moments are milliseconds since 1970.

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
        forget_draft(post, given.key)
        return _private({})
    kept = keep_draft(post, given.key, given.content, written_since=given.served_at)
    return _private(_told(kept) if kept.dropped_at else {"at": _milliseconds(kept.kept_at)})


def _told(draft: FormDraft | None) -> dict:
    if draft is None:
        return {}
    if draft.dropped_at:
        return {"dropped_at": _milliseconds(draft.dropped_at)}
    content = json.loads(draft.body)
    if "version" not in content:  # of the version before: the values alone
        content = {"values": content, "given": {}, "version": None}
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
        key, content = given["key"], {"values": given["values"]}
        content |= {"given": given.get("given", {}), "version": given.get("version", "")}
        served_at = datetime.datetime.fromtimestamp(given.get("served_at", 0) / 1000, datetime.UTC)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return None
    if not isinstance(key, str) or not 0 < len(key) <= 100 or "\x00" in key:
        return None
    if content["values"] is None:
        return Given(key, None, served_at)
    version = content["version"]
    if not isinstance(version, str) or len(version) > VERSION_LENGTH:
        return None
    if not (_are_texts(content["values"]) and _are_texts(content["given"])):
        return None
    return Given(key, content, served_at)


def _are_texts(values: Any) -> bool:
    """Whether it is {field: [texts]}."""
    return isinstance(values, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in values.values()
    )


def _private(answer: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response
