from registry.models.category import CategoryMembership
from registry.models.change import Change, ChangeEvent, ChangeField, ChangeState, Verdict
from registry.models.child import ChildFile, ChildFileEvent, FileSerial, FileState
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
from registry.models.saved import SavedView
from registry.models.spell import PastSpell, Spell, SpellEnd, spells_of
from registry.models.transfer import Transfer, TransferEvent, TransferState

__all__ = [
    "CategoryMembership", "Change", "ChangeEvent", "ChangeField", "ChangeState", "ChildFile", "ChildFileEvent",
    "Disclosure", "FamilyMember", "FileSerial", "FileState", "Finding", "FindingDecision", "FindingEvent",
    "FindingKind", "FindingState", "Guardian", "Merge", "Paper", "PaperKind", "PastSpell", "RuleVariant", "SavedView",
    "Spell", "SpellEnd", "Transfer", "TransferEvent", "TransferState", "Verdict", "spells_of",
]  # fmt: skip
