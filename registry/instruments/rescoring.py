"""What a version of the assessment system makes of the assessments in force: one way, for the try-out and publishing.

Nothing is asked of anybody anew: the answers that were given are read by the version's questions. A computed answer is
derived again from the value that the file told then; a fact that no question asked for then is asked of the file as it
is on the day of counting; what else is new is not known.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from registry.assessments.models import Assessment
from registry.child.codes import UNASSESSED
from registry.child.models import ChildFile
from registry.instruments.definition import Definition, Dimension
from registry.instruments.facts import Fact, answer_by, facts_of
from registry.instruments.models import Instrument
from registry.instruments.scoring import score

CHUNK = 500  # files read at a time: what is held in memory, and how often progress is told


@dataclass(frozen=True)
class Line:
    """One child: the level that counts now and the one that the version would give, ``UNASSESSED`` where too much is
    not known by its questions."""

    assessment: Assessment
    township: int
    level: str
    level_by_it: str

    @property
    def changes(self) -> bool:
        return self.level != self.level_by_it


def children_of(instrument: Instrument) -> Any:
    """The files whose newest assessment is read: of all children on file where the version holds."""
    return ChildFile.objects.in_registry().within(instrument.unit)


def rescored(instrument: Instrument, *, on: datetime.date) -> Iterator[tuple[int, list[Line]]]:
    """(how many files were looked at, the lines of those that are assessed), CHUNK files at a time. A fixed number of
    queries for each chunk."""
    definition, last = instrument.content, None
    files = children_of(instrument).order_by("pk")
    if not any(each.source for each in definition.indicators()):
        files = files.only("pk", "township")
    while True:
        chunk = list((files.filter(pk__gt=last) if last else files)[:CHUNK])
        if not chunk:
            return
        yield len(chunk), _lines(definition, chunk, on)
        last = chunk[-1].pk


def counted(lines: list[Line], counts: dict[str, Counter]) -> None:
    """Add ``lines`` to ``counts``, as ``TryOut.counts`` holds them."""
    for line in lines:
        counts.setdefault(str(line.township), Counter())[f"{line.level}>{line.level_by_it}"] += 1


def _lines(definition: Definition, files: list[ChildFile], on: datetime.date) -> list[Line]:
    assessments = _newest_of(files)
    assessed = [file for file in files if file.pk in assessments]
    new = _asked_of_the_file(definition, assessments.values())
    facts = facts_of(new, assessed, on)
    return [_line(definition, file, assessments[file.pk], facts[file.pk]) for file in assessed]


def _asked_of_the_file(definition: Definition, assessments: Collection[Assessment]) -> Definition:
    """The computed indicators that one of ``assessments`` at least says nothing about."""
    new = tuple(
        indicator
        for indicator in definition.indicators()
        if indicator.source
        and not all(indicator.key in each.computed or indicator.key in each.answers for each in assessments)
    )
    return Definition(dimensions=(Dimension("new", "", 0, new),), levels=())


def _newest_of(files: list[ChildFile]) -> dict[Any, Assessment]:
    """{file: its newest assessment in force}. One query, without what is sealed in them."""
    found = Assessment.objects.in_force().filter(child__in=[file.pk for file in files], second_of=None)
    read = ("child", "screen", "answers", "computed", "level", "proposed", "assessed_on", "made_at")
    newest: dict[Any, Assessment] = {}
    for assessment in found.only(*read).newest_first().iterator():
        newest.setdefault(assessment.child_id, assessment)
    return newest


def _line(definition: Definition, file: ChildFile, assessment: Assessment, facts: dict[str, Fact]) -> Line:
    answers = answers_by(definition, assessment, facts)
    proposed = score(definition, assessment.screen, answers).level or UNASSESSED
    # a person decided otherwise than the points said: that stands, unless the points say something else now
    level = assessment.level or UNASSESSED
    by_it = level if proposed == assessment.proposed else proposed
    return Line(assessment, file.township_id, level, by_it)


def answers_by(definition: Definition, assessment: Assessment, facts: dict[str, Fact]) -> dict[str, Any]:
    """The answers of ``assessment`` as the questions of ``definition`` read them. ``facts``: of the file today."""
    answers = dict(assessment.answers)
    for indicator in definition.indicators():
        if not indicator.source:
            continue
        told = assessment.computed.get(indicator.key)
        if told is None and indicator.key in answers:
            continue  # a person was asked, since the file did not tell
        fact = facts.get(indicator.key, Fact(None)).value if told is None else told.get("value")
        if answer := answer_by(indicator, fact):
            answers[indicator.key] = answer.key
    return answers
