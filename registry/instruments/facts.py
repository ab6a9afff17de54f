"""Facts by which indicators are computed from the file instead of asked. Concepts add theirs; visits tell the last
contact with the parents.

A fact is a code or a whole number; None where the file does not tell it, and then the assessor is asked.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from childwelfare.hooks import KeyedRegistry
from childwelfare.text.words import Words
from registry.child.models import ChildFile
from registry.instruments.definition import Answer, Definition, Indicator


@dataclass(frozen=True)
class Fact:
    """``value``: the code or number; ``words``: how the form shows where it comes from (祖母 李桂英 · 67 岁)."""

    value: str | int | None
    words: str = ""


@dataclass(frozen=True)
class FactSource:
    """``of(files, on)``: {key of the file: Fact} of many files at once, by a fixed number of queries. ``codes``: of a
    code, {code: label}; None for a number, then ``unit`` stands behind it."""

    key: str
    label: Words
    of: Callable[[Sequence[ChildFile], datetime.date], Mapping[Any, Fact]]
    codes: Mapping[str, Words] | None = None
    unit: Words = ""


FACTS: KeyedRegistry[FactSource] = KeyedRegistry("facts by which indicators are computed", key="key")


def answer_by(indicator: Indicator, value: str | int | None) -> Answer | None:
    """The answer of a computed indicator that a fact's value falls under; None where it falls under none."""
    for answer in indicator.answers:
        if isinstance(value, str) and value in answer.values:
            return answer
        if isinstance(value, int) and _within(answer, value):
            return answer
    return None


def facts_of(definition: Definition, files: Sequence[ChildFile], on: datetime.date) -> dict[Any, dict[str, Fact]]:
    """{file: {indicator: Fact}} of the computed indicators, for each of ``files`` on a day. A fixed number of queries
    for each source that the definition names."""
    found: dict[Any, dict[str, Fact]] = {file.pk: {} for file in files}
    told: dict[str, Mapping[Any, Fact]] = {}
    for indicator in definition.indicators():
        source = FACTS.get(indicator.source)
        if source is None:
            continue
        if source.key not in told:
            told[source.key] = source.of(files, on)
        for file in files:
            found[file.pk][indicator.key] = told[source.key].get(file.pk, Fact(None))
    return found


def _within(answer: Answer, number: int) -> bool:
    if answer.least is None and answer.most is None:
        return False
    return (answer.least is None or number >= answer.least) and (answer.most is None or number <= answer.most)
