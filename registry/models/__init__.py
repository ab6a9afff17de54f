from registry.models.category import CategoryMembership
from registry.models.child import ChildFile, ChildFileEvent, FileSerial, FileState
from registry.models.eligibility import (
    Finding,
    FindingDecision,
    FindingEvent,
    FindingKind,
    FindingState,
    RuleVariant,
)
from registry.models.people import FamilyMember, Guardian

__all__ = [
    "CategoryMembership", "ChildFile", "ChildFileEvent", "FamilyMember", "FileSerial", "FileState", "Finding",
    "FindingDecision", "FindingEvent", "FindingKind", "FindingState", "Guardian", "RuleVariant",
]  # fmt: skip
