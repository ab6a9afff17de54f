"""Fields of a file that another concept decides: nobody alters them by hand. Concepts add theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from childwelfare.hooks import KeyedRegistry
from registry.child.models import ChildFile


@dataclass(frozen=True)
class DecidedElsewhere:
    """``refusal(file)``: {flat field name: messages} where ``field`` is decided elsewhere; empty where it is free."""

    field: str
    refusal: Callable[[ChildFile], dict[str, list[str]]]


DECIDED_ELSEWHERE: KeyedRegistry[DecidedElsewhere] = KeyedRegistry("fields decided elsewhere", key="field")


def refusals_of(file: ChildFile, changed: set[str]) -> dict[str, list[str]]:
    """Of the fields in ``changed`` those that are decided elsewhere, with why. Asks nothing of other fields."""
    problems: dict[str, list[str]] = {}
    for name in changed & DECIDED_ELSEWHERE.keys():
        problems |= DECIDED_ELSEWHERE[name].refusal(file)
    return problems
