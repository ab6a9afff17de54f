"""Answers to a visit as values: what the services ask for, and what a visit holds."""

from childwelfare.questions.question import Kind
from childwelfare.tables.columns import column_of
from visits.visit.models import Visit
from visits.visit.questions import VISIT_QUESTIONS

ASKED = {question.name for question in VISIT_QUESTIONS.questions}
ANSWERS = tuple(column.name for column in Visit._meta.concrete_fields if column.name in ASKED)


def answers_of(data: dict) -> dict:
    """What ``log_visit`` and ``correct_visit`` ask for, of validated ``data``; what was left out has its default."""
    answers = {name: data.get(name, column_of(Visit, name).get_default()) for name in ANSWERS}
    for question in VISIT_QUESTIONS.questions:
        if question.kind == Kind.SEVERAL:
            answers[question.name] = sorted(answers[question.name] or [])
    looked = data.get("hazards") is not None
    return {"answers": answers, "hazards_looked_at": looked, "changes": data.get("changes")}


def answers_in(visit: Visit) -> dict:
    """The answers of ``visit`` as ``VisitIn`` takes them; what was left open is left out."""
    answers = {}
    for name in ANSWERS:
        value, question = getattr(visit, name), VISIT_QUESTIONS[name]
        if value not in (None, "") and (question.kind != Kind.TICK or value):
            answers[name] = value
    return answers
