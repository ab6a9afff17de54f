"""What tests of the assessment system share: assessments by direct inserts, answers, jobs done at once."""

import dataclasses

from django.utils import timezone

from childwelfare.jobs.services import run
from registry.assessments.models import Assessment
from registry.instruments.definition import Definition
from registry.instruments.example import EXAMPLE
from registry.instruments.scoring import score
from registry.instruments.try_out import newest_try_out
from tests.builders import a_post

MILD = {indicator.key: [] if indicator.several else indicator.answers[0].key for indicator in EXAMPLE.indicators()}


def answers(**other) -> dict:
    """Everything well, but what is told."""
    return MILD | other


def an_assessment(file, instrument, *, level: str = "", state: str = "approved", given=None, **other) -> Assessment:
    """One in force, of the level that its answers come to unless told."""
    given = answers() if given is None else given
    found = score(instrument.content, other.get("screen", {}), given)
    post = a_post(file.village)
    decided = timezone.now() if state in ("checked", "approved") else None
    made = Assessment(
        child=file, instrument=instrument, occasion="first", answers=given, proposed=found.level,
        level=level or found.level, score=found.score, state=state, made_by=post.person, made_in=post,
        decided_at=decided, **{"assessed_on": timezone.localdate(), "urgent": found.urgent} | other,
    )  # fmt: skip
    made.place(file)
    made.save()
    return made


def counted(instrument):
    """The newest try-out of ``instrument``, its job done."""
    run(newest_try_out(instrument).job_id)
    return newest_try_out(instrument)


def with_levels(**least: int) -> Definition:
    """The example with other thresholds."""
    levels = tuple(dataclasses.replace(each, least=least.get(each.key, each.least)) for each in EXAMPLE.levels)
    return dataclasses.replace(EXAMPLE, levels=levels)
