"""Keeping, finding and dropping the drafts of forms."""

import json
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from childwelfare.text.nested import read_json
from orgs.drafts.models import KEEP, MAX_DRAFTS, MAX_SENT, FormDraft
from orgs.posts.models import Appointment

LARGEST = 128 * 1024  # bytes of one draft, as it is sent
PAGES_AT_MOST = 200  # that wrote one draft
PAGE_LENGTH = 40


class FormDrafts(NamedTuple):
    """What the server has of a form: its ``drafts``, the latest first, and its own row, if any (``FormDraft``)."""

    drafts: list[FormDraft]
    form: FormDraft | None


def keep_draft(post: Appointment, key: str, page: str, count: int, content: dict) -> FormDraft | None:
    """Keep ``content``, what ``page`` has written in the form ``key`` with its ``count``-th saving; drafts that are in
    it (``content["seen"]``) go, and the oldest of the post make room.

    None, and nothing is kept, where that was sent or thrown away already, is in another draft, or a later saving came
    first."""
    with transaction.atomic():
        form = _lock_form(post, key)
        if form.seen.get(page, 0) >= count:
            return None
        draft, _made = FormDraft.objects.get_or_create(
            post=post, key=key, page=page, defaults={"person_id": post.person_id}
        )
        if draft.count >= count:
            return None
        draft.body, draft.count, draft.kept_at = json.dumps(content, ensure_ascii=False), count, timezone.now()
        draft.save()
        _drafts(post, key).filter(_covered_by(content["seen"])).exclude(page=page).delete()
        if content["seen"]:  # a copy of them that comes late is in this one
            _note(form, content["seen"])
    _delete_beyond(FormDraft.objects.filter(post=post).exclude(page="").order_by("-kept_at"), MAX_DRAFTS)
    return draft


def find_drafts(post: Appointment, key: str) -> FormDrafts:
    """Not older than KEEP."""
    rows = FormDraft.objects.filter(post=post, key=key, kept_at__gte=timezone.now() - KEEP).order_by("-kept_at")
    drafts = [row for row in rows if row.page]
    return FormDrafts(drafts, next((row for row in rows if not row.page), None))


def draft_of(request: Any) -> str:
    """The key of the draft of a form that is sent to this address, as its template writes it (``data-draft``): what the
    address is called and what it names."""
    match = request.resolver_match
    return "-".join(map(str, (match.url_name, *match.kwargs.values())))


def drop_drafts(post: Appointment, key: str, seen: dict[str, int], *, sent: bool) -> FormDraft:
    """What each page of ``seen`` had written up to its count was sent, or is wanted no more; what it wrote since, and
    what others wrote, stays. Gives the form's row."""
    with transaction.atomic():
        form = _lock_form(post, key)
        _drafts(post, key).filter(_covered_by(seen)).delete()
        if sent:
            form.dropped_at = timezone.now()
        _note(form, seen)
    return form


def drop_draft(request: Any, key: str = "") -> None:
    """The form was sent: what was sent with it goes from the drafts, here now and in the browser with the next page.
    ``key``: ``draft_of`` unless it is a form of another kind."""
    key = key or draft_of(request)
    drop_drafts(request.post, key, read_seen(request.POST.get("draft_seen", "")), sent=True)
    request.session["draft_done"] = key


def tell_unsent(request: Any, key: str = "") -> None:
    """The form can't be filled in any more: the next page shows what was written in it and not sent."""
    request.session["draft_unsent"] = key or draft_of(request)


def read_seen(text: str) -> dict[str, int]:
    """{page: count} as the page says it of what it sends; empty for anything else."""
    try:
        seen = read_json(text.encode()) if len(text) <= LARGEST else {}
    except ValueError:
        return {}
    return seen if is_seen(seen) else {}


def is_seen(seen: Any) -> bool:
    """Whether it is {page: count}."""
    return (
        isinstance(seen, dict)
        and len(seen) <= PAGES_AT_MOST
        and all(is_page(page) and is_count(count) for page, count in seen.items())
    )


def is_page(page: Any) -> bool:
    return isinstance(page, str) and 0 < len(page) <= PAGE_LENGTH and page.isascii() and page.isprintable()


def is_count(count: Any) -> bool:
    return type(count) is int and 0 < count < 2**53


def _note(form: FormDraft, seen: dict[str, int]) -> None:
    """In the form's row, the pages of ``seen`` as the latest: of very many the oldest are forgotten."""
    held = form.seen
    older = {page: count for page, count in held.items() if page not in seen}
    newer = {page: max(count, held.get(page, 0)) for page, count in seen.items()}
    form.body = json.dumps({"seen": dict(list((older | newer).items())[-PAGES_AT_MOST:])})
    form.kept_at = timezone.now()
    form.save()


def _drafts(post: Appointment, key: str) -> QuerySet[FormDraft]:
    return FormDraft.objects.filter(post=post, key=key).exclude(page="")


def _covered_by(seen: dict[str, int]) -> Q:
    covered = Q(pk=None)
    for page, count in seen.items():
        covered |= Q(page=page, count__lte=count)
    return covered


def _lock_form(post: Appointment, key: str) -> FormDraft:
    """The form's row, locked: it may be written in and sent at one moment. What is too old goes first, lest it go under
    the lock's feet."""
    FormDraft.objects.filter(post=post, kept_at__lt=timezone.now() - KEEP).delete()
    forms = FormDraft.objects.select_for_update()
    form, made = forms.get_or_create(post=post, key=key, page="", defaults={"person_id": post.person_id})
    if made:
        _delete_beyond(FormDraft.objects.filter(post=post, page="").order_by("-kept_at"), MAX_SENT)
    return form


def _delete_beyond(drafts: QuerySet[FormDraft], most: int) -> None:
    FormDraft.objects.filter(pk__in=list(drafts.values_list("pk", flat=True)[most:])).delete()
