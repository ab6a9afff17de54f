"""What an assessment system (评估体系) says, as one city publishes it: a frozen table that is stored as JSON.

Points are whole numbers. The direction says what many of them mean; ``most`` of a dimension is the sum of what its
indicators can give at most, and those of all dimensions are 100 (``registry.instruments.problems`` checks).
Source of the form: 困境级别, 黔西县, 《未成年人保护法》, the Japanese sheet of urgency (docs/decisions/0036).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Self

UNKNOWN = "unknown"  # the answer 不清楚: apart from every answer that gives points, also from one that gives none
YES, NO = "yes", "no"  # of a question of the urgent screen, besides UNKNOWN


@dataclass(frozen=True)
class ScreenQuestion:
    """One question of the urgent screen (紧急筛查). They are asked in order; the first yes decides, and no points are
    counted. ``situation``: the nine situations' code that the urgent report begins with (visits.alerts.codes)."""

    key: str
    text: str
    help: str = ""
    situation: str = "other"


@dataclass(frozen=True)
class When:
    """An indicator is asked where the answer to ``indicator``, which stands before it, is one of ``answers``."""

    indicator: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """``name`` in a word, ``sentence`` says by what it is known; ``tone`` as of a chip. Of a computed indicator it is
    given by the fact: ``values`` are the fact's codes, or ``least`` and ``most`` the bounds of its number, both within;
    None for no bound."""

    key: str
    name: str
    points: int
    sentence: str = ""
    tone: str = ""
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Indicator:
    """``source``: the key of the fact by which it is computed (``registry.instruments.facts``), blank where a person
    answers. A fact that the file does not tell is asked of the person. ``several``: any number of answers, whose points
    are added up, at most ``at_most``. ``when``: one that holds is enough; asked always, if empty."""

    key: str
    name: str
    question: str
    answers: tuple[Answer, ...]
    help: str = ""
    source: str = ""
    several: bool = False
    at_most: int | None = None
    when: tuple[When, ...] = ()

    @property
    def most(self) -> int:
        """The points that it can give at most."""
        points = [answer.points for answer in self.answers]
        if not self.several:
            return max(points, default=0)
        total = sum(points)
        return total if self.at_most is None else min(total, self.at_most)

    def __getitem__(self, key: str) -> Answer:
        for answer in self.answers:
            if answer.key == key:
                return answer
        raise KeyError(key)


@dataclass(frozen=True)
class Dimension:
    key: str
    name: str
    most: int
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Level:
    """A level and what it asks for. ``key``: a code of registry.child.codes.Risk, by which visits are planned.

    ``least``: from which score on, the level above it ends it. ``months``: assessed again after so many.
    ``plan_days``: a plan (帮扶方案) is due in so many working days, 0 for none, approved at ``plan_by`` ("township" or
    "county"). ``meeting_days``: a meeting (会商) likewise. ``needs_listed``: at least one need is written down.
    ``county_signs``: the county confirms after the station. ``action``: what to do, in words.
    """

    key: str
    name: str
    least: int
    months: int
    action: str = ""
    tone: str = ""
    plan_days: int = 0
    plan_by: str = "township"
    meeting_days: int = 0
    needs_listed: bool = False
    county_signs: bool = False


@dataclass(frozen=True)
class Lift:
    """A dimension that reaches ``parts`` of ``of`` of its most (2 of 3) lifts the level by one."""

    parts: int
    of: int


@dataclass(frozen=True)
class Words:
    """In which words the score of ``dimension`` is said: each (least points, words), the lowest from 0."""

    dimension: str
    steps: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Definition:
    """``higher_is_worse``: the direction. ``unknown_most``: over so many per cent of answers 不清楚 the assessment is
    unfinished and gives no level. ``levels``: the worst first. ``fixed_months``: everybody is assessed again in these
    months as well (3 and 9); none, if empty. ``screen_level``: the level that a yes of the screen gives."""

    dimensions: tuple[Dimension, ...]
    levels: tuple[Level, ...]
    screen: tuple[ScreenQuestion, ...] = ()
    screen_level: str = "high"
    higher_is_worse: bool = True
    unknown_most: int = 20
    lift: Lift | None = None
    words: Words | None = None
    fixed_months: tuple[int, ...] = field(default=())

    def indicators(self) -> Iterator[Indicator]:
        for dimension in self.dimensions:
            yield from dimension.indicators

    def level(self, key: str) -> Level:
        for level in self.levels:
            if level.key == key:
                return level
        raise KeyError(key)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """Of what ``as_json`` gave. Raises KeyError and TypeError for anything else: what strangers send is read by the
        serializer (registry.instruments.api)."""
        return cls(
            dimensions=tuple(_dimension(each) for each in given["dimensions"]),
            levels=tuple(Level(**each) for each in given["levels"]),
            screen=tuple(ScreenQuestion(**each) for each in given["screen"]),
            screen_level=given["screen_level"],
            higher_is_worse=given["higher_is_worse"],
            unknown_most=given["unknown_most"],
            lift=Lift(**given["lift"]) if given["lift"] else None,
            words=_words(given["words"]) if given["words"] else None,
            fixed_months=tuple(given["fixed_months"]),
        )


def _dimension(given: dict[str, Any]) -> Dimension:
    return Dimension(**given | {"indicators": tuple(_indicator(each) for each in given["indicators"])})


def _indicator(given: dict[str, Any]) -> Indicator:
    answers = tuple(Answer(**each | {"values": tuple(each["values"])}) for each in given["answers"])
    when = tuple(When(each["indicator"], tuple(each["answers"])) for each in given["when"])
    return Indicator(**given | {"answers": answers, "when": when})


def _words(given: dict[str, Any]) -> Words:
    return Words(given["dimension"], tuple((least, words) for least, words in given["steps"]))
