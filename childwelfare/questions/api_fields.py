"""The fields of an API reader that takes answers to a set of questions. None of them must be sent: what is missing
the set says itself (``check``), in its own words. ``serializer_fields`` and ``rows_of`` are for sets whose answers are
rows: no page has one yet, a test does (tests/childwelfare/questions/made_up.py)."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from childwelfare.api.fields import CleanChoice, CleanText, LooseDate, PeopleText, RoundedNumber, RoundedWhole
from childwelfare.questions.question import Kind, Question
from childwelfare.questions.question_set import QuestionSet


def serializer_fields(question_set: QuestionSet) -> dict[str, serializers.Field]:
    return {question.name: serializer_field(question) for question in question_set.questions}


def serializer_field(question: Question) -> serializers.Field:
    given: dict[str, Any] = {"required": False, "help_text": question.api_help or question.label}
    choices: list = question.codes.choices if question.codes else []
    match question.kind:
        case Kind.CHOICE:
            return CleanChoice(choices=choices, allow_blank=True, **given)
        case Kind.SEVERAL:
            return serializers.MultipleChoiceField(choices=choices, allow_null=True, default=None, **given)
        case Kind.YES_NO:
            return serializers.BooleanField(allow_null=True, **given)
        case Kind.DATE:
            return LooseDate(allow_null=True, **given)
        case Kind.TICK:
            return serializers.BooleanField(**given)
        case Kind.HIDDEN_NUMBER if question.decimals:
            given |= {"min_value": question.least, "max_value": question.largest}
            return RoundedNumber(decimal_places=question.decimals, allow_null=True, **given)
        case Kind.HIDDEN_NUMBER:
            return RoundedWhole(min_value=question.least, max_value=question.largest, allow_null=True, **given)
        case _ if question.names_people:
            return PeopleText(max_length=question.longest, allow_blank=True, **given)
        case _:
            return CleanText(max_length=question.longest, allow_blank=True, **given)


def rows_of(question_set: QuestionSet, data: Mapping[str, Any]) -> dict[str, Any]:
    """{question: answer} of validated ``data`` as JSON holds it, for answers that are kept as rows."""
    rows: dict[str, Any] = {}
    for question in question_set.questions:
        value = data.get(question.name)
        if question.kind == Kind.SEVERAL and value is not None:
            rows[question.name] = sorted(value)
        elif question.kind == Kind.DATE and value:
            rows[question.name] = value.isoformat()
        elif question.kind == Kind.HIDDEN_NUMBER and value is not None:
            rows[question.name] = str(value)
        elif question.is_answered(value):
            rows[question.name] = value
    return rows
