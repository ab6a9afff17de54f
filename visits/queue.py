"""What waits for a station: files and visits, flagged ones first, then the oldest."""

from django.urls import reverse

from registry.models import ChildFile
from visits.models import Visit

SHOWN = 100


def queue_of(post) -> list[dict]:
    """Files and visits that wait, flagged ones first, then the oldest. Two queries."""
    files = ChildFile.objects.visible_to(post, "approve_child").awaiting_review().select_related("village")
    visits = Visit.objects.visible_to(post, "accept_visit").awaiting_review().select_related("village", "child")
    items = [
        *(_item("file", file, file, file.submitted_at, []) for file in files[:SHOWN]),
        *(_item("visit", visit, visit.child, visit.made_at, visit.flag_labels) for visit in visits[:SHOWN]),
    ]
    for item in items:
        item["own"] = item["record"].made_by_id == post.person_id
    return sorted(items, key=lambda item: (not item["flags"], item["at"]))


def _item(kind: str, record, child: ChildFile, at, flags) -> dict:
    return {
        "kind": kind, "record": record, "pk": record.pk, "child": child, "at": at, "flags": flags,
        "village": record.village.short_name, "url": reverse("review-case", args=[kind, record.pk]),
    }  # fmt: skip
