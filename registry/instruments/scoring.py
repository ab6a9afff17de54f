"""What answers come to by a version of the assessment system. Pure: the same for page, API, phone and try-out.

An answer 不清楚 never makes the level worse: it counts like the best answer, ``Result.worst`` says what the score would
be if all of them were the worst ones, and over ``Definition.unknown_most`` per cent of them no level is given at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.instruments.definition import UNKNOWN, YES, Definition, Dimension, Indicator, Level


@dataclass(frozen=True)
class Result:
    """``urgent``: the key of the screen's first yes; then nothing was scored. ``score`` of 100 and ``scores`` by
    dimension; ``worst``: the score if all that is not known were the worst. ``unknown``: per cent of what was asked,
    rounded up. ``by_score``: the level of the score alone; ``lifted_by``: the dimensions that lifted it; ``level``:
    the one that is proposed, "" where too much is unknown. ``words``: how the declared dimension is called.
    ``points``: {indicator: what it gave}, of those that were asked and known."""

    urgent: str
    level: str
    score: int | None = None
    worst: int | None = None
    scores: Mapping[str, int] | None = None
    unknown: int = 0
    by_score: str = ""
    lifted_by: tuple[str, ...] = ()
    words: str = ""
    points: Mapping[str, int] | None = None


def first_yes(definition: Definition, screen: Mapping[str, str]) -> str:
    """The question of the urgent screen that decides; "" where none does."""
    return next((each.key for each in definition.screen if screen.get(each.key) == YES), "")


def asked(definition: Definition, answers: Mapping[str, Any]) -> Iterator[Indicator]:
    """The indicators that ``answers`` ask for, in their order: an indicator that is not asked opens none."""
    opened: dict[str, set[str]] = {}
    for indicator in definition.indicators():
        if indicator.when and not any(opened.get(each.indicator, set()) & set(each.answers) for each in indicator.when):
            continue
        opened[indicator.key] = set(_given(answers.get(indicator.key)))
        yield indicator


def points_of(indicator: Indicator, answer: Any) -> int | None:
    """What an answer gives; None for one that is not known, or is none of the indicator's."""
    given = _given(answer)
    known = [each.points for each in indicator.answers if each.key in given]
    if UNKNOWN in given or (not known and not (indicator.several and answer == [])):
        return None
    total = sum(known)
    return min(total, indicator.at_most) if indicator.several and indicator.at_most is not None else total


def score(definition: Definition, screen: Mapping[str, str], answers: Mapping[str, Any]) -> Result:
    """``screen``: {question: yes, no or unknown}; ``answers``: {indicator: the key of its answer, a list of keys where
    it takes several, or unknown}. What is missing is not known; what is not asked counts like its best answer: it says
    nothing against the child, whichever way the points run."""
    if urgent := first_yes(definition, screen):
        return Result(urgent=urgent, level=definition.screen_level)
    in_question = {indicator.key for indicator in asked(definition, answers)}
    scores, points, worst, unknown = {}, {}, 0, 0
    for dimension in definition.dimensions:
        total = 0
        for indicator in dimension.indicators:
            best, at_worst = (0, indicator.most) if definition.higher_is_worse else (indicator.most, 0)
            if indicator.key not in in_question:
                total, worst = total + best, worst + best
                continue
            given = points_of(indicator, answers.get(indicator.key))
            if given is None:
                unknown += 1
            else:
                points[indicator.key] = given
            total += best if given is None else given
            worst += at_worst if given is None else given
        scores[dimension.key] = total
    share = -(-100 * unknown // len(in_question)) if in_question else 100
    reached = sum(scores.values())
    by_score = level_of(definition, reached)
    lifted_by = tuple(each.key for each in definition.dimensions if _lifts(definition, each, scores[each.key]))
    level = worse(definition, by_score) if lifted_by else by_score
    return Result(
        urgent="",
        level=level.key if share <= definition.unknown_most else "",
        score=reached,
        worst=worst,
        scores=scores,
        unknown=share,
        by_score=by_score.key,
        lifted_by=lifted_by if level != by_score else (),
        words=_words(definition, scores),
        points=points,
    )


def level_of(definition: Definition, reached: int) -> Level:
    """The level whose range holds the score."""
    within = [level for level in definition.levels if level.least <= reached]
    return max(within, key=lambda level: level.least)


def worse(definition: Definition, level: Level) -> Level:
    """The next worse level; the worst stays."""
    return definition.levels[max(definition.levels.index(level) - 1, 0)]


def _lifts(definition: Definition, dimension: Dimension, reached: int) -> bool:
    lift = definition.lift
    if lift is None or not dimension.most:
        return False
    bad = reached if definition.higher_is_worse else dimension.most - reached
    return bad * lift.of >= dimension.most * lift.parts


def _words(definition: Definition, scores: Mapping[str, int]) -> str:
    words = definition.words
    if words is None:
        return ""
    within = [step for step in words.steps if step[0] <= scores[words.dimension]]
    return max(within)[1] if within else ""


def _given(answer: Any) -> list[str]:
    if isinstance(answer, list | tuple):
        return [str(each) for each in answer]
    return [answer] if isinstance(answer, str) and answer else []
