"""A short word for a record that one can read out over the telephone."""

import uuid

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def receipt_of(key: uuid.UUID) -> str:
    """Four characters without look-alikes: ``3F2K``."""
    return "".join(ALPHABET[(key.int >> shift) % 32] for shift in (0, 5, 10, 15))
