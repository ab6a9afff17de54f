"""What the urgent screen of an assessment leads to: an urgent report, at the moment of sending."""

from orgs.posts.models import Appointment
from registry.assessments.models import Assessment
from registry.signals import danger_assessed


def tell_of_danger(assessment: Assessment, *, by: Appointment, said: tuple[str, str] = ("", "")) -> None:
    """Have an urgent report opened where the screen found danger, or what it found added to the one that is open, and
    keep its key. Called inside the transaction that sends it.

    ``said``: the question with the yes, and the words beside it, as they were sent before: nobody is told the same
    twice, and whoever deals with the report is told where there is no yes any more.
    """
    if (assessment.urgent, assessment.danger_words) == said or not (assessment.urgent or said[0]):
        return
    screen = assessment.instrument.content.screen
    situation = next((question.situation for question in screen if question.key == assessment.urgent), "")
    told = danger_assessed.send(Assessment, child=assessment.child, assessment=assessment, by=by, situation=situation)
    assessment.urgent_report = next((key for _receiver, key in told if key), None)
    assessment.save(update_fields=["urgent_report"])
