"""Made-up visits of twelve months: most in time, some late, some flagged, some sent back."""

import datetime
import random
import uuid

from django.utils import timezone

from childwelfare.demo import words
from childwelfare.demo.rows import row
from childwelfare.demo.words import Shares
from registry.child.ages import age_on
from registry.child.models import ChildFile
from visits.schedule.services.rules import interval
from visits.visit.flags import flags_of
from visits.visit.questions import VISIT_QUESTIONS

METHODS = Shares(("home", 80), ("school", 12), ("phone", 8))
LIVING = Shares(("good", 50), ("fair", 48), ("poor", 2))
HEALTH = Shares(("good", 80), ("fair", 19), ("poor", 1))
MOODS = Shares(("cheerful", 60), ("ordinary", 37), ("low", 3))


def visits_of(file: ChildFile, rng: random.Random, *, rules, today: datetime.date, by, late: bool) -> list:
    """The visits of one registered child, oldest first. ``late``: the newest ones were missed."""
    days = interval(file, on=file.approved_on, rules=rules)
    until = today - datetime.timedelta(days=days + rng.randrange(1, 12)) if late else today
    if file.closed_on:
        until = min(until, file.closed_on)
    assert file.approved_on
    made: list = []
    day = file.approved_on
    while True:
        day += datetime.timedelta(days=max(2, days + rng.choice((-3, -2, -1, -1, 0, 0, 0, 1, 2))))
        if day > until:
            return made
        visit = _visit(file, rng, day, by)
        if visit.made_at > timezone.now():  # today, later than it is now: nobody was there yet
            return made
        made.append(visit)


def _visit(file: ChildFile, rng: random.Random, day: datetime.date, by):
    at = datetime.datetime.combine(day, datetime.time(8 + rng.randrange(10), rng.randrange(60)))
    age = age_on(file.birth_date, day)
    visit = row(
        id=uuid.UUID(int=rng.getrandbits(128), version=4),
        child_id=file.pk,
        village_id=file.village_id,
        township_id=file.township_id,
        county_id=file.county_id,
        city_id=file.city_id,
        visited_on=day,
        made_at=timezone.make_aware(at),
        made_by_id=by.person_id,
        made_in_id=by.pk,
        method=METHODS.pick(rng),
        outcome="seen",
        next_step="",
        whereabouts="",
        met=rng.choice(("本人和照看人", "本人", "照看人")),
        seen_alone=rng.random() < 0.6,
        parent_contact_on=day - datetime.timedelta(days=rng.choice((0, 1, 1, 2, 3, 5))),
        carer="same",
        care=file.guardianship or "fair",
        living=LIVING.pick(rng),
        attendance="not_due" if age < 6 else "out" if file.schooling == "dropped_out" else "in_school",
        health=HEALTH.pick(rng),
        mood=MOODS.pick(rng),
        lives_alone=None,
        hazards=[],
        hazard_note="",
        family_change="",
        focus=False,
        next_on=None,
        flags=[],
        state="submitted",
        version=1,
        guardian_words=rng.choice(words.WORDS) if rng.random() < 0.5 else "",
        needs=rng.choice(words.NEEDS) if rng.random() < 0.15 else "",
        help_given=rng.choice(words.HELP) if rng.random() < 0.4 else "",
    )
    if visit.care == "poor" and rng.random() < 0.7:
        visit.care = "fair"
    if rng.random() < 0.03:
        visit.hazards, visit.hazard_note = (
            [rng.choice(("water", "electricity", "traffic"))],
            rng.choice(words.HAZARD_NOTES),
        )
    if rng.random() < 0.02:
        visit.family_change = rng.choice(words.CHANGES)
    for question in VISIT_QUESTIONS.questions:
        if question.sample and VISIT_QUESTIONS.is_shown(question, vars(visit), on=day):
            setattr(visit, question.name, random.Random(f"{visit.id} {question.name}").choice(question.sample))
    visit.flags = flags_of(visit, file, recorded_on=day)
    return visit
