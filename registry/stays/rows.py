"""Stays as lists show them, each with what the reader may be told."""

from django.utils import timezone

from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.text.masking import masked_name
from childwelfare.workflow.transitions import UNDO_WITHIN
from registry.stays.models import Stay, StayEvent, may_open
from registry.stays.workflow import STAY

SHOWN = 50
JOINS = (
    "child__village__county", "child__village__township", "child__village__city",
    "village__county", "village__township", "village__city", "made_by",
)  # fmt: skip


def of_both_sides(post, permission: str):
    """Stays of files that ``post`` keeps, and those at its place."""
    away = Stay.away.visible_to(post, permission).values("pk")
    here = Stay.objects.visible_to(post, permission).values("pk")
    return Stay.objects.filter(pk__in=away) | Stay.objects.filter(pk__in=here)


def stay_rows(post, stays) -> Beginning[Stay]:
    """The newest, each with what ``post`` may be told: the name only of a file that it may open."""
    rows = beginning_of(stays.select_related(*JOINS).newest_first(), SHOWN)
    for stay in rows:
        stay.named = may_open(post, "view_child", stay.child)
        stay.child_name = stay.child.name if stay.named else masked_name(stay.child.name)
        stay.may_end = STAY.is_open_to(post, stay, "end")
    just_now = timezone.now() - UNDO_WITHIN
    ended = StayEvent.objects.filter(record__in=rows, action="end", person=post.person_id, at__gt=just_now)
    mine = set(ended.values_list("record", flat=True)) if any(stay.ended_on for stay in rows) else set()
    for stay in rows:
        stay.may_undo = stay.pk in mine and STAY.may_undo(post, stay)
    return rows


def hosted_stays(post, files) -> Beginning[Stay]:
    """Open stays of ``files`` (of hosted_at) whose files are kept beyond the reach of ``post``: few, for a block above
    its own list."""
    stays = Stay.objects.in_force().filter(child__in=files.values("pk"))
    for tier, ids in post.units_granting("view_child").items():
        stays = stays.exclude(**{f"child__{tier}__in": ids})
    return beginning_of(stays.select_related(*JOINS).order_by("since", "id"), SHOWN)
