"""Signal receivers: the urgent screen of an assessment opens an urgent report, in the assessment's transaction."""

import uuid
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from childwelfare.text.language import kept_for_others
from orgs.posts.models import Appointment
from registry import signals
from registry.child.models import ChildFile
from visits.alerts import codes
from visits.alerts.models import Alert, screened_in_words
from visits.alerts.services.handling import add_step
from visits.alerts.services.joining import key_of_report
from visits.alerts.services.raising import may_act, raise_alert, raised_by


@receiver(signals.danger_assessed, dispatch_uid="report_assessed_danger")
def report_danger(
    sender: Any, child: ChildFile, assessment: Any, by: Appointment, situation: str, **_signal: Any
) -> uuid.UUID:
    """The key of the report that is open of the child, else of a new one: who assessed is led to it to complete the
    call to 110. Its key follows from the assessment's, so that an assessment opens one at most."""
    open_already = Alert.objects.filter(child=child).open().newest_first().first()
    if open_already:
        _add_words(open_already, assessment, by)
        return open_already.pk
    asked = _question(assessment)
    with kept_for_others():
        found = _("评估的紧急筛查：%(what)s") % {"what": screened_in_words(asked)}
    seen = "\n".join(text for text in (found, assessment.danger_words) if text)
    known = situation if situation in codes.Situation.values else codes.Situation.OTHER
    answers = {
        "child": child.pk, "village": None, "situations": [known], "seen": seen, "call": codes.Call.NOT_SAID,
    }  # fmt: skip
    return raise_alert(by=by, answers=answers, pk=key_of_report(assessment.pk), screened=asked).pk


def _add_words(alert: Alert, assessment: Any, by: Appointment) -> None:
    """What the assessor wrote of the danger stands with the report that is open already, where she may add to it."""
    if assessment.danger_words and (raised_by(by, alert) or may_act("handle_alert", by, alert)):
        add_step(alert, by=by, kind=codes.StepKind.NEWS, text=assessment.danger_words, pk=key_of_report(assessment.pk))


def _question(assessment: Any) -> str:
    """What the screen asked, in the words of the assessment system."""
    screen = assessment.instrument.content.screen
    return next((question.text for question in screen if question.key == assessment.urgent), "")
