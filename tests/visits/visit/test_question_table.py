"""The table of questions and the columns of a visit say the same; what is declared of a question is there."""

import pytest
from django.db import models
from django.utils.functional import Promise

from childwelfare.questions.question import AskedOf, Kind
from visits.visit.models import Visit
from visits.visit.questions import VISIT_QUESTIONS

NO_ANSWERS = {
    "id", "child", "city", "county", "township", "village", "family", "flags",
    "sendings", "sent_for", "state", "taken_back", "drawn_from", "version", "made_by", "made_in",
    "made_at",
}  # fmt: skip
COLUMN_OF_KIND = {
    Kind.CHOICE: models.CharField,
    Kind.SEVERAL: models.JSONField,
    Kind.YES_NO: models.BooleanField,
    Kind.TEXT: models.CharField,
    Kind.LONG_TEXT: models.CharField,
    Kind.DATE: models.DateField,
    Kind.TICK: models.BooleanField,
}
each_question = pytest.mark.parametrize("question", VISIT_QUESTIONS.questions, ids=lambda question: question.name)


def test_every_column_is_a_question_or_no_answer():
    columns = {column.name for column in Visit._meta.concrete_fields}
    asked = {question.name for question in VISIT_QUESTIONS.questions}
    assert columns - NO_ANSWERS == asked


@each_question
def test_a_question_has_a_column_that_holds_its_answers(question):
    column = Visit._meta.get_field(question.name)
    if question.kind != Kind.HIDDEN_NUMBER:
        assert isinstance(column, COLUMN_OF_KIND[question.kind])
    if question.kind == Kind.CHOICE:
        assert column.choices == question.codes.choices
        assert max(map(len, question.codes.values)) <= column.max_length
    if question.kind in (Kind.TEXT, Kind.LONG_TEXT):
        assert 0 < question.longest <= column.max_length


@each_question
def test_what_a_question_depends_on_is_asked(question):
    names = {each.name for each in VISIT_QUESTIONS.questions}
    names |= {each.opener.name for each in VISIT_QUESTIONS.questions if each.opener}
    for conditions in (question.when, question.once_when, question.needed_when):
        assert {condition.question for condition in conditions} <= names
    for other in (question.fits, question.after, question.until, question.soon_after):
        assert other is None or other.question in names


@each_question
def test_what_must_be_answered_has_an_example_and_safety_is_never_repeated(question):
    if question.needed and question.asked_of != AskedOf.DOOR and VISIT_QUESTIONS.step_of(question).when:
        assert question.example is not None, "made-up visits need an answer"
    if VISIT_QUESTIONS.step_of(question).key == "safety":
        assert not question.repeated and not question.named_last
    assert not question.named_last or question.kind == Kind.CHOICE, "the phone names answers that are chosen"


@each_question
def test_what_a_reader_sees_waits_for_the_language_of_the_page(question):
    texts = [question.label, question.help, question.missing, question.missing_on_phone, question.detail_label,
             question.none, *(text for _conditions, text in question.help_when)]  # fmt: skip
    for other in (question.after, question.until, question.soon_after):
        texts += [other.problem] if other else []
    if question.fits:
        texts += [question.fits.none, question.fits.others]
    if question.opener:
        opener = question.opener
        texts += [opener.label, opener.help, opener.no, opener.yes, opener.unnamed, opener.contrary]
    assert all(isinstance(text, Promise) for text in texts if text != "")
