"""Drafts of forms: each person reads and writes nobody's but the own, from pages made for a post that she holds."""

import datetime
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from childwelfare.text.nested import read_json, without_lone_surrogates
from orgs.access.declarations import signed_in
from orgs.access.page_post import HEADER, own_post
from orgs.drafts.models import FormDraft
from orgs.drafts.services import LARGEST, drop_drafts, find_drafts, is_count, is_page, is_seen, keep_draft

VERSION_LENGTH = 100  # characters at most
BLANK: dict[str, Any] = {"given": {}, "said": {}, "version": "", "seen": {}, "pk": "", "served_at": 0}


@dataclass(frozen=True)
class Given:
    """What a page gives to keep; or, with ``dropped``, {page: count} of what it throws away."""

    key: str
    page: str
    count: int
    content: dict
    dropped: dict[str, int] | None


@signed_in
def draft(request):
    """What was written in a form and not sent.

    GET ?key= → {drafts: [{page, count, at, values, given, said, version, seen, pk, served_at}], seen, dropped_at}, the
    latest first. POST of one of them, with key, keeps it and answers {at}, or {} where it was sent or thrown away
    already; POST {key, dropped: {page: count}} throws away and answers {}.

    ``page``: the opening of the form that wrote it, ``count`` its saving; ``given``: what the page gave in those fields
    when they were written in; ``said``: the same in words; ``seen`` of a draft: {page: count} of the drafts that are in
    it; beside the drafts: of those that were sent, thrown away or taken into another. ``pk``: the form's own key;
    ``served_at``: when its page was made, by the server's clock; ``dropped_at``: when the form was sent last, or null.
    Moments are milliseconds since 1970.

    HTTP 409 for a page of a post that the person who is signed in doesn't hold (any more), or that does not say its
    post: left open while another person signed in, it would write into that person's draft."""
    post = own_post(request, request.headers.get(HEADER, ""))
    if post is None:
        words = _("这一页不是为现在登录的账号和岗位打开的，没有保存任何内容。请用原来的账号登录，或刷新页面。")
        return _private({"detail": str(words)}, status=HTTPStatus.CONFLICT)
    if request.method == "GET":
        found = find_drafts(post, request.GET.get("key", "")[:100])
        dropped_at = found.form.dropped_at if found.form else None
        return _private(
            {
                "drafts": [_told(draft) for draft in found.drafts],
                "seen": found.form.seen if found.form else {},
                "dropped_at": dropped_at and _milliseconds(dropped_at),
            }
        )
    given = _read(request.body)
    if given is None:
        return _private({"detail": str(_("草稿太长或格式不对，没有保存。"))}, status=422)
    if given.dropped is not None:
        drop_drafts(post, given.key, given.dropped, sent=False)
        return _private({})
    kept = keep_draft(post, given.key, given.page, given.count, given.content)
    return _private({"at": _milliseconds(kept.kept_at)} if kept else {})


def _told(draft: FormDraft) -> dict:
    content = json.loads(draft.body)
    if "values" not in content:  # of a version that kept nothing else, written over one doesn't know what
        content = {"values": content, "version": None}
    content = BLANK | content
    return {"page": draft.page, "count": draft.count, "at": _milliseconds(draft.kept_at)} | content


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _read(body: bytes) -> Given | None:
    """None for anything that is no draft. What is no character in a text is replaced, not refused: half an emoji is no
    reason to lose a draft."""
    if len(body) > LARGEST:
        return None
    try:
        given = without_lone_surrogates(read_json(body))
    except ValueError:
        return None
    key = given.get("key") if isinstance(given, dict) else None
    if not isinstance(key, str) or not 0 < len(key) <= 100 or "\x00" in key:
        return None
    if "dropped" in given:
        return Given(key, "", 0, {}, given["dropped"]) if is_seen(given["dropped"]) else None
    content = BLANK | {name: given[name] for name in (*BLANK, "values") if name in given}
    page, count = given.get("page"), given.get("count")
    if not is_page(page) or not is_count(count) or not _is_content(content):
        return None
    return Given(key, page, count, content, None)


def _is_content(content: dict) -> bool:
    """Whether it has the shapes that a page's draft has (``draft``)."""
    are_short = all(
        isinstance(content[name], str) and len(content[name]) <= VERSION_LENGTH for name in ("version", "pk")
    )
    said = content["said"]
    are_words = isinstance(said, dict) and all(isinstance(words, str) for words in said.values())
    are_values = _are_texts(content.get("values")) and _are_texts(content["given"])
    is_moment = type(content["served_at"]) is int and 0 <= content["served_at"] < 2**53
    return are_short and are_words and are_values and is_moment and is_seen(content["seen"])


def _are_texts(values: Any) -> bool:
    """Whether it is {field: [texts]}."""
    return isinstance(values, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in values.values()
    )


def _private(answer: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response
