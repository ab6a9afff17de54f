"""One way to write what is hashed: the same content gives the same bytes, whatever engine or program writes it."""

import json
from typing import Any

UNAMBIGUOUS = frozenset((str, int, bool, type(None)))


def canonical_bytes(content: Any) -> bytes:
    """JSON of dicts with text keys, lists, texts, whole numbers, True, False and None: keys in order, no spaces, UTF-8.

    Raises TypeError for anything else: a float or a date would be written in several ways.
    """
    _refuse_ambiguous(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse_ambiguous(content: Any) -> None:
    if isinstance(content, dict):
        for key in content:
            if not isinstance(key, str):
                raise TypeError(f"{key!r} is no text")
        _refuse_ambiguous(list(content.values()))
    elif isinstance(content, list | tuple):
        if UNAMBIGUOUS.issuperset(map(type, content)):  # of most: a call for each value would cost more than writing it
            return
        for value in content:
            _refuse_ambiguous(value)
    elif content is not None and not isinstance(content, str | int):
        raise TypeError(f"{content!r} has no canonical form")
