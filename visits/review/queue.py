"""What waits for a station: what asks it to act first, then what is flagged, then the oldest."""

from django.urls import reverse
from django.utils import timezone

from registry.changes.models import Change
from registry.child.models import ChildFile
from registry.quality import KINDS, Case, rules_found
from visits.visit.codes import FlagReason
from visits.visit.models import Visit

SHOWN = 100


def queue_of(post) -> list[dict]:
    """Files, changes and visits that wait, in the order in which they want to be seen. Three queries, and three more
    for what contradicts itself in the files."""
    files = waiting(ChildFile, post, "approve_child").select_related("village", "township", "county")
    files = files.prefetch_related("family", "guardians", "memberships")
    changes = waiting(Change, post, "approve_change").select_related("village", "child", "made_by")
    visits = waiting(Visit, post, "accept_visit").select_related("village", "child")
    items = [
        *(_item("change", change, change.child, change.sent_at, []) for change in changes[:SHOWN]),
        *(_item("file", file, file, file.submitted_at, _contradictions(file)) for file in files[:SHOWN]),
        *(_item("visit", visit, visit.child, visit.made_at, visit.flag_labels) for visit in visits[:SHOWN]),
    ]
    for item in items:
        item["asked"] = item["kind"] == "visit" and FlagReason.STATION_ASKED in item["record"].flags
        item["own"] = item["record"].made_by_id == post.person_id
    return sorted(items, key=lambda item: (not item["asked"], not item["flags"], item["at"]))


def waiting(model, post, permission: str):
    """What ``post`` decides: all below its station; for a county what its stations made themselves."""
    if post.holds(permission):
        return model.objects.visible_to(post, permission).awaiting_review()
    made_there = model.objects.visible_to(post, "settle_station_work").filter(made_in__unit__level=3)
    return made_there.awaiting_review()


def _item(kind: str, record, child: ChildFile, at, flags) -> dict:
    return {
        "kind": kind, "record": record, "pk": record.pk, "child": child, "at": at, "flags": flags,
        "village": record.village.short_name, "url": reverse("review-case", args=[kind, record.pk]),
    }  # fmt: skip


def _contradictions(file: ChildFile) -> list[str]:
    found = rules_found(Case(file, timezone.localdate()), (KINDS.CONTRADICTION,))
    return [str(rule.label) for rule in found]
