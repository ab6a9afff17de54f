"""Drafts of forms: each person reads and writes nobody's but the own, from pages made for that person."""

import json
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _

from childwelfare.text.nested import read_json, without_lone_surrogates
from orgs.access.declarations import signed_in
from orgs.drafts.models import FormDraft
from orgs.drafts.services import LARGEST, find_draft, keep_draft

PAGE_ACCOUNT = "X-Page-Account"  # header: the uid of the person whose page asks


@signed_in
def draft(request):
    """GET ?key= → {at, values} or {}; POST {key, values} keeps them, with ``values`` null drops them.

    HTTP 409 for a page that was made for somebody else, or does not say for whom: left open while another person signed
    in, it would write into that person's draft."""
    if not _is_page_of(request):
        words = _("这一页不是为现在登录的账号打开的，没有保存任何内容。请用原来的账号登录，或刷新页面。")
        return _private({"detail": str(words)}, status=HTTPStatus.CONFLICT)
    if request.method == "GET":
        found = find_draft(request.user, request.GET.get("key", "")[:100])
        answer = {"at": int(found.kept_at.timestamp() * 1000), "values": json.loads(found.body)} if found else {}
        return _private(answer)
    given = _read(request.body)
    if given is None:
        return _private({"detail": str(_("草稿太长或格式不对，没有保存。"))}, status=422)
    key, values = given
    if values is None:
        FormDraft.objects.filter(person=request.user, key=key).delete()
        return _private({})
    kept = keep_draft(request.user, key, values)
    return _private({"at": int(kept.kept_at.timestamp() * 1000)})


def _is_page_of(request: Any) -> bool:
    return request.headers.get(PAGE_ACCOUNT, "") == str(request.user.uid)


def _read(body: bytes) -> tuple[str, dict | None] | None:
    """(key, {field: [texts]}) or None for anything else. What is no character in a text is replaced, not refused: half
    an emoji is no reason to lose a draft."""
    if len(body) > LARGEST:
        return None
    try:
        given = without_lone_surrogates(read_json(body))
        key, values = given["key"], given["values"]
    except (ValueError, KeyError, TypeError):
        return None
    fine = isinstance(values, dict) and all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts) for texts in values.values()
    )
    if not isinstance(key, str) or not 0 < len(key) <= 100 or not (values is None or fine) or "\x00" in key:
        return None
    return key, values


def _private(answer: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response
