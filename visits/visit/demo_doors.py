"""A few doors in the demo director's village, told by the services themselves: where nobody was met and what comes
next, one visit to two sisters, and one on which the file turned out to be out of date."""

import datetime
import uuid
from itertools import combinations

from django.utils import timezone

from childwelfare.demo.makers import Demo
from orgs.posts.models import Appointment
from registry.child.fields import content_of
from registry.child.models import ChildFile
from visits.visit.models import Visit
from visits.visit.observed_changes import OBSERVABLE
from visits.visit.questions import needed_answers
from visits.visit.services.family import FamilyAnswers, log_family_visit, siblings_at_home
from visits.visit.services.log import log_visit

DAY = datetime.timedelta(days=1)
WANTED = 6
ANSWERS = needed_answers() | {
    "method": "home", "outcome": "seen", "met": "祖母", "met_relation": "奶奶", "seen_alone": True, "carer": "same",
    "care": "good", "living": "fair", "attendance": "in_school", "health": "good", "mood": "cheerful", "hazards": [],
}  # fmt: skip


def make_doors(demo: Demo) -> int:
    """Visits of the last days by the demo director, as far as there are children. Returns how many."""
    director = Appointment.objects.with_unit().current().filter(person__username="demo_director").first()
    if director is None:
        return 0
    day = timezone.localdate()
    found = ChildFile.objects.in_registry().filter(village=director.unit_id, changes=None, stays=None)
    files = list(found.filter(approved_on__lt=day - 3 * DAY).order_by("-file_number")[:WANTED])
    if len(files) < WANTED:
        return 0
    away, refused, moved, lost, school, _rest = files
    _not_met(away, director, "away", "come_again", "跟母亲去上海，说暑假前回来", next_on=day + 5 * DAY)
    _not_met(refused, director, "refused", "together", "伯父不让进门，说孩子睡了")
    _not_met(moved, director, "wrong_address", "correct_address", "四组 22 号")
    _not_met(lost, director, "not_found", "tell_station", "")
    log_visit(
        school,
        by=director,
        pk=_pk(school),
        answers=ANSWERS | {"visited_on": day},
        hazards_looked_at=True,
        changes=_observed_change(school, school="高村乡第二小学", grade="三年级"),
    )
    _sisters(director, day)
    return Visit.objects.filter(made_by=director.person, visited_on__gte=day - DAY).count()


def _not_met(file: ChildFile, by: Appointment, outcome: str, step: str, heard: str, **given) -> None:
    said = {
        "visited_on": timezone.localdate() - DAY,
        "method": "home",
        "hazards": [],
        "outcome": outcome,
        "next_step": step,
        "whereabouts": heard,
    }
    log_visit(file, by=by, answers=said | given, hazards_looked_at=False, pk=_pk(file))


def _pk(file: ChildFile) -> uuid.UUID:
    """The same for the same seed."""
    return uuid.uuid5(file.pk, "door")


def _observed_change(file: ChildFile, **values) -> dict:
    now = content_of(file, OBSERVABLE)
    return {name: {"base": now[name], "value": value} for name, value in values.items()}


def _sisters(by: Appointment, day: datetime.date) -> None:
    """Two children of the village become a family and are visited together: of one surname where there are such; else
    one bears the mother's."""
    found = ChildFile.objects.in_registry().filter(village=by.unit_id, stays=None, changes=None, approved_on__lt=day)
    files = list(found.order_by("file_number"))
    pairs = [(one, other) for one, other in combinations(files, 2) if one.name[0] == other.name[0]]
    one, other = pairs[0] if pairs else files[:2]
    _one_family(one, other)
    (other,) = siblings_at_home(one, by)
    said = ANSWERS | {"visited_on": day}
    log_family_visit(
        FamilyAnswers(one, said),
        [FamilyAnswers(other, said | {"mood": "ordinary", "seen_alone": False})],
        by=by,
        hazards_looked_at=True,
        pk=_pk(one),
    )


def _one_family(one: ChildFile, other: ChildFile) -> None:
    """They live together, with the same carer and the same parents."""
    one.family_uid = uuid.uuid5(one.pk, "family")
    ChildFile.objects.filter(pk__in=[one.pk, other.pk]).update(family_uid=one.family_uid, address=one.address)
    carers = {file.pk: file.guardians.current().first() for file in (one, other)}
    if all(carers.values()):
        _copy(carers[one.pk], carers[other.pk], "name", "relation", "birth_date", "phone")
    parents = {member.relation: member for member in one.family.all()}
    for member in other.family.filter(relation__in=parents):
        _copy(parents[member.relation], member, "name", "birth_date")


def _copy(source, target, *names: str) -> None:
    for name in names:
        setattr(target, name, getattr(source, name))
    target.save()
