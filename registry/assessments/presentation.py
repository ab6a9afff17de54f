"""How an assessment reads, for pages, desk, paper and API alike: its answers beside those of last time, its score by
dimension, and in words why its level is what it is."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from registry.assessments.models import Assessment
from registry.assessments.services.answers import is_worse
from registry.assessments.services.assess import before_of
from registry.child.codes import Risk
from registry.instruments.definition import NO, UNKNOWN, YES, Definition, Dimension, Indicator
from registry.instruments.scoring import Result, asked, level_of, points_of, score

HEAVIEST = 3  # indicators that are named as what weighed most


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One indicator. ``last``: what was answered last time; ``told_by``: what the file told, where it was not asked."""

    name: str
    said: str
    points: int | None
    tone: str = ""
    last: str = ""
    is_worse: bool = False
    why: str = ""
    told_by: str = ""

    @property
    def is_unknown(self) -> bool:
        return self.points is None


@dataclass(frozen=True, kw_only=True)
class DimensionLine:
    """``before``: the score of last time, by last time's own system."""

    key: str
    name: str
    score: int
    most: int
    before: int | None
    lifts: bool
    answers: tuple[AnswerLine, ...]

    @property
    def tone(self) -> str:
        return "danger" if self.lifts else ""


class Reading:
    """One assessment as it is shown. ``before``: the one that it is compared with, None for none."""

    def __init__(self, assessment: Assessment, before: Assessment | None = None) -> None:
        self.assessment, self.before = assessment, before
        self.content: Definition = assessment.instrument.content

    @cached_property
    def result(self) -> Result:
        return score(self.content, self.assessment.screen, self.assessment.answers)

    @cached_property
    def dimensions(self) -> list[DimensionLine]:
        """None where the urgent screen decided: then nothing was asked."""
        if self.assessment.urgent:
            return []
        in_question = {indicator.key for indicator in asked(self.content, self.assessment.answers)}
        before = self.before.scores if self.before else {}
        return [
            DimensionLine(
                key=dimension.key,
                name=dimension.name,
                score=self.assessment.scores.get(dimension.key, 0),
                most=dimension.most,
                before=before.get(dimension.key),
                lifts=dimension.key in self.result.lifted_by,
                answers=tuple(
                    self._line(indicator) for indicator in dimension.indicators if indicator.key in in_question
                ),
            )
            for dimension in self.content.dimensions
        ]

    @cached_property
    def screen(self) -> list[tuple[str, str, str]]:
        """(question, answer, tone) of what the urgent screen asked."""
        words = {YES: (_("是"), "danger"), NO: (_("否"), ""), UNKNOWN: (_("不清楚"), "outline")}
        said = self.assessment.screen
        return [(each.text, *words[said[each.key]]) for each in self.content.screen if each.key in said]

    @cached_property
    def reasons(self) -> list[str]:
        """In words why the level is what it is."""
        if self.assessment.urgent:
            question = next(each.text for each in self.content.screen if each.key == self.assessment.urgent)
            level = Risk(self.assessment.level or self.assessment.proposed).label
            return [
                _("紧急筛查“%(what)s”答“是”，直接定为%(level)s风险，没有计分。") % {"what": question, "level": level}
            ]
        found = [] if self.assessment.is_unfinished else [self._by_score(), *self._lifted(), *self._heaviest()]
        return found + self._unknown()

    @property
    def decided_otherwise(self) -> bool:
        """Whether a person decided another level than the points say."""
        return bool(self.assessment.level) and self.assessment.level != self.assessment.proposed

    @property
    def proposed_words(self) -> str:
        return str(Risk(self.assessment.proposed).label) if self.assessment.proposed else ""

    def _line(self, indicator: Indicator) -> AnswerLine:
        answer = self.assessment.answers.get(indicator.key)
        then = self.before.answers.get(indicator.key) if self.before else None
        told = self.assessment.computed.get(indicator.key)
        return AnswerLine(
            name=indicator.name,
            said=answer_words(indicator, answer),
            points=points_of(indicator, answer),
            tone=_tone(indicator, answer),
            last=answer_words(indicator, then) if then is not None else "",
            is_worse=is_worse(self.content, indicator, answer, then),
            why=self.assessment.reasons_given.get(indicator.key, ""),
            told_by=(told["words"] or str(told["value"])) if told else "",
        )

    def _by_score(self) -> str:
        level = level_of(self.content, self.assessment.score or 0)
        words = {"score": self.assessment.score, "least": level.least, "level": Risk(level.key).label}
        above = [each.least for each in self.content.levels if each.least > level.least]
        if not above:
            return _("总分 %(score)s：%(least)s 分以上是%(level)s风险。") % words
        return _("总分 %(score)s：%(least)s 到 %(most)s 分是%(level)s风险。") % (words | {"most": min(above) - 1})

    def _lifted(self) -> list[str]:
        lift = self.content.lift
        return [
            _("%(name)s得 %(score)s 分，满分 %(most)s，达到 %(of)s 分之 %(parts)s，等级上调一级。")
            % {
                "name": each.name, "score": each.score, "most": each.most,
                "of": lift.of if lift else 1, "parts": lift.parts if lift else 1,
            }
            for each in self.dimensions
            if each.lifts
        ]  # fmt: skip

    def _heaviest(self) -> list[str]:
        points = {key: given for key, given in (self.result.points or {}).items() if given}
        if not points or not self.content.higher_is_worse:
            return []
        heaviest = sorted(points, key=lambda key: -points[key])[:HEAVIEST]
        names = {indicator.key: indicator.name for indicator in self.content.indicators()}
        what = _("、").join(f"{names[key]} {points[key]}" for key in heaviest)
        return [_("影响最大的是%(what)s。") % {"what": what}]

    def _unknown(self) -> list[str]:
        names = [line.name for dimension in self.dimensions for line in dimension.answers if line.is_unknown]
        if not names:
            return []
        words = {"n": len(names), "share": self.assessment.unknown, "what": _("、").join(names)}
        if self.assessment.is_unfinished:
            text = _("有 %(n)s 项不清楚（%(share)s%%，超过 %(most)s%%），没有定级。请再问清：%(what)s。")
            return [text % (words | {"most": self.content.unknown_most})]
        words |= {"worst": self.result.worst}
        return [_("有 %(n)s 项不清楚（%(what)s），都按最差算是 %(worst)s 分。") % words]


def reading_of(assessment: Assessment) -> Reading:
    """With the assessment before it. One query, and one where its system was not fetched."""
    besides = (assessment.pk, assessment.second_of_id)
    return Reading(assessment, before_of(assessment.child, on=assessment.assessed_on, besides=besides))


def answer_words(indicator: Indicator, answer: Any) -> str:
    """An answer as people read it; one that the version does not know by its key."""
    if answer == UNKNOWN or answer is None:
        return _("不清楚")
    if isinstance(answer, list | tuple):
        names = [each.name for each in indicator.answers if each.key in answer]
        return _("、").join(names) if names else _("都没有")
    return next((each.name for each in indicator.answers if each.key == answer), str(answer))


@dataclass(frozen=True, kw_only=True)
class ComparedLine:
    """One indicator, as two assessors answered it."""

    name: str
    first: str
    second: str
    agree: bool


@dataclass(frozen=True, kw_only=True)
class ComparedDimension:
    name: str
    lines: tuple[ComparedLine, ...]

    @property
    def agreeing(self) -> int:
        return sum(line.agree for line in self.lines)


@dataclass(frozen=True)
class Comparison:
    """Two assessments of one child side by side. What the file told is left out: both have it from there."""

    dimensions: tuple[ComparedDimension, ...]

    @property
    def number(self) -> int:
        return sum(len(each.lines) for each in self.dimensions)

    @property
    def agreeing(self) -> int:
        return sum(each.agreeing for each in self.dimensions)

    @property
    def percent(self) -> int:
        """Of what both were asked, how much they answered alike."""
        return round(100 * self.agreeing / self.number) if self.number else 0


def comparison_of(first: Assessment, second: Assessment) -> Comparison:
    content = second.instrument.content
    answered = agreement(content, first, second)
    dimensions = [_compared(dimension, first, second, answered) for dimension in content.dimensions]
    return Comparison(tuple(each for each in dimensions if each.lines))


def agreement(content: Definition, first: Assessment, second: Assessment) -> dict[str, bool]:
    """{indicator: whether both answered it alike} of those that both answered themselves."""
    both = first.answers.keys() & second.answers.keys()
    own = both - first.computed.keys() - second.computed.keys()
    return {
        indicator.key: first.answers[indicator.key] == second.answers[indicator.key]
        for indicator in content.indicators()
        if indicator.key in own
    }


def _compared(
    dimension: Dimension, first: Assessment, second: Assessment, answered: Mapping[str, bool]
) -> ComparedDimension:
    lines = tuple(
        ComparedLine(
            name=indicator.name,
            first=answer_words(indicator, first.answers[indicator.key]),
            second=answer_words(indicator, second.answers[indicator.key]),
            agree=answered[indicator.key],
        )
        for indicator in dimension.indicators
        if indicator.key in answered
    )
    return ComparedDimension(name=dimension.name, lines=lines)


def _tone(indicator: Indicator, answer: Any) -> str:
    given = answer if isinstance(answer, list | tuple) else [answer]
    tones = [each.tone for each in indicator.answers if each.key in given]
    return next((tone for tone in ("danger", "warm", "ok") if tone in tones), "")


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """One assessment on the line of the child's scores, in the units of the drawing."""

    x: int
    y: int
    score: int
    on: datetime.date
    tone: str
    label: str


WIDTH, HEIGHT, EDGE = 320, 120, 14


@dataclass(frozen=True)
class Chart:
    """The child's scores over time, the oldest left; the worst on top."""

    points: tuple[ChartPoint, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)


def chart_of(assessments: list[Assessment]) -> Chart | None:
    """Of the scores that gave a level; None where there are not two yet."""
    scored = sorted(
        (each for each in assessments if each.score is not None and each.proposed), key=lambda each: each.assessed_on
    )
    if len(scored) < 2:
        return None
    first, last = scored[0].assessed_on, scored[-1].assessed_on
    days = max((last - first).days, 1)
    return Chart(
        tuple(
            ChartPoint(
                x=EDGE + round((WIDTH - 2 * EDGE) * (each.assessed_on - first).days / days),
                y=HEIGHT - EDGE - round((HEIGHT - 2 * EDGE) * (each.score or 0) / 100),
                score=each.score or 0,
                on=each.assessed_on,
                tone=each.level_tone or "brand",
                label=each.level_words,
            )
            for each in scored
        )
    )
