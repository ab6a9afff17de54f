"""Transfers as lists and notices show them, each with what the reader may be told."""

from childwelfare.text.masking import masked_name
from registry.transfers.models import Transfer

JOINS = (
    "child", "made_by", "origin__county", "origin__township", "origin__city",
    "target__county", "target__township", "target__city",
)  # fmt: skip


def both_sides(post):
    """Transfers that ``post`` asked for or is to answer."""
    mine = Transfer.objects.visible_to(post, "transfer_child").values("pk")
    asked = Transfer.arriving.visible_to(post, "accept_transfer").values("pk")
    return Transfer.objects.filter(pk__in=mine) | Transfer.objects.filter(pk__in=asked)


def describe(post, transfer: Transfer) -> None:
    """What ``post`` may be told of the child: the name only if the file is hers to open."""
    transfer.named = post.may("view_child", transfer.child)
    transfer.child_name = transfer.child.name if transfer.named else masked_name(transfer.child.name)
