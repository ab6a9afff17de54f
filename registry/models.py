from registry.models.category import CategoryMembership
from registry.models.change import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.models.child import HOSTED, ChildFile, ChildFileEvent, FileSerial, FileState
from registry.models.disclosure import Disclosure
from registry.models.eligibility import (
    Finding,
    FindingDecision,
    FindingEvent,
    FindingKind,
    FindingState,
    RuleVariant,
)
from registry.models.merge import Merge
from registry.models.papers import Paper, PaperKind
from registry.models.people import FamilyMember, Guardian
from registry.models.quality import FileIssue
from registry.models.saved import SavedView
from registry.models.spell import PastSpell, Spell, SpellEnd, spells_of
from registry.models.stay import Stay, StayEnd, may_open, stay_of
from registry.models.transfer import Transfer, TransferEvent, TransferState

__all__ = [
    "HOSTED", "CategoryMembership", "Change", "ChangeEvent", "ChangeField", "ChangeState", "ChildFile",
    "ChildFileEvent", "Disclosure", "FamilyMember", "FileIssue", "FileSerial", "FileState", "Finding",
    "FindingDecision", "FindingEvent", "FindingKind", "FindingState", "Guardian", "Merge", "Paper", "PaperKind",
    "PastSpell", "RuleVariant", "SavedView", "Spell", "SpellEnd", "Stay", "StayEnd", "Transfer", "TransferEvent",
    "TransferState", "Verdict", "may_open", "spells_of", "stay_of",
]  # fmt: skip
