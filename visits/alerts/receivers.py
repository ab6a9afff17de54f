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
from visits.alerts.services.handling import add_news
from visits.alerts.services.joining import key_of_report
from visits.alerts.services.raising import raise_alert


@receiver(signals.danger_assessed, dispatch_uid="report_assessed_danger")
def report_danger(
    sender: Any, child: ChildFile, assessment: Any, by: Appointment, situation: str, **_signal: Any
) -> uuid.UUID | None:
    """The key of the report that is open of the child, else of a new one: who assessed is led to it to complete the
    call to 110. What the screen found, and what was written beside it, always stands in the report; its key follows
    from the assessment's, so that a sending opens one at most."""
    standing = _open_report(child, assessment)
    if standing is None and not assessment.urgent:
        return assessment.urgent_report
    asked = _question(assessment)
    told = "\n".join(text for text in (_found(assessment, asked), assessment.danger_words) if text)
    key = key_of_report(assessment.pk, version=assessment.version if assessment.urgent_report else 0)
    if standing:
        add_news(standing, by=by, text=told, pk=key)
        return standing.pk
    known = situation if situation in codes.Situation.values else codes.Situation.OTHER
    named = assessment.sent_for_id or child.pk  # by its key a parting of two files gives the report back as well
    answers = {
        "child": named, "village": None, "situations": [known], "seen": told, "call": codes.Call.NOT_SAID,
    }  # fmt: skip
    return raise_alert(by=by, answers=answers, pk=key, screened=asked).pk


def _open_report(child: ChildFile, assessment: Any) -> Alert | None:
    """The one that the assessment led to before, else the newest; held, for the file is held before."""
    found = list(Alert.objects.select_for_update().filter(child=child).open().newest_first())
    return next((alert for alert in found if alert.pk == assessment.urgent_report), found[0] if found else None)


def _found(assessment: Any, asked: str) -> str:
    """What the screen found, in the language of the installation."""
    with kept_for_others():
        if not assessment.urgent:
            return _("评估改过又报：紧急筛查里没有一题再答“是”。")
        return _("评估的紧急筛查：%(what)s") % {"what": screened_in_words(asked)}


def _question(assessment: Any) -> str:
    """What the screen asked, in the words of the assessment system."""
    screen = assessment.instrument.content.screen
    return next((question.text for question in screen if question.key == assessment.urgent), "")
