"""One visit to brothers and sisters at one door: what they have in common said once, a record of each."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from childwelfare.uploads.pictures import Picture
from childwelfare.workflow.refusals import Refused
from childwelfare.workflow.writing import refuse_other_content
from orgs.posts.models import Appointment
from registry.child.models import ChildFile
from registry.stays.models import Stay
from visits.visit.models import Visit
from visits.visit.observed_changes import changes_for_sibling
from visits.visit.services.log import log_visit


@dataclass(frozen=True)
class FamilyAnswers:
    """What was told of one child."""

    child: ChildFile
    answers: dict


def siblings_at_home(child: ChildFile, by: Appointment) -> list[ChildFile]:
    """Brothers and sisters in the village of ``child`` whom ``by`` may log a visit to, eldest first."""
    if child.family_uid is None:
        return []
    found = ChildFile.objects.open_to(by, "log_visit").to_visit().siblings_of(child)
    files = list(found.order_by("birth_date", "id"))
    if not files:
        return []
    stays = Stay.objects.in_force().filter(child__in=[child.pk, *(file.pk for file in files)])
    lives = {stay.child_id: stay.village_id for stay in stays}
    home = lives.get(child.pk, child.village_id)
    return [file for file in files if lives.get(file.pk, file.village_id) == home]


def log_family_visit(
    first: FamilyAnswers,
    others: list[FamilyAnswers],
    *,
    by: Appointment,
    hazards_looked_at: bool,
    pk: uuid.UUID,
    changes: dict | None = None,
    photos: Collection[Picture] = (),
) -> list[Visit]:
    """A visit of each child, all or none. ``pk`` is the first one's and marks them all; each other's follows from it,
    so that a second sending gives the same visits. ``photos`` are kept with the first one's.

    What was noticed (``changes``) of the family in the first one's file is proposed for the others' too. Raises as
    ``log_visit``; what is wrong with another child's answers stands under ``at_line(child, field)``.
    """
    visits, problems = [], {}
    with transaction.atomic():
        if others:
            _lock_files([first.child, *(each.child for each in others)])
        for each in (first, *others):
            mine = each is first
            try:
                visit = log_visit(
                    each.child,
                    by=by,
                    answers=each.answers,
                    hazards_looked_at=hazards_looked_at,
                    pk=pk if mine else uuid.uuid5(pk, str(each.child.pk)),
                    family=pk if others else None,
                    changes=changes if mine else changes_for_sibling(changes or {}, each.child),
                    photos=photos if mine else (),
                )
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    problems[name if mine else at_line(each.child, name)] = messages
            except Refused as refusal:
                if not others:
                    raise
                raise refusal.about(each.child.name) from None
            else:
                visits.append(visit)
        if problems:
            raise ValidationError(problems)
        _refuse_unticked(visits, pk, by)
        if others:
            _mark_as_one_door(visits, pk)
    return visits


def _refuse_unticked(visits: list[Visit], pk: uuid.UUID, by: Appointment) -> None:
    """Raises SentBefore where the first sending of this form had somebody more: her visit stays, and it is told."""
    saved = Visit.objects.filter(family=pk, made_by=by.person).exclude(pk__in=[visit.pk for visit in visits])
    refuse_other_content(not saved.exists())


def _mark_as_one_door(visits: list[Visit], pk: uuid.UUID) -> None:
    """Some were sent before, alone or with others: they bear one mark nevertheless."""
    mark = next((visit.family for visit in visits if visit.family and visit.family != pk), pk)
    apart = [visit for visit in visits if visit.family != mark]
    if apart:
        Visit.objects.filter(pk__in=[visit.pk for visit in apart]).update(family=mark)
        for visit in apart:
            visit.family = mark


def _lock_files(children: list[ChildFile]) -> None:
    """The rows that laying out dues locks, in one order: two families at once, whichever child comes first, don't wait
    for each other."""
    keys = {child.pk for child in children} | {child.survivor.pk for child in children}
    rows = ChildFile.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update().only("pk"))


def at_line(child: ChildFile, name: str) -> str:
    """The name of a brother's or sister's answer."""
    return f"{child.pk}-{name}"
