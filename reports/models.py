"""All models of the app, for Django. The code imports them from their concept: ``reports.rollup.models``."""

from reports.amendments.models import Amendment, AmendmentEvent
from reports.crossing.models import CountyCells, VillageMixes
from reports.ledgers.models import OwnTemplate
from reports.periods.models import DeadlineRule, PeriodEvent, ReportingPeriod
from reports.requests.models import DataAnswer, DataAnswerEvent, DataQuestion, DataRequest, DataRequestEvent
from reports.rollup.models import Figure
from reports.snapshots.models import Snapshot, SnapshotPart, SnapshotRoster
from reports.submissions.models import Submission, SubmissionEvent

__all__ = [
    "Amendment",
    "AmendmentEvent",
    "CountyCells",
    "DataAnswer",
    "DataAnswerEvent",
    "DataQuestion",
    "DataRequest",
    "DataRequestEvent",
    "DeadlineRule",
    "Figure",
    "OwnTemplate",
    "PeriodEvent",
    "ReportingPeriod",
    "Snapshot",
    "SnapshotPart",
    "SnapshotRoster",
    "Submission",
    "SubmissionEvent",
    "VillageMixes",
]
