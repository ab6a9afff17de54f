"""A try-out of the assessment system over all children of a city, beside the plain reading of the same answers.

The floor reads the answers of the newest assessments, as JSON, and sums nothing.
"""

import random
from collections import Counter
from collections.abc import Iterator

from benchmarks._world import alone, fill, median_taken, seconds_of

BATCH = 2_000
RUNS = 3


def main(children: int = 20_000) -> None:
    """Print seconds by the clock and of a processor, and the ratio of the latter ours ÷ floor."""
    from django.db import connection

    from registry.assessments.models import Assessment
    from registry.instruments.models import Instrument

    fill(children)
    alone()
    made = seconds_of(_assess)
    instrument = Instrument.objects.get()
    assessments = Assessment.objects.count()
    print(f"{connection.vendor}, {assessments:,} assessments made in {made:.0f} s; median of {RUNS}\n")
    counts: list[Counter] = []
    ours, floor = median_taken(lambda: counts.append(_counted(instrument)), RUNS), median_taken(_read, RUNS)
    assert sum(counts[-1].values()) == assessments
    print("| what | seconds | of a processor | µs a child | ÷ floor |\n|---|--:|--:|--:|--:|")
    for what, taken in (("tried out", ours), ("answers read", floor)):
        each, ratio = taken.processor / assessments * 1e6, taken.processor / floor.processor
        print(f"| {what} | {taken.clock:.1f} | {taken.processor:.1f} | {each:,.0f} | {ratio:.1f} |")


def _counted(instrument) -> Counter:
    from django.utils import timezone

    from registry.instruments.rescoring import counted, rescored

    counts: dict[str, Counter] = {}
    for _looked_at, lines in rescored(instrument, on=timezone.localdate()):
        counted(lines, counts)
    return sum(counts.values(), Counter())


def _read() -> None:
    from registry.assessments.models import Assessment

    found = Assessment.objects.values_list("child", "screen", "answers", "computed", "level", "proposed")
    for _row in found.iterator(chunk_size=500):
        pass


def _assess() -> None:
    from registry.assessments.models import Assessment

    for rows in _batches():
        Assessment.objects.bulk_create(rows, batch_size=500)


def _batches() -> Iterator[list]:
    """Of every child, one in force, by the example: its answers are drawn."""
    from django.utils import timezone

    from orgs.posts.models import Appointment
    from orgs.units.models import OrgUnit
    from registry.assessments.models import Assessment
    from registry.child.models import ChildFile
    from registry.instruments.example import EXAMPLE, EXAMPLE_NAME
    from registry.instruments.models import Instrument
    from registry.instruments.scoring import score

    dice, today, now = random.Random(64), timezone.localdate(), timezone.now()
    post = Appointment.objects.select_related("person").first()
    city = OrgUnit.objects.get(level=1)
    instrument = Instrument.objects.create(
        unit=city, number=1, name=EXAMPLE_NAME, definition=EXAMPLE.as_json(), state="published", since=today,
        document="例", made_by=post.person, made_in=post,
    )  # fmt: skip
    rows = []
    for file in ChildFile.objects.in_registry().iterator(chunk_size=BATCH):
        given = _drawn(EXAMPLE, dice)
        found = score(EXAMPLE, {}, given)
        row = Assessment(
            child=file, instrument=instrument, occasion="first", answers=given, proposed=found.level,
            level=found.level, score=found.score, state="approved", made_by=post.person, made_in=post,
            decided_at=now, assessed_on=today, urgent=found.urgent,
        )  # fmt: skip
        row.place(file)
        rows.append(row)
        if len(rows) == BATCH:
            yield rows
            rows = []
    yield rows


def _drawn(definition, dice: random.Random) -> dict:
    """An answer to each question: mostly the mildest."""
    drawn: dict = {}
    for indicator in definition.indicators():
        answer = dice.choice(indicator.answers).key if dice.random() < 0.3 else indicator.answers[0].key
        drawn[indicator.key] = [answer] if indicator.several else answer
    return drawn
