"""Examples in the API's description of what phones send."""

import datetime
import uuid

from django.utils import timezone

from childwelfare.demo.examples import NAMESPACE
from visits.visit.answers import ANSWERS
from visits.visit.questions import VISIT_QUESTIONS

PICTURE = (  # the smallest of JPEGs
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAP//////////////////"
    "////////////////////////////////////////////////////////////////////2wBDAf//////////////////////////"
    "////////////////////////////////////////////////////////////wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAA"
    "AAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAQL/xAAUEQEAAAAAAAAAAAAAAAAA"
    "AAAA/9oADAMBAAIRAxEAPwCQAt//2Q=="
)


def example_answers(on: datetime.date | None = None) -> dict:
    """Answers of a visit that met the child yesterday."""
    on = on or timezone.localdate() - datetime.timedelta(days=1)
    answers: dict = {"visited_on": on.isoformat()}
    for name in ANSWERS:
        example = VISIT_QUESTIONS[name].example
        if example is not None:
            answers[name] = example
    return answers


def envelope_id(kind: str, payload: str) -> uuid.UUID:
    """The id of an item with this payload: another day's example is another item."""
    return uuid.uuid5(NAMESPACE, f"{kind}\n{payload}")
