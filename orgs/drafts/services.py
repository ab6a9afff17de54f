"""Keeping, finding and dropping the drafts of forms."""

import json
from typing import Any

from django.utils import timezone

from orgs.accounts.models import Person
from orgs.drafts.models import KEEP, MAX_DRAFTS, FormDraft

LARGEST = 64 * 1024  # characters of one draft


def keep_draft(person: Person, key: str, values: dict) -> FormDraft:
    """Keep ``values`` ({field name: [texts]}) of the form ``key``; the person's oldest drafts make room."""
    draft, _made = FormDraft.objects.get_or_create(person=person, key=key)
    draft.body, draft.kept_at = json.dumps(values, ensure_ascii=False), timezone.now()
    draft.save()
    mine = FormDraft.objects.filter(person=person)
    mine.filter(kept_at__lt=timezone.now() - KEEP).delete()
    mine.filter(pk__in=list(mine.order_by("-kept_at").values_list("pk", flat=True)[MAX_DRAFTS:])).delete()
    return draft


def find_draft(person: Person, key: str) -> FormDraft | None:
    """The person's own draft of the form ``key``, not older than KEEP."""
    return FormDraft.objects.filter(person=person, key=key, kept_at__gte=timezone.now() - KEEP).first()


def draft_of(request: Any) -> str:
    """The key of the draft of a form that is sent to this address, as its template writes it (``data-draft``): what the
    address is called and what it names."""
    match = request.resolver_match
    return "-".join(map(str, (match.url_name, *match.kwargs.values())))


def drop_draft(request: Any, key: str = "") -> None:
    """The form was sent: its draft goes, here now and in the browser with the next page. ``key``: ``draft_of`` unless
    it is a form of another kind."""
    key = key or draft_of(request)
    FormDraft.objects.filter(person=request.user, key=key).delete()
    request.session["draft_done"] = key
