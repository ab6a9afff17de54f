"""Changing one place of a definition: pure, by the path that problems name as well."""

from collections.abc import Collection, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from registry.instruments.definition import Answer, Definition, Dimension, Indicator

Path = Sequence[str | int]
LONGEST_STEP = 4  # digits of a place in a list: more than any list has


def path_of(text: str) -> tuple[str | int, ...]:
    """Of "dimensions.0.indicators.2"."""
    steps = [step for step in text.split(".") if step]
    return tuple(int(step) if step.isdecimal() and len(step) <= LONGEST_STEP else step for step in steps)


def at(node: Any, path: Path) -> Any:
    """What stands at ``path``. Raises LookupError where there is nothing."""
    for step in path:
        node = _inside(node, step)
    return node


def put(node: Any, path: Path, value: Any) -> Any:
    """``node`` with ``value`` at ``path``. Raises LookupError where there is no such place."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    changed = put(_inside(node, step), rest, value)
    if isinstance(node, tuple):
        return (*node[: int(step)], changed, *node[int(step) + 1 :])
    return replace(node, **{str(step): changed})


def removed(definition: Definition, path: Path) -> Definition:
    """Without the item of a list at ``path``."""
    items, n = _list_of(definition, path)
    return put(definition, path[:-1], (*items[:n], *items[n + 1 :]))


def moved(definition: Definition, path: Path, by: int) -> Definition:
    """With the item at ``path`` moved within its list; at an end it stays."""
    items, n = _list_of(definition, path)
    to = n + by
    if not 0 <= to < len(items):
        return definition
    changed = list(items)
    changed[n], changed[to] = changed[to], changed[n]
    return put(definition, path[:-1], tuple(changed))


def with_dimension(definition: Definition) -> Definition:
    """With a blank dimension at the end."""
    key = free_key("d", [each.key for each in definition.dimensions])
    return replace(definition, dimensions=(*definition.dimensions, Dimension(key, "", 0, ())))


def with_indicator(definition: Definition, n: int) -> Definition:
    """With a blank indicator of two answers at the end of the dimension ``n``."""
    key = free_key("i", [each.key for each in definition.indicators()])
    blank = Indicator(key, "", "", (Answer("a1", "", 0), Answer("a2", "", 0)))
    path = ("dimensions", n, "indicators")
    return put(definition, path, (*at(definition, path), blank))


def free_key(letter: str, taken: Collection[str]) -> str:
    """A key that nothing bears: answers are kept by it, so that nobody types it and it is never changed."""
    n = 1
    while f"{letter}{n}" in taken:
        n += 1
    return f"{letter}{n}"


def _inside(node: Any, step: str | int) -> Any:
    if isinstance(node, tuple):
        n = int(step)
        if not 0 <= n < len(node):
            raise LookupError(step)
        return node[n]
    if not is_dataclass(node) or step not in {each.name for each in fields(node)}:
        raise LookupError(step)
    return getattr(node, str(step))


def _list_of(definition: Definition, path: Path) -> tuple[tuple, int]:
    items, n = at(definition, path[:-1]), int(path[-1])
    at(definition, path)
    return items, n
