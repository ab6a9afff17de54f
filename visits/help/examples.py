"""Examples in the API's description of what phones send of help."""

import datetime

from django.utils import timezone

from registry.instruments.definition import NO
from registry.instruments.example import EXAMPLE


def example_assessment() -> dict:
    """Answers of an assessment of yesterday by the example system, in which nothing is wrong."""
    answers = {each.key: [] if each.several else each.answers[0].key for each in EXAMPLE.indicators()}
    return {
        "occasion": "changed",
        "assessed_on": (timezone.localdate() - datetime.timedelta(days=1)).isoformat(),
        "screen": {question.key: NO for question in EXAMPLE.screen},
        "answers": answers,
    }
