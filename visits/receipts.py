"""The number that a director can read out on the telephone."""

import uuid

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is taken for another: no 0, 1, I, O


def receipt_of(pk: uuid.UUID) -> str:
    """Four characters of a record's key: ``3F2K``."""
    return "".join(ALPHABET[(pk.int >> shift) % 32] for shift in (0, 5, 10, 15))
