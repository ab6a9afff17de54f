"""Names as they are shown to whom they need not be told."""


def masked_name(name: str) -> str:
    """The family name only: 张**."""
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""
