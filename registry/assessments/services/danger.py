"""What the urgent screen of an assessment leads to: an urgent report, at the moment of sending."""

from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.signals import danger_assessed


def tell_of_danger(assessment: Assessment, *, by: Appointment) -> None:
    """Have an urgent report opened where the screen found danger, and keep its key; once an assessment. Called inside
    the transaction that sends it."""
    if not assessment.urgent or assessment.urgent_report:
        return
    screen = assessment.instrument.content.screen
    situation = next(question.situation for question in screen if question.key == assessment.urgent)
    told = danger_assessed.send(Assessment, child=assessment.child, assessment=assessment, by=by, situation=situation)
    assessment.urgent_report = next((key for _receiver, key in told if key), None)
    assessment.save(update_fields=["urgent_report"])
