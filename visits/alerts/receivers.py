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
from visits.alerts.models import Alert
from visits.alerts.services.joining import key_of_report
from visits.alerts.services.raising import raise_alert


@receiver(signals.danger_assessed, dispatch_uid="report_assessed_danger")
def report_danger(
    sender: Any, child: ChildFile, assessment: Any, by: Appointment, situation: str, **_signal: Any
) -> uuid.UUID:
    """The key of the report that is open of the child, else of a new one: who assessed is led to it to complete the
    call to 110. Its key follows from the assessment's, so that an assessment opens one at most."""
    open_already = Alert.objects.filter(child=child).open().newest_first().first()
    if open_already:
        return open_already.pk
    with kept_for_others():
        seen = _("评估的紧急筛查发现：%(what)s") % {"what": _question(assessment)}
    known = situation if situation in codes.Situation.values else codes.Situation.OTHER
    answers = {
        "child": child.pk, "village": None, "situations": [known], "seen": seen, "call": codes.Call.NOT_SAID,
    }  # fmt: skip
    return raise_alert(by=by, answers=answers, pk=key_of_report(assessment.pk)).pk


def _question(assessment: Any) -> str:
    """What the screen asked, in the words of the assessment system."""
    screen = assessment.instrument.content.screen
    return next((question.text for question in screen if question.key == assessment.urgent), "")
