"""Answers to a visit as values: what the services ask for, and what a visit holds."""

from childwelfare.tables.columns import column_of
from visits.visit.models import Visit

ANSWERS = (
    "visited_on", "method", "outcome", "whereabouts", "next_step", "late_reason",
    "met", "met_relation", "seen_alone", "parent_contact_on",
    "carer", "carer_note", "care", "living", "attendance", "health", "mood", "lives_alone", "hazards", "hazard_note",
    "family_change", "guardian_words", "needs", "help_given", "benefits", "focus", "next_on",
    "latitude", "longitude", "accuracy_m",
)  # fmt: skip


def answers_of(data: dict) -> dict:
    """What ``log_visit`` and ``correct_visit`` ask for, of validated ``data``; what was left out has its default."""
    hazards = data.get("hazards")
    answers = {name: data.get(name, column_of(Visit, name).get_default()) for name in ANSWERS}
    answers["hazards"] = sorted(hazards or [])
    return {"answers": answers, "hazards_looked_at": hazards is not None, "changes": data.get("changes")}


def answers_in(visit: Visit) -> dict:
    """The answers of ``visit`` as ``VisitIn`` takes them; what was left open is left out."""
    answers = {name: getattr(visit, name) for name in ANSWERS}
    return {name: value for name, value in answers.items() if value not in (None, "") and (name != "focus" or value)}
