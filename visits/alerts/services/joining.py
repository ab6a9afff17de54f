"""One danger, one report: an assessment's urgent screen opens a report as soon as it arrives, and the report that was
written beside it on the phone may come after it."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.stale_figures.services import mark_figures_stale
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from visits.alerts import codes
from visits.alerts.models import Alert
from visits.alerts.services.raising import CALL_FIELDS, call_of, check_report, facts_in

ONE_DANGER = datetime.timedelta(hours=24)  # apart from each other, what one person tells of one child is one danger


def key_of_report(assessment: uuid.UUID, *, version: int = 0) -> uuid.UUID:
    """The key of the report that the screen of an assessment opens, or of what it adds to one that is open: once a
    sending. ``version``: of an assessment that was reported before and is sent again with another yes."""
    return uuid.uuid5(assessment, f"urgent report {version}" if version else "urgent report")


def opened_by_screen(child: ChildFile | None, *, by: Appointment) -> Alert | None:
    """The open report that an assessment of ``child`` by the same person opened within ``ONE_DANGER``."""
    if child is None:
        return None
    since = timezone.now() - ONE_DANGER
    urgent = Assessment.objects.filter(child=child, made_by=by.person, sent_at__gte=since).exclude(urgent="")
    sent = urgent.values_list("pk", "version")
    keys = [key_of_report(pk, version=version) for pk, last in sent for version in range(last + 1)]
    return Alert.objects.filter(pk__in=keys, made_by=by.person).open().newest_first().first() if keys else None


def add_to_report(alert: Alert, *, by: Appointment, answers: dict) -> Alert:
    """Write what its writer reports in full into ``alert``, which the screen of an assessment opened: the call that was
    made, and what was seen besides. Whoever signed for it has signed.

    ``answers``: as of ``raise_alert``. Raises PermissionDenied, or ValidationError by field; then nothing is saved.
    """
    if not by.holds("raise_alert"):
        raise PermissionDenied
    facts = facts_in(answers) | {"found_at": answers.get("found_at") or alert.found_at}
    problems: dict[str, list] = {}
    check_report(facts, problems)
    if problems:
        raise ValidationError(problems)
    with transaction.atomic():
        here = Alert.objects.select_for_update().get(pk=alert.pk)
        for name, value in _complete(here, facts).items():
            setattr(here, name, value)
        here.version += 1
        here.save()
        here.events.create(action="call", was=here.state, now=here.state, person=by.person, post=by)
        mark_figures_stale(here.county_id, villages=[here.village_id])
        record_act(by, "call_alert", here)
    return here


def _complete(alert: Alert, facts: dict[str, Any]) -> dict[str, Any]:
    """The columns of ``alert`` with ``facts`` added: nothing that stands there is lost, and a call that is written down
    already stays. Situations were said now: they are shown instead of the question of the screen."""
    situations = {*alert.situations, *facts["situations"]}
    columns: dict[str, Any] = {
        "screened": "",
        "situations": [code for code in codes.Situation.values if code in situations],
        "seen": "\n".join(text for text in (alert.seen, facts["seen"]) if text),
        "where": facts["where"] or alert.where,
        "told_by": facts["told_by"] or alert.told_by,
        "found_at": min(alert.found_at, facts["found_at"]),
    }
    if alert.call not in codes.CALLED:
        columns |= {name: value for name, value in call_of(facts).items() if name in CALL_FIELDS}
    return columns
