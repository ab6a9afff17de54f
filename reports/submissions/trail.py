"""What the audit trail keeps of reporting besides who did what: enough that every row can be held against it
(reports.verification). Whoever owns the database can write other rows; the trail's seals he can't renew."""

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.periods.models import ReportingPeriod
from reports.submissions.models import Submission, SubmissionEvent

# how the auditor's page calls the details
NAMES = {
    "event": _("经过的校验码"),
    "valid": _("有效的那份的校验码"),
    "due_on": _("截止日期"),
    "nominal": _("原定截止日期"),
    "lifted": _("随之顺延的上级期限"),
    "own": _("另有期限的"),
    "unmoved": _("期限没有随之调整的"),
    "days": _("期限的规则"),
    "on_time": _("按时"),
    "at": _("时间"),
    "definitions": _("口径的校验码"),
}


def told_of_move(submission: Submission, event: SubmissionEvent, lifted: Iterable[Submission] = ()) -> dict[str, Any]:
    """Of ``event``, the last move of ``submission``: the figures it is about, the event as a whole, and how the row
    stands after it; ``lifted``: those above that have longer by it."""
    told: dict[str, Any] = {
        "period": submission.period.key,
        "event": event.hash,
        "valid": submission.approved.hash if submission.approved else "",
        "due_on": submission.due_on,
        "nominal": submission.nominal_due_on,
    }
    if later := {str(row.pk): row.due_on.isoformat() for row in lifted}:
        told["lifted"] = later
    if event.snapshot:
        told["hash"] = event.snapshot.hash
    if submission.on_time is not None:
        told["on_time"] = submission.on_time
    return told


def told_of_nothing(
    period: ReportingPeriod, events: Iterable[SubmissionEvent], at: datetime.datetime
) -> dict[str, Any]:
    """Of the villages of a county that had nothing to report and said so ``at`` one moment; each event with its
    snapshot."""
    told = list(events)
    return {
        "period": period.key,
        "count": len(told),
        "hash": digest_of(event.snapshot.hash for event in told if event.snapshot),
        "event": digest_of(event.hash for event in told),
        "at": in_utc(at),
    }


def told_of_opening(period: ReportingPeriod) -> dict[str, Any]:
    days = {"deadlines": period.deadlines.in_order(), "days": period.days}
    return {"period": period.key, "definitions": period.definitions, **days}


def told_of_look(submission: Submission, at: datetime.datetime) -> dict[str, Any]:
    """That the tier above has it before it since ``at``."""
    return {"period": submission.period.key, "at": in_utc(at)}


def told_of_expected(period: ReportingPeriod) -> dict[str, Any]:
    """Who is expected to report, and to whom. One query."""
    rows = Submission.objects.filter(period=period).values_list("unit__uid", "above__uid")
    pairs = [f"{unit}>{above}" for unit, above in rows]
    return {"period": period.key, "count": len(pairs), "hash": digest_of(pairs)}


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 of ``texts``, whatever their order."""
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()


def in_utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")
