"""What an exit leaves open: told before a file is closed. What ends with it follows
registry.signals.child_left. Concepts add theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import Registry
from childwelfare.text.words import Words
from registry.child.models import ChildFile


@dataclass(frozen=True)
class LeftOpen:
    """``label``: what is open, in words; ``becomes``: what the closing makes of it; ``url``: the place of it."""

    label: Words
    becomes: Words
    url: str = ""


# left_open(file): what is open of the file now; one query each
LEFT_OPEN: Registry[Callable[[ChildFile], list[LeftOpen]]] = Registry("what an exit leaves open")
