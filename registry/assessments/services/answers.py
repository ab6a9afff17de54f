"""What an assessor sends, held against the assessment system: which indicators the file answers, which a person has to,
and what is wrong. Pure but for the facts, which are handed in."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from registry.instruments.definition import NO, UNKNOWN, YES, Definition, Indicator, ScreenQuestion
from registry.instruments.facts import Fact, answer_by
from registry.instruments.scoring import asked, points_of

WHY_LIMIT = 200  # characters of one reason


@dataclass(frozen=True, kw_only=True)
class Given:
    """One assessment as it is sent. ``instrument``: the key of the version that was answered; None for the one in force
    on ``assessed_on``. ``level``, ``guardianship_words``: what a person decides; blank: as the points say."""

    occasion: str
    assessed_on: datetime.date | None
    screen: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    worse_because: Mapping[str, str] = field(default_factory=dict)
    level: str = ""
    level_reason: str = ""
    guardianship_words: str = ""
    participants: str = ""
    child_view: str = ""
    guardian_view: str = ""
    strengths: str = ""
    danger_words: str = ""
    instrument: uuid.UUID | None = None


@dataclass(frozen=True)
class Before:
    """The last assessment of the child: its answers and its day; none of a child that was never assessed."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    on: datetime.date | None = None


@dataclass(frozen=True)
class Read:
    """``answers``: of all indicators that are asked, those of the file among them, which ``computed`` names."""

    screen: dict[str, str]
    answers: dict[str, Any]
    computed: dict[str, dict[str, Any]]
    worse_because: dict[str, str]


def from_the_file(definition: Definition, facts: Mapping[str, Fact]) -> dict[str, tuple[str, Fact]]:
    """{indicator: (its answer, the fact)} of the computed indicators that the file tells. The others are asked of the
    assessor."""
    told = {}
    for indicator in definition.indicators():
        fact = facts.get(indicator.key) if indicator.source else None
        answer = answer_by(indicator, fact.value) if fact and fact.value is not None else None
        if fact and answer:
            told[indicator.key] = (answer.key, fact)
    return told


def read_answers(
    definition: Definition, facts: Mapping[str, Fact], given: Given, before: Before, problems: dict[str, list]
) -> Read:
    """What of ``given`` is kept. What is wrong is added to ``problems``, by ``screen.<question>``,
    ``answers.<indicator>`` or ``worse_because.<indicator>``."""
    screen = _read_screen(definition.screen, given.screen, problems)
    if YES in screen.values():
        return Read(screen, {}, {}, {})
    told = from_the_file(definition, facts)
    answers: dict[str, Any] = {key: answer for key, (answer, _fact) in told.items()}
    for indicator in definition.indicators():
        if indicator.key not in told and indicator.key in given.answers:
            answers[indicator.key] = _in_order(indicator, given.answers[indicator.key])
    in_question = list(asked(definition, answers))
    worse = {}
    for indicator in in_question:
        if indicator.key in told:
            continue
        if _is_wrong(indicator, answers.get(indicator.key)):
            problems[f"answers.{indicator.key}"] = [_("请选择一项；看不到、问不到的，选“不清楚”。")]
        elif is_worse(definition, indicator, answers[indicator.key], before.answers.get(indicator.key)):
            worse[indicator.key] = _read_reason(indicator, given.worse_because, problems)
    kept = {indicator.key: answers[indicator.key] for indicator in in_question if indicator.key in answers}
    computed = {key: {"value": fact.value, "words": fact.words} for key, (_answer, fact) in told.items() if key in kept}
    return Read(screen, kept, computed, worse)


def is_worse(definition: Definition, indicator: Indicator, now: Any, then: Any) -> bool:
    """Whether an answer is worse than the one of last time; never where one of them is not known, or where last time's
    is none of this version's answers."""
    points, before = points_of(indicator, now), points_of(indicator, then)
    if points is None or before is None:
        return False
    return points > before if definition.higher_is_worse else points < before


def _read_screen(
    questions: tuple[ScreenQuestion, ...], given: Mapping[str, str], problems: dict[str, list]
) -> dict[str, str]:
    """The answers in their order up to the first yes, which decides: what is asked after it is asked no more."""
    screen = {}
    for question in questions:
        answer = given.get(question.key)
        if answer not in (YES, NO, UNKNOWN):
            problems[f"screen.{question.key}"] = [_("请选择一项；看不到、问不到的，选“不清楚”。")]
            continue
        screen[question.key] = answer
        if answer == YES:
            break
    if YES in screen.values():  # what was not asked before it lacks nothing
        for question in questions:
            problems.pop(f"screen.{question.key}", None)
    return screen


def _in_order(indicator: Indicator, answer: Any) -> Any:
    """Several answers in the order of the system, so that the same answers are the same."""
    if not isinstance(answer, list | tuple):
        return answer
    known = [each.key for each in indicator.answers if each.key in answer]
    return known if len(known) == len(set(answer)) else list(answer)


def _is_wrong(indicator: Indicator, answer: Any) -> bool:
    keys = {each.key for each in indicator.answers}
    if answer == UNKNOWN:
        return False
    if indicator.several:
        return not isinstance(answer, list) or not all(isinstance(key, str) and key in keys for key in answer)
    return not isinstance(answer, str) or answer not in keys


def _read_reason(indicator: Indicator, given: Mapping[str, str], problems: dict[str, list]) -> str:
    reason, name = clean_reason(given.get(indicator.key)), f"worse_because.{indicator.key}"
    if not reason:
        problems[name] = [_("比上次差，请写一句为什么。")]
    elif len(reason) > WHY_LIMIT:
        problems[name] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": WHY_LIMIT, "n": len(reason)}]
    return reason


def clean_reason(text: Any) -> str:
    """Why something is worse, as it is kept: in one line."""
    return " ".join(str(text or "").split())
