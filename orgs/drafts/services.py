"""Keeping, finding and dropping the drafts of forms."""

import datetime
import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orgs.drafts.models import KEEP, MAX_DRAFTS, MAX_DROPPED, FormDraft
from orgs.posts.models import Appointment

LARGEST = 64 * 1024  # characters of one draft


def keep_draft(post: Appointment, key: str, content: dict, *, written_since: datetime.datetime) -> FormDraft:
    """Keep ``content`` of the form ``key``; the oldest drafts of the post make room.

    ``content``: {"values", "given": {field name: [texts]}, "version": text}. ``written_since``: when the page was made
    that it was written on. What was written on a page from before the form was last sent comes late: nothing is kept
    then, and the row says when it was sent."""
    with transaction.atomic():
        draft, _made = _lock_draft(post, key)
        if draft.dropped_at and written_since <= draft.dropped_at:
            return draft
        draft.body, draft.kept_at, draft.dropped_at = json.dumps(content, ensure_ascii=False), timezone.now(), None
        draft.save()
    mine = FormDraft.objects.filter(post=post)
    _delete_beyond(mine.filter(dropped_at=None).order_by("-kept_at"), MAX_DRAFTS)
    return draft


def find_draft(post: Appointment, key: str) -> FormDraft | None:
    """The own draft of the form ``key``, or when it was dropped; not older than KEEP."""
    return FormDraft.objects.filter(post=post, key=key, kept_at__gte=timezone.now() - KEEP).first()


def draft_of(request: Any) -> str:
    """The key of the draft of a form that is sent to this address, as its template writes it (``data-draft``): what the
    address is called and what it names."""
    match = request.resolver_match
    return "-".join(map(str, (match.url_name, *match.kwargs.values())))


def forget_draft(post: Appointment, key: str) -> FormDraft:
    """What was written in the form ``key`` was sent, or is wanted no more: a copy from before, wherever it lies, is not
    put back by itself."""
    with transaction.atomic():
        draft, made = _lock_draft(post, key)
        seen = json.loads(draft.body).get("seen", {}) if draft.body else {}
        draft.body, draft.kept_at = json.dumps({"seen": seen}), timezone.now()
        draft.dropped_at = draft.kept_at
        draft.save()
    if made:
        dropped = FormDraft.objects.filter(post=post, dropped_at__isnull=False).order_by("-dropped_at")
        _delete_beyond(dropped, MAX_DROPPED)
    return draft


def _lock_draft(post: Appointment, key: str) -> tuple[FormDraft, bool]:
    """The row of the form ``key``, locked, and whether it was made: it may be kept and sent at one moment. What is too
    old goes first, lest it go under the lock's feet."""
    _delete_old(FormDraft.objects.filter(post=post))
    drafts = FormDraft.objects.select_for_update()
    return drafts.get_or_create(post=post, key=key, defaults={"person_id": post.person_id})


def _delete_old(drafts: QuerySet[FormDraft]) -> None:
    drafts.filter(kept_at__lt=timezone.now() - KEEP).delete()


def drop_draft(request: Any, key: str = "") -> None:
    """The form was sent: its draft goes, here now and in the browser with the next page. ``key``: ``draft_of`` unless
    it is a form of another kind."""
    key = key or draft_of(request)
    forget_draft(request.post, key)
    request.session["draft_done"] = key


def _delete_beyond(drafts: QuerySet[FormDraft], most: int) -> None:
    FormDraft.objects.filter(pk__in=list(drafts.values_list("pk", flat=True)[most:])).delete()
