"""All models of the app, for Django. The code imports them from their concept: ``registry.categories.models``."""

from registry.assessments.models import Assessment, AssessmentDue, AssessmentEvent
from registry.categories.models import CategoryMembership
from registry.changes.models import Change, ChangeEvent, ChangeField
from registry.child.models import ChildFile, ChildFileEvent, FileSerial
from registry.child.spellings import NameSpelling
from registry.disclosure.models import Disclosure
from registry.family.models import FamilyMember, Guardian
from registry.findings.models import Finding, FindingEvent
from registry.guidance.models import Entrustment, EntrustmentEvent, Guidance
from registry.help_status.models import HelpStatus
from registry.instruments.models import Instrument, InstrumentEvent, Rescored, TriedOut, TryOut
from registry.lists.models import SavedView
from registry.meetings.models import Meeting, MeetingItem
from registry.merging.models import Merge
from registry.needs.models import Need, NeedEvent, NeedStep
from registry.papers.models import Paper
from registry.periods.models import PastPeriod
from registry.plans.models import Goal, Plan, PlanEvent, PlanReview
from registry.quality.models import FileIssue
from registry.status.models import ChildStatus
from registry.stays.models import Stay, StayEvent
from registry.transfers.models import Transfer, TransferEvent
from registry.twins.models import NotTheSame, NotTheSameTakenBack
from registry.variants.models import RuleVariant

__all__ = [
    "Assessment",
    "AssessmentDue",
    "AssessmentEvent",
    "CategoryMembership",
    "Change",
    "ChangeEvent",
    "ChangeField",
    "ChildFile",
    "ChildFileEvent",
    "ChildStatus",
    "Disclosure",
    "Entrustment",
    "EntrustmentEvent",
    "FamilyMember",
    "FileIssue",
    "FileSerial",
    "Finding",
    "FindingEvent",
    "Goal",
    "Guardian",
    "Guidance",
    "HelpStatus",
    "Instrument",
    "InstrumentEvent",
    "Meeting",
    "MeetingItem",
    "Merge",
    "NameSpelling",
    "Need",
    "NeedEvent",
    "NeedStep",
    "NotTheSame",
    "NotTheSameTakenBack",
    "Paper",
    "PastPeriod",
    "Plan",
    "PlanEvent",
    "PlanReview",
    "Rescored",
    "RuleVariant",
    "SavedView",
    "Stay",
    "StayEvent",
    "Transfer",
    "TransferEvent",
    "TriedOut",
    "TryOut",
]
