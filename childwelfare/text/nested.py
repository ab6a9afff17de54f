"""JSON of other people, read only as deep as any of ours goes."""

import json
from typing import Any

DEEPEST = 32  # lists and mappings inside one another


def read_json(text: str | bytes) -> Any:
    """What ``text`` says. Raises ValueError for what is no JSON, and for what is nested deeper than DEEPEST: reading
    it, or writing it again, would run into Python's own limit."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    check_depth(value)
    return value


def check_depth(value: Any) -> None:
    """Raises ValueError where ``value`` is nested deeper than DEEPEST."""
    level, depth = [value], 0
    while level:
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
        inside: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inside.extend(each.values())
            elif isinstance(each, list):
                inside.extend(each)
        level, depth = inside, depth + 1


def without_lone_surrogates(value: Any) -> Any:
    """``value`` of JSON with U+FFFD for each half of a surrogate pair that stands alone: JSON may say it, but it is no
    character, and neither a database nor UTF-8 takes it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_lone_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {without_lone_surrogates(name): without_lone_surrogates(each) for name, each in value.items()}
    return value
