"""Assessments in the demo: of a good part of the children by bulk, agreeing with what their files say; in the demo
director's village by the services, one in each state that asks somebody to act. None without an assessment system."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from childwelfare.demo.makers import MAKERS, Demo
from orgs.posts.models import Appointment
from registry.assessments.models import Assessment, AssessmentDue, AssessmentEvent
from registry.assessments.services.answers import Given, from_the_file
from registry.assessments.services.assess import assess_child, instrument_for, work_out
from registry.assessments.services.dues import fill_dues, next_date
from registry.assessments.workflow import ASSESSMENT
from registry.child.codes import UNASSESSED
from registry.child.models import ChildFile
from registry.instruments.definition import NO, UNKNOWN, Definition
from registry.instruments.facts import facts_of
from registry.instruments.models import Instrument
from registry.instruments.scoring import asked, score

DAY = datetime.timedelta(days=1)
DRAWN = 1500  # sets of answers from which those of a level are taken
HOUR = datetime.timedelta(hours=1)
MOST = 1500  # children assessed in bulk: for more the demo would take too long
SEED = 62


def make_assessments(demo: Demo) -> int:
    """Returns how many there are; 0 where no assessment system is in force."""
    instrument = Instrument.objects.in_force().first()
    if instrument is None:
        return 0
    rng = random.Random(SEED)
    posts = Appointment.objects.with_unit().current()
    director = posts.filter(person__username="demo_director").first()
    own = set(_own_files(director).values_list("pk", flat=True)) if director else set()
    _assess_in_bulk(instrument, list(posts), own, rng)
    fill_dues()
    clerks = list(posts.filter(person__username__in=("demo_clerk", "demo_clerk2")).order_by("person__username"))
    if director and len(clerks) == 2 and instrument_for_village(director):
        _one_in_each_state(director, clerks, rng)
    return Assessment.objects.count()


def instrument_for_village(director: Appointment) -> Instrument | None:
    file = _own_files(director).first()
    return instrument_for(file) if file else None


def _own_files(director: Appointment):
    return ChildFile.objects.in_registry().filter(village=director.unit_id).order_by("file_number")


def _assess_in_bulk(instrument: Instrument, posts: list[Appointment], left_out: set[Any], rng: random.Random) -> None:
    by_level = _answers_by_level(instrument.content, rng)
    at = {post.unit_id: post for post in posts}
    files = ChildFile.objects.in_registry().filter(city=instrument.unit_id).exclude(risk=UNASSESSED)
    rows, events, dues = [], [], []
    for file in files.exclude(pk__in=left_out).order_by("file_number")[:MOST]:
        assessor, clerk = at.get(file.village_id), at.get(file.township_id)
        if assessor is None or clerk is None or not by_level.get(file.risk) or rng.random() < 0.2:
            continue
        since = max(instrument.since or timezone.localdate(), file.approved_on or timezone.localdate())
        days = (timezone.localdate() - since).days
        if days < 1:  # confirmed the same afternoon, which has not come yet
            continue
        day = since + rng.randrange(days) * DAY
        row = _row(instrument, file, assessor, rng.choice(by_level[file.risk]), day)
        rows.append(row)
        events.append(_event(row, "make", "", "submitted", assessor, row.made_at))
        events.append(_event(row, "confirm", "submitted", "approved", clerk, row.decided_at))
        due = AssessmentDue(child=file, due_on=row.next_on, since=day, occasion="regular")
        due.place(file)
        dues.append(due)
    Assessment.objects.bulk_create(rows, batch_size=500)
    AssessmentEvent.objects.bulk_create(events, batch_size=500)
    AssessmentDue.objects.bulk_create(dues, batch_size=500)


def _row(
    instrument: Instrument, file: ChildFile, assessor: Appointment, answers: dict, day: datetime.date
) -> Assessment:
    content = instrument.content
    result = score(content, {}, answers)
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(15, 10)))
    row = Assessment(
        child=file,
        instrument=instrument,
        occasion="first",
        assessed_on=day,
        screen={each.key: NO for each in content.screen},
        answers=answers,
        score=result.score,
        scores=dict(result.scores or {}),
        unknown=result.unknown,
        proposed=result.level,
        level=result.level,
        guardianship_words=result.words,
        next_on=next_date(content, result.level, day),
        first_estimate=UNASSESSED,
        state="approved",
        version=2,
        made_by=assessor.person,
        made_in=assessor,
        made_at=at,
        sent_at=at,
        decided_at=at + HOUR,
    )
    row.place(file)
    return row


def _event(record: Assessment, action: str, was: str, now: str, post: Appointment, at: Any) -> AssessmentEvent:
    return AssessmentEvent(record=record, action=action, was=was, now=now, person=post.person, post=post, at=at)


def _answers_by_level(content: Definition, rng: random.Random) -> dict[str, list[dict]]:
    """{level: sets of answers that come to it}, drawn by chance, some of them with something unknown."""
    found: dict[str, list[dict]] = {level.key: [] for level in content.levels}
    for bad in _shares():
        answers = _drawn(content, rng, bad)
        result = score(content, {}, answers)
        if result.level:
            found[result.level].append(answers)
    return found


def _shares() -> Iterator[float]:
    """How often a worse answer is drawn: from hardly ever to mostly."""
    for number in range(DRAWN):
        yield 0.05 + 0.85 * number / DRAWN


def _drawn(content: Definition, rng: random.Random, bad: float) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    for indicator in content.indicators():
        worse = [each.key for each in indicator.answers if each.points]
        best = [each.key for each in indicator.answers if not each.points] or [UNKNOWN]
        if indicator.several:
            drawn[indicator.key] = [key for key in worse if rng.random() < bad / 2]
        elif worse and rng.random() < bad:
            drawn[indicator.key] = rng.choice(worse)
        else:
            drawn[indicator.key] = UNKNOWN if rng.random() < 0.03 else best[0]
    return {each.key: drawn[each.key] for each in asked(content, drawn)}


def _one_in_each_state(director: Appointment, clerks: list[Appointment], rng: random.Random) -> None:
    """High and waiting for the county, returned, unfinished, and one child assessed by two."""
    files = list(_own_files(director)[:5])
    if len(files) < 5:
        return
    high, returned, unfinished, pair, waiting = files
    today, (clerk, second) = timezone.localdate(), clerks
    signed = _send(high, director, "high", rng, today - 2 * DAY)
    if signed:
        ASSESSMENT.apply("confirm", signed, by=clerk, seen_version=signed.version)
    back = _send(returned, director, "general", rng, today - 4 * DAY)
    if back:
        reason = "孩子的想法没有写，请见到孩子再报"
        ASSESSMENT.apply("return", back, by=second, seen_version=back.version, reason=reason)
    _send(unfinished, director, "", rng, today - DAY)
    if _send(pair, director, "raised", rng, today - 6 * DAY):
        _send(pair, clerk, "general", rng, today - 3 * DAY, occasion="second")
    _send(waiting, director, "watch", rng, today - DAY)


def _send(
    file: ChildFile, by: Appointment, level: str, rng: random.Random, on: datetime.date, occasion: str = "regular"
) -> Assessment | None:
    """An assessment whose answers come to ``level``; "": too much is unknown. None where none was drawn."""
    instrument = instrument_for(file, on)
    if instrument is None:
        return None
    content = instrument.content
    told = from_the_file(content, facts_of(content, [file], on)[file.pk])
    of_file = {key: answer for key, (answer, _fact) in told.items()}
    given: dict[str, Any] = {
        "occasion": occasion,
        "assessed_on": on,
        "screen": {each.key: NO for each in content.screen},
    }
    given |= {"child_view": "想妈妈多打电话", "guardian_view": "愿意配合", "participants": "班主任王老师"}
    for bad in _shares():
        answers = _drawn(content, rng, bad) | of_file
        if not level:
            answers = {each.key: UNKNOWN for each in content.indicators()} | of_file
        answers = _all_asked(content, answers)
        if score(content, {}, answers).level == level:
            own = {key: answer for key, answer in answers.items() if key not in of_file}
            worse = dict.fromkeys(own, "近来照看的人少了")
            found = Given(**given, answers=own, worse_because=worse)
            if work_out(file, by=by, given=found).proposed == level:
                return assess_child(file, by=by, given=found)
    return None


def _all_asked(content: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """With an answer to each that these open: what is lacking is not known."""
    filled = {each.key: UNKNOWN for each in content.indicators()} | answers
    return {each.key: filled[each.key] for each in asked(content, filled)}


MAKERS.add(make_assessments, order=95)
