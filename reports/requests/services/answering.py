"""What a unit that was asked does: it keeps what it has so far, sends it, takes it back; the asker returns it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from childwelfare.text.cleaning import check_texts
from childwelfare.workflow.refusals import Stale
from childwelfare.workflow.writing import claim
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from reports.requests.models import NOTE_LONGEST, DataAnswer, DataAnswerEvent
from reports.requests.questions import read_values
from reports.requests.states import OPEN_STATES
from reports.requests.workflow import ANSWER, Filling


def keep(
    answer: DataAnswer, *, by: Appointment, seen_version: int, given: Mapping[str, Any], note: str = ""
) -> DataAnswer:
    """Keep what is filled in so far, without sending it; blanks are no fault yet. ``given``: {field of a question:
    what was typed}. Raises PermissionDenied, Stale, ValidationError by field."""
    _refuse(answer, by, seen_version)
    values, note = _read(answer, given, note, complete=False)
    with transaction.atomic():
        claim(answer, seen_version, state=answer.state, request__state=answer.request.state)
        DataAnswer.objects.filter(pk=answer.pk).update(values=values, note=note)
        told: dict[str, Any] = {"request": str(answer.request_id), "answered": len(values)}
        record_act(by, "keep_data_answer", answer, unit=answer.unit, **told)
    kept: DataAnswer = DataAnswer.objects.with_all().get(pk=answer.pk)
    return kept


def submit(
    answer: DataAnswer, *, by: Appointment, seen_version: int, given: Mapping[str, Any], note: str = ""
) -> DataAnswerEvent:
    """Send it to who asked. What is left blank needs a note. Raises as ``keep``, and Refused."""
    _refuse(answer, by, seen_version)
    values, note = _read(answer, given, note, complete=True)
    return ANSWER.apply("submit", answer, by=by, seen_version=seen_version, payload=Filling(values, note))


def take_back(answer: DataAnswer, *, by: Appointment, seen_version: int) -> DataAnswerEvent:
    """While the asker has not closed it."""
    return ANSWER.apply("take_back", answer, by=by, seen_version=seen_version)


def send_back(answer: DataAnswer, *, by: Appointment, seen_version: int, reason: str) -> DataAnswerEvent:
    """The asker returns it, with what is wrong."""
    return ANSWER.apply("return", answer, by=by, seen_version=seen_version, reason=reason)


def _refuse(answer: DataAnswer, by: Appointment, seen_version: int) -> None:
    """Before what was typed is judged: who may not, or came second, has nothing to mend."""
    if objection := ANSWER.objection(by, answer, "submit"):
        if isinstance(objection, Stale):
            raise ANSWER.naming_last_move(objection, answer, OPEN_STATES)
        raise objection
    ANSWER.refuse_moved_since("submit", answer, seen_version=seen_version)


def _read(answer: DataAnswer, given: Mapping[str, Any], note: str, *, complete: bool) -> tuple[dict[str, Any], str]:
    note = check_texts({"note": note})["note"]
    questions = list(answer.request.questions.all())
    values, problems = read_values(questions, given, note=note, complete=complete)
    if len(note) > NOTE_LONGEST:
        problems["note"] = [_("最多 %(most)s 字，现在有 %(n)s 字。") % {"most": NOTE_LONGEST, "n": len(note)}]
    if unknown := set(given) - {each.field for each in questions}:
        problems["values"] = [_("没有“%(key)s”这一栏。") % {"key": min(unknown)[:40]}]
    if problems:
        raise ValidationError(problems)
    return values, note
