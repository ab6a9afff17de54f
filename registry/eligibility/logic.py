"""Three-valued logic (Kleene): what is not known stays unknown until the rest decides without it.

A condition answers True, False or None (unknown) and says why: what decided, or which facts are missing.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any as Value

from django.utils.functional import Promise


@dataclass(frozen=True)
class Reason:
    """One sentence, put together only when somebody reads it: in the reader's language."""

    template: str | Promise
    words: dict = field(default_factory=dict, hash=False)
    source: str | Promise = ""

    def __str__(self) -> str:
        return str(self.template) % self.words if self.words else str(self.template)


@dataclass(frozen=True)
class Answer:
    """``value`` True, False or None; ``said`` what decided it; ``missing`` paths of the facts that would decide."""

    value: bool | None
    said: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circumstances:
    """What a condition is asked about: the facts, the day, the parameters that hold there and then."""

    facts: Value
    on: datetime.date
    given: dict


class Condition:
    """``test(case)`` gives an Answer; ``reads`` names the facts it looks at."""

    reads: tuple[str, ...] = ()

    def test(self, case: Circumstances) -> Answer:
        raise NotImplementedError


class Every(Condition):
    """All of its parts hold."""

    def __init__(self, *parts: Condition) -> None:
        self.parts = parts
        self.reads = _union(part.reads for part in parts)

    def test(self, case: Circumstances) -> Answer:
        answers = [part.test(case) for part in self.parts]
        if false := [answer for answer in answers if answer.value is False]:
            return Answer(False, _union(answer.said for answer in false))
        said = _union(answer.said for answer in answers if answer.value)
        if unknown := [answer for answer in answers if answer.value is None]:
            return Answer(None, said, _union(answer.missing for answer in unknown))
        return Answer(True, said)


class Some(Condition):
    """At least one of its parts holds."""

    def __init__(self, *parts: Condition) -> None:
        self.parts = parts
        self.reads = _union(part.reads for part in parts)

    def test(self, case: Circumstances) -> Answer:
        answers = [part.test(case) for part in self.parts]
        if true := [answer for answer in answers if answer.value]:
            return true[0]
        if unknown := [answer for answer in answers if answer.value is None]:
            said = _union(answer.said for answer in unknown)
            return Answer(None, said, _union(answer.missing for answer in unknown))
        return Answer(False, _union(answer.said for answer in answers))


class Not(Condition):
    """Its part does not hold."""

    def __init__(self, part: Condition) -> None:
        self.part, self.reads = part, part.reads

    def test(self, case: Circumstances) -> Answer:
        answer = self.part.test(case)
        value = None if answer.value is None else not answer.value
        return Answer(value, answer.said if value is False else (), answer.missing)


class When(Condition):
    """Its part is asked for only where the parameter is set."""

    def __init__(self, parameter: str, part: Condition) -> None:
        self.parameter, self.part, self.reads = parameter, part, part.reads

    def test(self, case: Circumstances) -> Answer:
        return self.part.test(case) if case.given.get(self.parameter) else Answer(True)


def _union(groups: Iterable[Iterable]) -> tuple:
    """One after the other. Sentences are not compared here: that would put each into words."""
    return tuple(item for group in groups for item in group)
